// A few things of which one is shown, chosen by tabs.

import { h } from "../dom.js";

let count = 0;

/** `tabs` has pairs of a label and of what makes the content, when it is first shown; `first` is the one that is open. */
export function tabbed(label, tabs, first = 0) {
  const id = `tabbed-${++count}`;
  const panel = h("div", { id, role: "tabpanel", class: "tabpanel" });
  const made = new Map();
  const buttons = tabs.map(([name], at) => h("button", { type: "button", role: "tab", id: `${id}-${at}`, "aria-controls": id, on: { click: () => show(at) } }, name));
  function show(at) {
    if (!made.has(at)) made.set(at, [tabs[at][1]()].flat());
    panel.replaceChildren(...made.get(at));
    panel.setAttribute("aria-labelledby", `${id}-${at}`);
    for (const [other, button] of buttons.entries()) {
      button.setAttribute("aria-selected", String(other === at));
      button.tabIndex = other === at ? 0 : -1;
    }
  }
  const row = h("div", { role: "tablist", class: "tabs", "aria-label": label }, buttons);
  row.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(event.target);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    const next = (to + buttons.length) % buttons.length;
    show(next);
    buttons[next].focus();
  });
  show(first);
  return h("div", { class: "tabbed" }, row, panel);
}
