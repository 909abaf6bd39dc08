// Every rule that can be reported: what it is about, and an example that breaks it, put right.

import address from "../../../pkg/dist/rules.json?url";
import { known } from "../core/core.js";
import { $, button, h } from "../dom.js";
import { toRule } from "../routes.js";
import { searchList, whenOpen } from "./search-list.js";

const severities = { fatal: "fatal", error: "an error", warning: "a warning", information: "information" };

/** @param {{ open: (text: string) => void }} pages `open` puts a text into the first view */
export function rulesView({ open }) {
  const list = searchList($("rule-pane"), {
    id: "rule",
    title: "Rules",
    word: "rule",
    label: ({ rule }) => rule,
    about: ({ severity }) => severity,
    text: ({ rule, severity, explanation }) => `${rule} ${severity} ${explanation}`,
    key: ({ rule }) => rule,
    to: ({ rule }) => toRule(rule),
  });
  let examples;

  /** The examples by rule. Without them, the rules of the core say what they are about all the same. */
  async function exampleOf(rule) {
    examples ??= fetch(address).then((response) => response.json());
    try {
      return (await examples).find((one) => one.rule === rule)?.example;
    } catch {
      examples = undefined;
      return undefined;
    }
  }

  async function show(code) {
    list.mark(code);
    const all = await known("rules");
    const rule = all.find(({ rule }) => rule === code);
    if (!rule) {
      $("rule").replaceChildren(h("p", {}, `There is no rule ${code}.`));
      return;
    }
    const example = await exampleOf(code);
    $("rule").replaceChildren(
      h("h3", { tabIndex: -1 }, code),
      h("p", {}, `Usually ${severities[rule.severity]}.`),
      h("p", {}, rule.explanation),
      h("p", {}, h("a", { href: `docs/rules/${code}.html` }, "A page of its own, to link to")),
      ...(example ? shown(example) : [h("p", { class: "hint" }, "There is no short example of it.")]),
    );
    $("rule").querySelector("h3").focus();
  }

  function shown({ input, issue, diff }) {
    const text = (label, content) => h("pre", { tabIndex: 0, role: "region", "aria-label": label }, content);
    return [
      h("div", { class: "bar" }, h("h4", {}, "An example that breaks it"), button("Open it in the first view", () => open(input))),
      text("Example", input),
      h("h4", {}, "What is said of it"),
      h("pre", { class: "wrapped", tabIndex: 0, role: "region", "aria-label": "Issue" }, issue),
      ...(diff ? [h("h4", {}, "Put right"), text("Put right", lines(diff))] : []),
    ];
  }

  whenOpen("rules", async () => list.show(await known("rules")));
  return { show };
}

/** The lines of a difference, those that go and those that come marked as such. */
function lines(diff) {
  return diff.trimEnd().split("\n").map((line) => {
    const kind = { "-": "del", "+": "ins" }[line[0]] ?? "span";
    return h(kind, {}, `${line}\n`);
  });
}
