// Issues as underlines and marks in the gutter, with what the rule is about and the fixes that are certain.

import { forEachDiagnostic, setDiagnostics } from "@codemirror/lint";
import { button, h } from "../dom.js";

/** How many are underlined; all of them are in the list. */
const MOST = 1_000;

const levels = { fatal: "error", error: "error", warning: "warning", information: "info" };

/** Underlines issues; `about` gives what is to be said of a rule, and `openRule` goes to its documentation. */
export function showIssues(view, issues, { about, openRule }) {
  const length = view.state.doc.length;
  const diagnostics = issues.slice(0, MOST).map((issue) => {
    const from = Math.min(issue.offset, length);
    // A whole resource is not underlined for what it lacks: its first line is enough.
    const line = view.state.doc.lineAt(from).to;
    const to = Math.min(Math.max(issue.offset + issue.length, from), issue.length > 200 ? Math.max(line, from) : length);
    return {
      from,
      to,
      severity: levels[issue.severity],
      message: issue.message,
      renderMessage: () =>
        h(
          "div",
          {},
          h("div", {}, issue.message),
          issue.hint && h("div", { class: "about" }, issue.hint),
          h("div", { class: "about" }, `${about(issue.rule)} `, button(`Rule ${issue.rule}`, () => openRule(issue.rule), { class: "rule" })),
        ),
      actions: (issue.fixes ?? []).map(({ title, edits }) => ({ name: title, apply: (target) => apply(target, edits) })),
    };
  });
  view.dispatch(setDiagnostics(view.state, diagnostics));
}

function apply(view, edits) {
  const changes = edits.map(({ offset, length, text }) => ({ from: offset, to: offset + length, insert: text }));
  view.dispatch({ changes, userEvent: "input.fix" });
}

/** Makes the first fix of what is underlined at the cursor. */
export function firstFix(view) {
  const at = view.state.selection.main.head;
  let found;
  forEachDiagnostic(view.state, (diagnostic, from, to) => {
    if (!found && from <= at && at <= to && diagnostic.actions?.length) found = { diagnostic, from, to };
  });
  found?.diagnostic.actions[0].apply(view, found.from, found.to);
  return Boolean(found);
}
