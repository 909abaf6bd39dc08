// The issues of the last check: grouped by severity, filtered, searched, each with its place, its fixes and its rule.

import { apart } from "../../../pkg/cli/fixes.js";
import { withRepeats } from "../../../pkg/repeats.js";
import { known } from "../core/core.js";
import { $, button, copy, count, h, link } from "../dom.js";
import { toProfile, toRule } from "../routes.js";
import { listen } from "../state.js";

const severities = [
  ["fatal", "Fatal: could not be read further"],
  ["error", "Errors"],
  ["warning", "Warnings"],
  ["information", "Information"],
];

/** How many of a group are listed before more are asked for. */
const PART = 100;

/** Before anything was checked. */
const NONE = { issues: [], unchecked: [], profiles: [] };

let rules = new Map();

/** What a rule is about, as far as the rules are there already. */
export const aboutRule = (rule) => rules.get(rule)?.explanation ?? "";

/**
 * @param {{ select: (place: object) => void, edit: (edits: object[]) => void, openProfile: (url: string, id?: string) => void,
 *   openRule: (rule: string) => void }} page
 */
export function results(page) {
  const list = $("issues");
  let shownOf = {};
  let report;

  const draw = () => {
    const words = $("issue-search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (issue) => {
      const text = `${issue.message} ${issue.expression} ${issue.rule} ${issue.profile ?? ""}`.toLowerCase();
      return words.every((word) => text.includes(word));
    };
    const groups = severities.map(([severity, title]) => {
      const all = report.issues.filter((issue) => issue.severity === severity);
      if (all.length === 0 || !$(`show-${severity === "fatal" ? "error" : severity}`).checked) return undefined;
      const fitting = withRepeats(all.filter(fits));
      const most = shownOf[severity] ?? PART;
      const first = fitting.slice(0, most);
      const items = first.filter(({ issue }) => !issue.scope).map(({ issue, others }) => item(issue, others, page));
      const exchange = first.filter(({ issue }) => issue.scope).map(({ issue, others }) => item(issue, others, page));
      const more = fitting.length > most && button(`Show ${count(Math.min(PART, fitting.length - most), "more issue")}`, () => {
        shownOf = { ...shownOf, [severity]: most + PART };
        draw();
      });
      const found = fitting.reduce((sum, { others }) => sum + 1 + others.length, 0);
      const heading = `${title} (${found === all.length ? all.length : `${found} of ${all.length}`})`;
      return h("section", { class: `group ${severity}` }, h("h3", {}, heading), items.length > 0 && h("ol", { class: "plain" }, items),
        exchange.length > 0 && [h("h4", {}, `By the rules of documents and messages (${exchange.length})`), h("ol", { class: "plain" }, exchange)], more);
    });
    const shown = groups.filter(Boolean);
    const nothing = report === NONE ? "What is found will be listed here." : report.issues.length > 0 ? "The filter hides every issue." : "There are no issues.";
    list.replaceChildren(...(shown.length > 0 ? shown : [h("p", { class: "hint" }, nothing)]));
  };

  const show = (next) => {
    report = next ?? NONE;
    shownOf = {};
    const worst = (severity) => report.issues.filter((issue) => issue.severity === severity).length;
    for (const severity of ["error", "warning", "information"]) {
      const number = worst(severity) + (severity === "error" ? worst("fatal") : 0);
      $(`show-${severity}`).nextElementSibling.textContent = `${{ error: "Errors", warning: "Warnings", information: "Info" }[severity]} (${number})`;
    }
    draw();
    unchecked(report.unchecked);
    $("tab-issues").textContent = report.issues.length > 0 ? `Issues (${report.issues.length.toLocaleString("en-GB")})` : "Issues";
    $("checked-by").replaceChildren(...report.profiles.map((url) => h("li", {}, link(url, toProfile(url)))));
    $("fix-all").hidden = apart(report.issues).length === 0;
  };

  $("issue-filter").addEventListener("input", draw);
  listen("report", show);
  listen("loaded", async () => {
    rules = new Map((await known("rules")).map((rule) => [rule.rule, rule]));
  });
  $("fix-all").addEventListener("click", () => page.edit(together(report.issues)));
  $("copy-issues").addEventListener("click", ({ currentTarget }) => copy(asText(report), currentTarget));
  show();
}

/** The edits of every fix that is safe, in the order of the text: what meets another waits for the next time. */
const together = (issues) => apart(issues).flatMap(({ fix }) => fix.edits).sort((a, b) => a.offset - b.offset);

function asText({ issues }) {
  return issues.map(({ line, column, severity, rule, message }) => `${line}:${column} ${severity} ${rule}: ${message}`).join("\n");
}

/** How many further places of a fault are listed. */
const PLACES = 10;

function item(issue, others, { select, edit }) {
  const { severity, line, column, message, expression, rule, profile, definition, fixes, hint } = issue;
  const about = aboutRule(rule);
  return h(
    "li",
    { class: severity },
    h(
      "button",
      { type: "button", class: "issue", on: { click: () => select(issue) } },
      h("span", { class: "severity" }, severity === "information" ? "info" : severity),
      h("span", { class: "place" }, `Line ${line}, column ${column}`),
      others.length > 0 && h("span", { class: "times" }, `${(others.length + 1).toLocaleString("en-GB")} times`),
      h("span", { class: "message" }, message),
      h("span", { class: "where" }, expression),
    ),
    hint && h("p", { class: "hint advice" }, hint),
    h(
      "div",
      { class: "fixes" },
      (fixes ?? []).map(({ title, edits }) => button(title, () => edit(edits), { class: "fix" })),
      h(
        "details",
        { class: "more" },
        h("summary", {}, `About ${rule}`),
        about && h("p", {}, about),
        h("p", {}, link(`Documentation of ${rule}, with an example`, toRule(rule))),
        profile && h("p", {}, "Asked for by ", link(`${definition ?? profile}`, toProfile(profile, definition)), ` of ${profile}`),
      ),
      others.length > 0 && elsewhere(others, select),
    ),
  );
}

/** Where else the same is found. */
function elsewhere(others, select) {
  const place = (issue) => h("li", {}, button(`Line ${issue.line}, column ${issue.column}`, () => select(issue), { class: "link" }));
  const rest = others.length > PLACES && h("li", {}, `and ${others.length - PLACES} more`);
  return h("details", { class: "more" }, h("summary", {}, `The same in ${count(others.length, "more place")}`), h("ul", {}, others.slice(0, PLACES).map(place), rest));
}

function unchecked(all) {
  $("unchecked").hidden = all.length === 0;
  $("unchecked").querySelector("summary").textContent = `Not checked: ${all.length}`;
  const byReason = Map.groupBy ? Map.groupBy(all, ({ reason }) => reason) : grouped(all);
  const items = [...byReason].map(([reason, those]) => {
    const places = those.slice(0, 20).map(({ expression, subject, system, code }) => {
      const what = [subject, system && `${system}|${code ?? ""}`].filter(Boolean).join(" · ");
      return h("li", { class: "where" }, [expression, what].filter(Boolean).join(" · "));
    });
    const rest = those.length > 20 && h("li", { class: "where" }, `and ${those.length - 20} more`);
    return h("li", {}, reason, h("ul", {}, places, rest));
  });
  $("unchecked").querySelector("ul").replaceChildren(...items);
}

function grouped(all) {
  const groups = new Map();
  for (const one of all) groups.set(one.reason, [...(groups.get(one.reason) ?? []), one]);
  return groups;
}

/** The verdict in one sentence, with why. */
export const summary = ({ reason }) => reason;
