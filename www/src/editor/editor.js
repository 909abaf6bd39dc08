// The place where a resource or definition is written: CodeMirror, in a shadow root, where it can put its styles without
// an inline style sheet, which the page's policy forbids.

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { xml } from "@codemirror/lang-xml";
import { bracketMatching, codeFolding, foldGutter, foldKeymap, indentOnInput } from "@codemirror/language";
import { lintGutter, lintKeymap } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, StateEffect, StateField } from "@codemirror/state";
import {
  Decoration,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { LARGE } from "../state.js";
import { showIssues, firstFix } from "./issues.js";
import { theme } from "./theme.js";

const showEffect = StateEffect.define();

/** The piece of the text that something outside of the editor points to. */
const shown = StateField.define({
  create: () => Decoration.none,
  update(marks, transaction) {
    let next = marks.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(showEffect)) continue;
      const { from, to } = effect.value ?? { from: 0, to: 0 };
      next = from < to ? Decoration.set(Decoration.mark({ class: "cm-shown" }).range(from, to)) : Decoration.none;
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/**
 * @param {HTMLElement} place where it goes
 * @param {{ label: string, describedBy?: string, onChange: () => void, extensions?: import("@codemirror/state").Extension[],
 *   complete?: import("@codemirror/autocomplete").CompletionSource }} options
 */
export function createEditor(place, { label, hint, onChange, extensions = [], complete }) {
  const root = place.attachShadow({ mode: "open" });
  const language = new Compartment();
  let isXml = false;
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      extensions: [
        lineNumbers(),
        foldGutter(),
        lintGutter(),
        highlightActiveLineGutter(),
        highlightSpecialChars(),
        history(),
        codeFolding(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        highlightActiveLine(),
        highlightSelectionMatches(),
        complete
          ? autocompletion({ override: [complete], icons: false, maxRenderedOptions: 60 })
          : [],
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
        language.of(json()),
        shown,
        theme,
        EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0", ...(hint && { "aria-description": hint }) }),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return;
          const nowXml = /^\s*</.test(update.state.sliceDoc(0, 200));
          if (nowXml !== isXml) {
            isXml = nowXml;
            queueMicrotask(() => view.dispatch({ effects: language.reconfigure(isXml ? xml() : json()) }));
          }
          onChange();
        }),
        extensions,
      ],
    }),
  });

  const clamp = (offset) => Math.max(0, Math.min(offset, view.state.doc.length));
  return {
    view,
    get text() {
      return view.state.doc.toString();
    },
    set text(value) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: value }, selection: { anchor: 0 }, scrollIntoView: true });
    },
    get length() {
      return view.state.doc.length;
    },
    get isLarge() {
      return view.state.doc.length > LARGE;
    },
    /** Selects a piece of the text, counted in UTF-16 code units, and brings it into view. */
    select({ offset, length }, focus = true) {
      const anchor = clamp(offset);
      const head = clamp(offset + length);
      view.dispatch({ selection: { anchor, head }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
      if (focus) view.focus();
      place.scrollIntoView({ block: "nearest" });
    },
    /** Marks a piece of the text without taking the focus there; nothing, to mark none. */
    show(piece) {
      const value = piece && { from: clamp(piece.offset), to: clamp(piece.offset + piece.length) };
      const effects = [showEffect.of(value)];
      if (piece) effects.push(EditorView.scrollIntoView(value.from, { y: "center" }));
      view.dispatch({ effects });
    },
    /** Underlines issues. Their offsets are those of the text as it is now. */
    issues(issues, about) {
      showIssues(view, issues, about);
    },
    /** Makes the edits of a fix, as one step that can be undone. */
    edit(edits) {
      const changes = edits.map(({ offset, length, text }) => ({ from: clamp(offset), to: clamp(offset + length), insert: text }));
      view.dispatch({ changes, userEvent: "input.fix" });
    },
    focus: () => view.focus(),
  };
}
