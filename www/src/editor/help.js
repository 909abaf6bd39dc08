// What the core knows of the place at hand: completion, what an element is, and where a reference leads.

import { hoverTooltip, keymap } from "@codemirror/view";
import { ask } from "../core/core.js";
import { button, h } from "../dom.js";
import { LARGE } from "../state.js";

/** Completion from the core. In a large text only when it is asked for, as all of the text goes to the core each time. */
export function completionSource(options) {
  return async (context) => {
    if (!context.explicit && context.state.doc.length > LARGE) return null;
    if (!context.explicit && !context.matchBefore(/[\w"<:/.-]/)) return null;
    const found = await ask("complete", context.state.doc.toString(), context.pos, options());
    if (context.aborted || found.options.length === 0) return null;
    const typed = context.state.sliceDoc(found.offset, context.pos);
    const quoted = typed.startsWith('"') || typed.startsWith("<");
    return {
      from: found.offset,
      to: found.offset + found.length,
      // The order is made here, and asked for anew with each key.
      filter: false,
      options: inOrder(found.options, typed).map(({ label, insert, kind, detail, missing }) => ({
        label: quoted ? insert : label,
        displayLabel: label,
        detail: missing ? `${detail ?? ""} (missing)` : detail,
        type: { element: "property", code: "enum", extension: "interface", profile: "class" }[kind],
        apply: (view, completion, from, to) => place(view, insert, from, to),
      })),
    };
  };
}

/** The options that have what was typed: first those that begin with it, and among equals what is asked for before what is allowed. */
function inOrder(options, typed) {
  const wanted = typed.replace(/^["<]/, "").toLowerCase();
  const rank = ({ label, missing }) => (label.toLowerCase().startsWith(wanted) ? 0 : 2) + (missing ? 0 : 1);
  const fitting = options.filter(({ label, detail = "" }) => label.toLowerCase().includes(wanted) || detail.toLowerCase().includes(wanted));
  return fitting.toSorted((a, b) => rank(a) - rank(b));
}

/** Puts an option in its place, and the cursor where its value goes. */
function place(view, insert, from, to) {
  const hole = /""\]?\}?$|\{\}\]?$|: \[\]$|=""|><\//.exec(insert);
  const inside = hole ? hole.index + { '"': 1, "{": 1, ":": 3, "=": 2, ">": 1 }[hole[0][0]] : insert.length;
  view.dispatch({
    changes: { from, to, insert },
    selection: { anchor: from + inside },
    userEvent: "input.complete",
  });
}

/** A tooltip that says what the definitions in force say of the element under the pointer, and `F12` for references. */
export function elementHelp({ options, select, openProfile }) {
  const at = (view, offset) => ask("elementAt", view.state.doc.toString(), offset, options());
  return [
    hoverTooltip(
      async (view, position) => {
        if (view.state.doc.length > LARGE) return null;
        const element = await at(view, position);
        if (element.definitions.length === 0) return null;
        return {
          pos: element.nameOffset,
          end: element.offset + element.length,
          above: true,
          create: () => ({ dom: describe(element, { select, openProfile }) }),
        };
      },
      { hoverTime: 500 },
    ),
    keymap.of([
      {
        key: "F12",
        run(view) {
          at(view, view.state.selection.main.head).then(({ target }) => target && select(target));
          return true;
        },
      },
    ]),
  ];
}

function describe(element, { select, openProfile }) {
  const most = element.definitions.at(-1);
  const types = most.types?.map(({ code }) => code).join(" or ");
  return h(
    "div",
    { class: "hover" },
    h("p", {}, h("strong", {}, element.name), ` ${element.type ?? ""}`),
    h("p", {}, h("code", {}, element.expression)),
    element.definitions.slice(-4).map((definition) =>
      h(
        "p",
        {},
        button(definition.id, () => openProfile(definition.profile, definition.id)),
        ` ${definition.min}..${definition.max}`,
        definition.binding?.valueSet && `, ${definition.binding.strength} codes of ${last(definition.binding.valueSet)}`,
        definition.fixed && `, fixed ${definition.fixed.json}`,
      ),
    ),
    types && h("p", { class: "about" }, types),
    element.target && h("p", {}, button(`Go to ${element.target.expression}`, () => select(element.target))),
  );
}

const last = (url) => url.split("/").at(-1);
