// Reports for people: grouped by file, the source with the place underlined, and the counts at the end.

import { withRepeats } from "../../repeats.js";
import { counted } from "../output.js";
import { safe, terminal, widthOf, wrap } from "../terminal.js";
import { excerpt } from "./excerpt.js";
import { region } from "./place.js";

const STYLES = { fatal: ["red", "bold"], error: ["red", "bold"], warning: ["yellow", "bold"], information: ["cyan", "bold"] };

/** How each verdict is marked. */
const SIGNS = { valid: ["✓", "green"], warned: ["!", "yellow"], invalid: ["✗", "red"], "not-fully-checked": ["?", "yellow"] };

/** From how many issues on it is said which rules are most frequent. */
const MANY = 20;

/** How many rules are named among the most frequent. */
const FREQUENT = 6;

export function textPrinter({ least, quiet, isAfterBaseline, term = terminal(process.stdout) }) {
  const { paint } = term;
  const count = { files: 0, valid: 0, invalid: 0, "not-fully-checked": 0, error: 0, warning: 0, information: 0, hidden: 0 };
  const byRule = new Map();
  const unchecked = new Map();
  let gap = "";
  return {
    file: (result) => {
      const { issues } = result;
      count.files += 1;
      count.hidden += result.hidden ?? 0;
      for (const { system, subject, reason } of result.unchecked) {
        const what = result.redacted ? "" : system || subject || reason;
        unchecked.set(what, (unchecked.get(what) ?? 0) + 1);
      }
      const own = { error: 0, warning: 0, information: 0 };
      for (const { severity, rule } of [...issues, ...(result.beyond ?? [])]) {
        own[severity === "fatal" ? "error" : severity] += 1;
        byRule.set(rule, (byRule.get(rule) ?? 0) + 1);
      }
      for (const severity of Object.keys(own)) count[severity] += own[severity];
      const name = paint("bold", safe(result.line ? `${result.file}:${result.line}` : result.file));
      const { verdict } = result;
      count[verdict] += 1;
      const [sign, style] = SIGNS[verdict === "valid" && own.warning > 0 ? "warned" : verdict];
      const why = safe(result.reason.replace(/\.$/, ""));
      const head = `${paint(style, sign)} ${name}: ${why[0].toLowerCase()}${why.slice(1)}\n`;
      if (issues.length === 0) {
        // With a baseline only what is new is to be read.
        if (isAfterBaseline && !(result.beyond?.length > 0)) return "";
        if (quiet && verdict === "valid") return "";
        // Names alone stand together; there is an empty line before whatever follows them.
        gap = "\n";
        return head;
      }
      const about = (scope) => grouped(withRepeats(issues.filter((issue) => issue.scope === scope))).map((group) => block(result, group, term));
      const blocks = about();
      const exchange = about("exchange");
      if (exchange.length > 0) blocks.push(`${paint("bold", "  By the rules of documents and messages")}\n`, ...exchange);
      const before = gap;
      gap = "";
      return `${before}${head}\n${blocks.join("\n")}\n`;
    },
    end: () => gap + summary(count, byRule, unchecked, least, term),
  };
}

/** Issues that follow each other and are about the same characters share an excerpt. */
function grouped(all) {
  const groups = [];
  for (const one of all) {
    const { issue } = one;
    const last = groups.at(-1)?.[0].issue;
    if (last && last.offset === issue.offset && last.length === issue.length && last.expression === issue.expression) {
      groups.at(-1).push(one);
    } else groups.push([one]);
  }
  return groups;
}

/** How many of the further places of a fault are named. */
const PLACES = 3;

/** Where else the same is found: how often, and the first places. */
function elsewhere(result, others) {
  if (others.length === 0) return undefined;
  const places = others.slice(0, PLACES).map((issue) => {
    const { line, column } = region(result, issue);
    return `${line}:${column}${issue.expression && ` ${issue.expression}`}`;
  });
  const more = others.length > PLACES ? ", …" : "";
  return `and ${counted(others.length, "more place")}: ${places.join(", ")}${more}`;
}

