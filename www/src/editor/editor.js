// The place where a resource or definition is written: CodeMirror, in a shadow root, where it can put its styles without
// an inline style sheet, which the page's policy forbids. What is only of use once something stands there (completion,
// languages, underlines, search, undoing) comes in a part of its own, equipment.js, when the editor is first used.

import { Compartment, EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, lineNumbers, placeholder } from "@codemirror/view";
import { LARGE } from "../state.js";
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
 * @param {{ label: string, hint?: string, empty?: string, after?: Promise<void>, onChange: () => void, equip?: (equipment: typeof import("./equipment.js")) =>
 *   import("@codemirror/state").Extension }} options `equip` gives what this editor has besides what all have; `empty` is
 *   said where nothing is written; `after` is what somebody waits for more than for colours
 */
export function createEditor(place, { label, hint, empty = "", after, onChange, equip = () => [] }) {
  const root = place.attachShadow({ mode: "open" });
  const equipped = new Compartment();
  const language = new Compartment();
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      extensions: [
        lineNumbers(),
        highlightActiveLineGutter(),
        highlightSpecialChars(),
        drawSelection(),
        highlightActiveLine(),
        equipped.of([]),
        language.of([]),
        shown,
        placeholder(empty),
        theme,
        EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0", ...(hint && { "aria-description": hint }) }),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return;
          speak();
          onChange();
        }),
      ],
    }),
  });

  let asked;
  /** The rest of the editor, once it is there. */
  function equipment() {
    asked ??= import("./equipment.js").then((equipment) => {
      view.dispatch({ effects: equipped.reconfigure(equipment.everywhere(equip(equipment))) });
      return equipment;
    });
    // Where it does not arrive, the editor is plain, and the next use asks again.
    asked.catch(() => (asked = undefined));
    return asked;
  }

  let spoken;
  /** Sets the language by how the text begins. */
  async function speak() {
    const name = /^\s*</.test(view.state.sliceDoc(0, 200)) ? "xml" : "json";
    if (name === spoken) return;
    spoken = name;
    await after;
    try {
      const { languages } = await equipment();
      const extension = await languages[name]();
      if (name === spoken) view.dispatch({ effects: language.reconfigure(extension) });
    } catch {
      spoken = undefined;
    }
  }

  const use = () => equipment().catch(() => {});
  for (const event of ["focusin", "pointerover"]) root.addEventListener(event, use, { once: true });

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
    /** Underlines issues. Their offsets are those of the text as it is now; `rules` is as showIssues() takes it. */
    async issues(issues, rules = {}) {
      if (issues.length === 0 && !asked) return;
      const { doc } = view.state;
      const { showIssues } = await equipment();
      if (view.state.doc === doc) showIssues(view, issues, rules);
    },
    /** Makes the edits of a fix, as one step that can be undone. */
    edit(edits) {
      const changes = edits.map(({ offset, length, text }) => ({ from: clamp(offset), to: clamp(offset + length), insert: text }));
      view.dispatch({ changes, userEvent: "input.fix" });
    },
    focus: () => view.focus(),
  };
}
