// How the editor looks. Colours are the page's custom properties, so that light and dark are decided there.

import { EditorView } from "@codemirror/view";

const mono = 'ui-monospace, Consolas, "Liberation Mono", monospace';

export const theme = EditorView.theme({
  "&": { height: "100%", backgroundColor: "var(--panel)", color: "var(--text)", fontSize: "0.875rem" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: mono, lineHeight: "1.45" },
  ".cm-content": { caretColor: "var(--text)", paddingBlock: "0.5rem" },
  ".cm-cursor": { borderLeftColor: "var(--text)", borderLeftWidth: "2px" },
  ".cm-gutters": { backgroundColor: "var(--page)", color: "var(--quiet)", border: "0" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--active)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground, ::selection": { backgroundColor: "var(--selection) !important" },
  ".cm-foldPlaceholder": { background: "var(--page)", color: "var(--text)", border: "1px solid var(--edge)" },
  ".cm-shown": { backgroundColor: "var(--shown)", outline: "2px solid var(--edge)" },
  ".cm-tooltip": { background: "var(--panel)", color: "var(--text)", border: "2px solid var(--edge)", maxWidth: "min(36rem, 90vw)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: mono, maxHeight: "16rem" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { background: "var(--blue)", color: "#ffffff" },
  ".cm-completionDetail": { color: "inherit", fontStyle: "normal", marginInlineStart: "1rem" },
  ".cm-panels": { background: "var(--page)", color: "var(--text)" },
  ".cm-textfield": { background: "var(--panel)", color: "var(--text)", border: "2px solid var(--edge)", fontSize: "1rem" },
  ".cm-button": { background: "none", color: "var(--link)", border: "2px solid var(--link)", borderRadius: "4px", fontSize: "1rem" },
  ".cm-diagnostic": { padding: "0.5rem 0.75rem", whiteSpace: "normal", fontFamily: "inherit", fontSize: "1rem" },
  ".cm-diagnostic-error": { borderLeft: "6px solid var(--error)" },
  ".cm-diagnostic-warning": { borderLeft: "6px solid var(--warning)" },
  ".cm-diagnostic-info": { borderLeft: "6px solid var(--information)" },
  ".cm-diagnosticAction": { background: "var(--blue)", color: "#ffffff", font: "inherit", padding: "0.25rem 0.75rem", margin: "0.5rem 0.5rem 0 0", borderRadius: "4px", border: "2px solid transparent" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--error) 2px", textUnderlineOffset: "3px" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline wavy var(--warning-line) 2px", textUnderlineOffset: "3px" },
  ".cm-lintRange-info": { backgroundImage: "none", textDecoration: "underline dotted var(--information) 2px", textUnderlineOffset: "3px" },
  ".cm-lint-marker": { width: "0.9em", height: "0.9em" },
  ".hover": { padding: "0.5rem 0.75rem", fontSize: "1rem", fontFamily: 'Frutiger, "Frutiger W01", Arial, sans-serif' },
  ".hover p": { margin: "0 0 0.25rem" },
  ".hover code": { fontFamily: mono, fontSize: "0.875rem", overflowWrap: "anywhere" },
  ".hover button, .about button": { background: "none", color: "var(--link)", border: "0", textDecoration: "underline", font: "inherit", padding: "0", cursor: "pointer" },
  ".about": { color: "var(--quiet)", margin: "0.25rem 0 0" },
});
