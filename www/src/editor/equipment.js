// What an editor has once it is used: languages, undoing, completion, folding, search, and issues underlined.

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { bracketMatching, codeFolding, foldGutter, foldKeymap, HighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { firstFix } from "./issues.js";

export { completionSource, elementHelp } from "./help.js";
export { showIssues } from "./issues.js";

/** Each language as an extension, loaded when a text is in it. */
export const languages = {
  json: async () => json(),
  xml: async () => (await import("@codemirror/lang-xml")).xml(),
};

/** Completion from `source`. */
export const completion = (source) => autocompletion({ override: [source], icons: false, maxRenderedOptions: 60 });

const highlighting = syntaxHighlighting(
  HighlightStyle.define([
    { tag: [tags.propertyName, tags.tagName], color: "var(--code-name)" },
    { tag: [tags.string, tags.attributeValue], color: "var(--code-text)" },
    { tag: [tags.number, tags.bool, tags.null], color: "var(--code-number)" },
    { tag: [tags.comment, tags.attributeName, tags.processingInstruction], color: "var(--quiet)" },
    { tag: tags.invalid, color: "var(--error)" },
  ]),
);

/** What every editor has, and `own` besides. */
export function everywhere(own) {
  return [
    foldGutter(),
    lintGutter(),
    history(),
    codeFolding(),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    highlightSelectionMatches(),
    highlighting,
    keymap.of([
      { key: "Alt-Enter", run: firstFix },
      ...closeBracketsKeymap,
      ...defaultKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...foldKeymap,
      ...completionKeymap,
      ...lintKeymap,
    ]),
    own,
  ];
}
