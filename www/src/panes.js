// The parts of the first view: beside each other, with widths that pointer and keyboard change, or one at a time where the
// window is narrow.

import { $ } from "./dom.js";

const view = $("view-check");
const wide = matchMedia("(min-width: 60rem)");

/** Which parts each row of tabs chooses among, and the last of the two that was chosen for the side. */
const rows = [$("panes"), $("sides")];
let side = "display";

export function showPane(pane) {
  if (pane === "display" || pane === "output") side = pane;
  view.dataset.pane = pane;
  view.dataset.side = side;
  for (const [row, chosen] of [[rows[0], pane], [rows[1], side]]) {
    for (const tab of row.children) {
      tab.setAttribute("aria-selected", String(tab.dataset.pane === chosen));
      tab.tabIndex = tab.dataset.pane === chosen ? 0 : -1;
    }
  }
  view.dispatchEvent(new CustomEvent("pane", { detail: pane }));
}

/** Brings the resource into view, where only one part can be. */
export const showSource = () => wide.matches || showPane("source");

export const isOutputShown = () => side === "output" && (wide.matches || view.dataset.pane === "output");

for (const row of rows) {
  row.addEventListener("click", ({ target }) => target.dataset.pane && showPane(target.dataset.pane));
  row.addEventListener("keydown", (event) => {
    const tabs = [...row.children];
    const at = tabs.indexOf(event.target);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    const tab = tabs[(to + tabs.length) % tabs.length];
    showPane(tab.dataset.pane);
    tab.focus();
  });
}

// The dividers: in hundredths of the view's width, of the resource and of the issues.

const LEAST = 18;
const widths = { a: 33, b: 35 };

function setWidth(name, value) {
  const other = name === "a" ? "b" : "a";
  widths[name] = Math.round(Math.min(Math.max(value, LEAST), 100 - LEAST - widths[other]));
  view.style.setProperty(`--${name}`, `${widths[name]}fr`);
  view.style.setProperty("--c", `${100 - widths.a - widths.b}fr`);
  for (const one of ["a", "b"]) {
    const divider = $(`divider-${one}`);
    divider.setAttribute("aria-valuenow", widths[one]);
    divider.setAttribute("aria-valuemin", LEAST);
    divider.setAttribute("aria-valuemax", 100 - LEAST - widths[one === "a" ? "b" : "a"]);
    divider.setAttribute("aria-valuetext", `${widths[one]} per cent`);
  }
}

for (const name of ["a", "b"]) {
  const divider = $(`divider-${name}`);
  divider.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -2, ArrowRight: 2, PageUp: 10, PageDown: -10, Home: -100, End: 100 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    setWidth(name, widths[name] + step);
  });
  divider.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    divider.setPointerCapture(event.pointerId);
    const before = widths[name];
    const move = ({ clientX }) => setWidth(name, before + ((clientX - event.clientX) / view.clientWidth) * 100);
    divider.addEventListener("pointermove", move);
    divider.addEventListener("lostpointercapture", () => divider.removeEventListener("pointermove", move), { once: true });
  });
}

setWidth("a", widths.a);
showPane("source");