function block(result, group, term) {
  const issues = group.map(({ issue }) => issue);
  const [first] = issues;
  const { line, column } = region(result, first);
  const margin = " ".repeat(String(line).length);
  const bar = (sign) => term.paint("blue", sign);
  const lines = issues.flatMap(({ severity, message }) => {
    const indent = severity.length + 4;
    const parts = wrap(safe(message), term.prose - indent, term.width - indent);
    return parts.map((part, at) => (at === 0 ? `  ${term.paint(STYLES[severity], severity)}  ` : " ".repeat(indent)) + part);
  });
  const place = `${safe(result.file)}:${line}:${column}`;
  const expression = fitted(safe(first.expression), term.width - widthOf(place) - margin.length - 8);
  lines.push(`  ${margin} ${bar("╭─")} ${place}${expression && `  ${term.paint("bold", expression)}`}`);
  const source = result.text && !result.redacted ? excerpt(result.text(), first, term.width - margin.length - 5) : undefined;
  if (source) {
    lines.push(`  ${bar(`${line} │`)} ${source.line}`);
    lines.push(`  ${margin} ${bar("│")} ${source.indent}${term.paint(STYLES[first.severity][0], source.mark)}`);
  }
  const details = group.flatMap(({ issue, others }) => [detailsOf(issue), elsewhere(result, others)]).filter(Boolean);
  details.forEach((detail, at) => {
    const last = at === details.length - 1;
    const parts = wrap(safe(detail), term.width - margin.length - 6);
    parts.forEach((part, n) => {
      const sign = n > 0 ? (last ? "  " : "│ ") : last ? "╰─" : "├─";
      lines.push(`  ${margin} ${bar(sign)} ${term.paint("dim", part)}`);
    });
  });
  return lines.map((text) => `${text.trimEnd()}\n`).join("");
}

/** The end of an expression says more than its beginning. */
function fitted(text, width) {
  if (widthOf(text) <= Math.max(width, 20)) return text;
  return `…${text.slice(-Math.max(width, 20) + 1)}`;
}

/** The rule, and who asks for it: the profile, and the element in it with its slice. FHIR's own types ask for no more. */
function detailsOf({ rule, profile, definition = "", expression }) {
  const [root] = definition.split(".");
  const own = profile !== `http://hl7.org/fhir/StructureDefinition/${root}`;
  const element = own && definition !== expression.replace(/\[\d+\]/g, "") && definition;
  const slice = definition.split(".").findLast((part) => part.includes(":"))?.replace(/^[^:]*:/, "");
  const asked = element && slice ? `${element} (slice ${slice})` : element;
  return [rule, own && profile, asked].filter(Boolean).join(" · ");
}

function summary(count, byRule, unchecked, least, { paint, width, isTTY }) {
  const number = (count) => count.toLocaleString("en-GB");
  const verdicts = [
    count.valid > 0 && `${number(count.valid)} valid`,
    count.invalid > 0 && `${number(count.invalid)} invalid`,
    count["not-fully-checked"] > 0 && `${number(count["not-fully-checked"])} not fully checked`,
  ].filter(Boolean);
  const parts = [
    [count.error > 0 ? ["red", "bold"] : "green", counted(count.error, "error")],
    [count.warning > 0 ? ["yellow", "bold"] : [], counted(count.warning, "warning")],
    [[], `${number(count.information)} information in ${counted(count.files, "resource")}${verdicts.length > 0 ? `: ${verdicts.join(", ")}` : ""}.`],
  ];
  const fits = widthOf(parts.map(([, text]) => text).join(", ")) <= width;
  const lines = parts.flatMap(([style, text]) => wrap(text, width).map((line) => paint(style, line)));
  if (fits) lines.splice(0, lines.length, parts.map(([style, text]) => paint(style, text)).join(", "));
  const note = (text) => lines.push(...wrap(safe(text), width).map((line) => paint("dim", line)));
  if (byRule.size > 1 && count.error + count.warning + count.information > MANY) note(`Most frequent: ${ranked(byRule)}.`);
  if (count.hidden > 0) note(`${counted(count.hidden, "issue")} below '${least}' ${count.hidden === 1 ? "is" : "are"} not shown.`);
  const open = [...unchecked.values()].reduce((sum, number) => sum + number, 0);
  if (open > 0) {
    unchecked.delete("");
    const about = unchecked.size > 0 ? `: ${ranked(unchecked)}. --format json lists what and why` : "";
    note(`${counted(open, "check")} could not be decided offline${about}.`);
  }
  if (isTTY && byRule.size > 0) note("careconnect --explain RULE says what a rule is about.");
  return `${lines.join("\n")}\n`;
}

function ranked(counts) {
  const sorted = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  const shown = sorted.slice(0, FREQUENT).map(([name, number]) => `${name} (${number.toLocaleString("en-GB")})`);
  if (sorted.length > FREQUENT) shown.push("…");
  return shown.join(", ");
}
