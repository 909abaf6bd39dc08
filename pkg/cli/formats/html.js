// A page for people who do not program, which serves as evidence of what was checked and how: the inputs with their hashes, what
// they were checked by, what was found, and what was not checked. It is one file without script, looks nothing up, and is the
// same for the same inputs and settings. Of what a resource holds it has no more than the issues quote.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { withRepeats } from "../../repeats.js";
import { about, counted } from "../output.js";
import { rules } from "../rules.js";
import { safe } from "../terminal.js";
import { region } from "./place.js";

const VERDICTS = { invalid: "Invalid", "not-fully-checked": "Not fully checked", valid: "Valid" };
const MEANINGS = {
  invalid: "breaks at least one rule that must be kept, or could not be read",
  "not-fully-checked": "no error was found, but something could not be checked",
  valid: "everything was checked and there is no error",
};
const SEVERITIES = { fatal: "Cannot be read", error: "Error", warning: "Warning", information: "Information" };

/** How many places of a fault are listed. */
const PLACES = 20;

const escapes = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const h = (text) => safe(String(text)).replace(/[&<>"]/g, (character) => escapes[character]);
const number = (count) => count.toLocaleString("en-GB");
const hash = (bytes) => createHash("sha256").update(bytes).digest("hex");

export function htmlPrinter(context) {
  const counts = { resources: 0, invalid: 0, "not-fully-checked": 0, valid: 0, fatal: 0, error: 0, warning: 0, information: 0, known: 0, hidden: 0, beyond: 0 };
  const seen = new Map();
  const suppressed = [];
  const sections = [];
  return {
    file: (result) => {
      counts.resources += 1;
      counts[result.verdict] += 1;
      counts.known += result.known ?? 0;
      counts.hidden += result.hidden ?? 0;
      counts.beyond += result.beyond?.length ?? 0;
      for (const { severity } of [...result.issues, ...(result.beyond ?? [])]) counts[severity] += 1;
      for (const url of result.profiles) seen.set(url, (seen.get(url) ?? 0) + 1);
      for (const one of result.suppressed ?? []) suppressed.push({ ...one, result });
      sections.push(section(result, counts.resources));
      return "";
    },
    // The counts stand first, so that nothing is printed before all is known.
    end: () => page(context, counts, seen, suppressed, sections),
  };
}

const nameOf = ({ file, line }) => `${file === "-" ? "standard input" : file}${line ? `, line ${line}` : ""}`;

function section(result, at) {
  const { verdict, issues, unchecked, profiles } = result;
  const parts = [];
  parts.push(`<section aria-labelledby="r${at}">\n<h3 id="r${at}">${h(nameOf(result))}</h3>\n`);
  parts.push(`<p class="verdict ${verdict}">${h(result.reason).replace(/^[^:]*:/, "<strong>$&</strong>")}</p>\n`);
  if (result.hash) {
    parts.push(`<dl><dt>SHA-256</dt><dd><code>${result.hash()}</code></dd><dt>Size</dt><dd>${counted(result.bytes().length, "byte")}</dd>`);
    if (profiles.length > 0) parts.push(`<dt>Checked against</dt><dd><ul>${profiles.map((url) => `<li>${h(url)}</li>`).join("")}</ul></dd>`);
    parts.push("</dl>\n");
  }
  if (issues.length > 0) parts.push(issueTable(result));
  if (result.beyond?.length > 0) parts.push(`<p>${counted(result.beyond.length, "more issue")} not listed.</p>\n`);
  if (unchecked.length > 0) parts.push(uncheckedTable(unchecked));
  parts.push("</section>\n");
  return parts.join("");
}

function issueTable(result) {
  const rows = withRepeats(result.issues).map(({ issue, others }) => {
    const places = [issue, ...others].slice(0, PLACES).map((one) => {
      const { line, column } = region(result, one);
      return `<li>line ${line}, column ${column}${one.expression ? `: <code>${h(one.expression)}</code>` : ""}</li>`;
    });
    const more = others.length + 1 - places.length;
    if (more > 0) places.push(`<li>and ${counted(more, "more place")}</li>`);
    const by = issue.profile ? `<p class="by">Asked for by ${h(issue.profile)}</p>` : "";
    const hint = issue.hint && !result.redacted ? `<p class="by">${h(issue.hint)}</p>` : "";
    return (
      `<tr><td class="${issue.severity}">${SEVERITIES[issue.severity]}</td><td>${h(issue.message)}${hint}${by}</td>` +
      `<td><ul class="plain">${places.join("")}</ul></td><td><code>${h(issue.rule)}</code></td></tr>`
    );
  });
  return table(`What was found (${number(result.issues.length)})`, ["How bad", "What is wrong, and how to put it right", "Where", "Rule"], rows);
}

function uncheckedTable(unchecked) {
  const groups = new Map();
  for (const { kind, system, subject, reason } of unchecked) {
    const key = JSON.stringify([kind, system || subject || "", reason]);
    groups.set(key, (groups.get(key) ?? 0) + 1);
  }
  const rows = [...groups].map(([key, count]) => {
    const [kind, what, reason] = JSON.parse(key);
    return `<tr><td>${h(kind)}</td><td>${h(what)}</td><td>${h(reason)}</td><td class="number">${number(count)}</td></tr>`;
  });
  return table(`What was not checked (${number(unchecked.length)})`, ["What", "Which", "Why", "How often"], rows);
}

/** A table that scrolls within itself where it is too wide, with the keyboard too. */
function table(caption, heads, rows) {
  const head = heads.map((text) => `<th scope="col">${text}</th>`).join("");
  return (
    `<div class="wide" tabindex="0" role="region" aria-label="${h(caption)}"><table>\n<caption>${h(caption)}</caption>\n` +
    `<thead><tr>${head}</tr></thead>\n<tbody>\n${rows.join("\n")}\n</tbody></table></div>\n`
  );
}

/** What the definitions are that come with the package: each pack with its version and hash. */
function packRows({ packs = "chosen" }) {
  const at = (path) => new URL(`../../dist/${path}`, import.meta.url);
  const own = JSON.parse(readFileSync(at("packs.json")));
  const isUsed = (name) => packs === "chosen" || packs === "all" || packs.includes("all") || packs.includes(name);
  const rows = own
    .filter(({ name }) => isUsed(name))
    .map(({ name, version }) => `<tr><td>${h(name)}</td><td>${h(version)}</td><td><code>${hash(readFileSync(at(`packs/${name}.pack`)))}</code></td></tr>`);
  const names = new Set(own.map(({ name }) => name));
  const others = Array.isArray(packs) ? packs.filter((pack) => pack !== "all" && !names.has(pack)) : [];
  return [...rows, ...others.map((pack) => `<tr><td>${h(pack)}</td><td>a pack of your own</td><td>${fileHash(pack)}</td></tr>`)];
}

function fileHash(path) {
  try {
    return `<code>${hash(readFileSync(path))}</code>`;
  } catch {
    return "not worked out";
  }
}

function rulesPart({ settings, sections }) {
  const all = rules();
  const changed = Object.entries(settings.options.rules ?? {});
  const off = changed.filter(([, level]) => level === "off");
  const on = all.length - off.length;
  const parts = [`<p>${number(on)} of ${counted(all.length, "rule")} were on${off.length > 0 ? "; those that were off are listed here" : ""}.</p>\n`];
  if (changed.length > 0) {
    const usual = new Map(all.map(({ rule, severity }) => [rule, severity]));
    const rows = changed.map(([rule, level]) => `<tr><td><code>${h(rule)}</code></td><td>${h(usual.get(rule))}</td><td>${h(level)}</td></tr>`);
    parts.push(table("Rules whose severity was changed", ["Rule", "Usually", "In this run"], rows));
  }
  const overrides = settings.sections.overrides;
  if (overrides.length > 0) {
    const rows = overrides.map(({ paths, types, rules = {}, profiles = [], unknownExtensions, testNumbers, workflow }) => {
      const say = [
        ...Object.entries(rules).map(([rule, level]) => `${rule}: ${level}`),
        ...profiles.map((url) => `profile ${url}`),
        unknownExtensions && `unknown extensions: ${unknownExtensions}`,
        testNumbers !== undefined && `test numbers reported: ${testNumbers ? "yes" : "no"}`,
        workflow && `workflow ${workflow}`,
      ].filter(Boolean);
      return `<tr><td>${h(paths?.join(", ") ?? "all files")}</td><td>${h(types?.join(", ") ?? "all types")}</td><td>${h(say.join("; "))}</td></tr>`;
    });
    parts.push(table("What was different for some files or types", ["Files", "Types", "What"], rows));
  }
  const used = sections.suppressions;
  if (used.length > 0) {
    const rows = used.map(({ rule, paths, types, expression, reason, until, isOver, count }) => {
      const where = [paths?.join(", "), types?.join(", "), expression].filter(Boolean).join("; ") || "everywhere";
      const state = isOver ? `over since ${until}, so not in force` : until ? `until ${until}` : "";
      return `<tr><td><code>${h(rule)}</code></td><td>${h(where)}</td><td>${h(reason)}${state ? ` (${h(state)})` : ""}</td><td class="number">${number(count)}</td></tr>`;
    });
    parts.push(table("Findings that were suppressed, with the reasons given", ["Rule", "Where", "Reason", "How often"], rows));
  }
  return parts.join("");
}

function page(context, counts, seen, suppressed, sections) {
  const { settings, failOn } = context;
  const { name, version } = about();
  const { options } = settings;
  const words = Object.keys(VERDICTS).map((verdict) => `<li class="${verdict}"><strong>${number(counts[verdict])}</strong> ${VERDICTS[verdict].toLowerCase()}: ${MEANINGS[verdict]}</li>`);
  const errors = counts.fatal + counts.error;
  const notReported = [
    counts.hidden > 0 && `${counted(counts.hidden, "issue")} less severe than '${h(context.least)}', which was the least that was asked for`,
    counts.known > 0 && `${counted(counts.known, "issue")} recorded in the baseline${settings.baseline.read ? ` '${h(settings.baseline.read)}'` : ""}, which were there before`,
    suppressed.length > 0 && `${counted(suppressed.length, "issue")} suppressed by the configuration, each for a reason that is given below`,
    counts.beyond > 0 && `${counted(counts.beyond, "issue")} beyond the number that was asked for`,
    settings.exclude.left.count > 0 && `${counted(settings.exclude.left.count, "file")} left out by a pattern: ${h(settings.exclude.patterns.join(", "))}`,
  ].filter(Boolean);
  const asked = [
    ["Least severity that is shown", context.least],
    ["What fails the run", failOn],
    ["Profiles asked for", options.profiles.join(", ")],
    ...Object.entries(options.profilesFor ?? {}).map(([type, urls]) => [`Profiles asked of every ${type}`, urls.join(", ")]),
    ["Day to judge by", options.today ?? "none, so that nothing is said to be in the future"],
    ["Extensions that no definition describes", options.unknownExtensions === "error" ? "errors" : "allowed, and not checked"],
    ["NHS numbers for tests reported", options.testNumbers ? "yes" : "no"],
    ["MESH workflow id", options.workflow],
    ["What resources hold is quoted", context.redact ? "no" : "only as far as an issue needs it"],
  ].filter(([, value]) => value);
  const definitions = context.definitions.map(({ file, text }) => `<li>${h(file)}, SHA-256 <code>${hash(text())}</code></li>`);
  const wasm = hash(readFileSync(new URL("../../dist/careconnect.wasm", import.meta.url)));
  const profileRows = [...seen].sort(([a], [b]) => (a < b ? -1 : 1)).map(([url, count]) => `<tr><td>${h(url)}</td><td class="number">${number(count)}</td></tr>`);
  return `<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>What was checked and found: ${counted(counts.resources, "resource")}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Conformance report</h1>
<p>${counted(counts.resources, "FHIR STU3 resource")} checked by ${h(name)} ${h(version)}: ${counted(errors, "error")}, ${counted(counts.warning, "warning")}, ${number(counts.information)} information.</p>
<ul class="verdicts">
${words.join("\n")}
</ul>
${notReported.length > 0 ? `<h2>What is not in this report</h2>\n<ul>\n${notReported.map((text) => `<li>${text}.</li>`).join("\n")}\n</ul>\n` : ""}<p>It says how far the resources keep the rules of FHIR and of the profiles named here, as far as these can be checked without asking anybody else. It does not say that what they record is true.</p>
<h2>Results</h2>
${sections.join("") || "<p>Nothing was checked.</p>\n"}<h2>How it was checked</h2>
<h3>Settings</h3>
<dl>
${asked.map(([name, value]) => `<dt>${h(name)}</dt><dd>${h(value)}</dd>`).join("\n")}
</dl>
<h3>Program and definitions</h3>
<dl>
<dt>Package</dt><dd>${h(name)} ${h(version)}</dd>
<dt>Core</dt><dd>${h(context.version)}, SHA-256 <code>${wasm}</code></dd>
${definitions.length > 0 ? `<dt>Definitions of your own</dt><dd><ul>${definitions.join("")}</ul></dd>\n` : ""}</dl>
${settings.packs ? "" : "<p>Of these packs each resource was checked by those that it needs.</p>\n"}${table("Packs of definitions", ["Pack", "Version", "SHA-256"], packRows(settings))}${profileRows.length > 0 ? table("Profiles that resources were checked against", ["Profile", "Resources"], profileRows) : ""}<h3>Rules</h3>
${rulesPart(context)}</main>
</body>
</html>
`;
}

const STYLE = `
:root{color-scheme:light dark;--ink:#212b32;--soft:#4c6272;--paper:#fff;--line:#768692;--bad:#a8201a;--warn:#7a4b00;--good:#00603a;--info:#003d78}
@media(prefers-color-scheme:dark){:root{--ink:#f0f4f5;--soft:#c8d3da;--paper:#16191b;--line:#8a9ba8;--bad:#ff9d96;--warn:#ffcf70;--good:#7fdcaf;--info:#9ecbff}}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
main{max-width:70rem;margin:0 auto;padding:1rem}
section{border-top:1px solid var(--line);padding:.5rem 0 1rem}
h1,h2,h3{line-height:1.25}
code{font-family:ui-monospace,monospace;font-size:.9em}
dl{display:grid;grid-template-columns:minmax(8rem,16rem) 1fr;gap:.25rem 1rem}
dt{color:var(--soft)}dd{margin:0}dd ul,.plain{margin:0;padding-left:1.1rem}
.wide{overflow-x:auto;margin:1rem 0}.wide:focus-visible{outline:3px solid var(--info);outline-offset:2px}
table{border-collapse:collapse;width:100%}caption{text-align:left;font-weight:bold;padding:.25rem 0}
th,td{border:1px solid var(--line);padding:.35rem .5rem;text-align:left;vertical-align:top}
td.number{text-align:right}
.fatal,.error,.invalid strong{color:var(--bad);font-weight:bold}
.warning,.not-fully-checked strong{color:var(--warn);font-weight:bold}
.valid strong{color:var(--good)}
.information{color:var(--info)}
.by{margin:.25rem 0 0;color:var(--soft);font-size:.9em}
@media(max-width:40rem){dl{grid-template-columns:1fr}dd{margin-bottom:.5rem}}
@media print{.wide{overflow:visible}section{break-inside:avoid-page}}
`;
