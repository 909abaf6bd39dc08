// What a display has, at its side: the headings of a document or record, each leading to its place.

import { $, button, h } from "../dom.js";

/** From how many headings on there is a list of them. */
const LEAST = 4;

/** How wide the place must be for the list to be open at once, in pixels. */
const WIDE = 640;

/** Lists the headings of what is displayed. */
export function contents(place) {
  const headings = [...place.querySelectorAll("h2, h3, h4")].filter((heading) => heading.textContent.trim() && !heading.closest(".cc-index, .careconnect-received, table"));
  const box = $("display-contents");
  const isNew = box.hidden;
  box.hidden = headings.length < LEAST;
  const top = Math.min(...headings.map(level));
  box.lastElementChild.replaceChildren(
    h("ul", { class: "plain" }, box.hidden ? [] : headings.map((heading) => h("li", { class: `level-${level(heading) - top}` }, button(heading.textContent.trim(), () => goTo(heading), { class: "link" })))),
  );
  if (isNew && !box.hidden) box.open = box.parentElement.clientWidth >= WIDE;
}

const level = ({ tagName }) => Number(tagName[1]);

/** Brings an element of the display into view, whatever is folded around it, and takes the focus there. */
export function goTo(element) {
  if (!element) return;
  for (let one = element; one; one = one.parentElement) if (one.tagName === "DETAILS") one.open = true;
  if (!element.hasAttribute("tabindex")) element.tabIndex = -1;
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "start" });
}
