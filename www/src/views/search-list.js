// A list of all that there is of a kind, searched by words: the left side of the views that look things up.

import { $, count, debounce, h, link } from "../dom.js";
import { listen } from "../state.js";

/** How many are listed at once. */
const MOST = 500;

/**
 * Fills a section with a title, a search and a list, whose parts have ids that begin with `id`.
 *
 * @template T
 * @param {HTMLElement} section
 * @param {{ id: string, title: string, word: string, tools?: Node[], label: (one: T) => string, about: (one: T) => string,
 *   text: (one: T) => string, key: (one: T) => string, fits?: (one: T) => boolean, to: (one: T) => string }} options
 *   `text` is what is searched, `key` what tells one from the others, `to` its address, `word` what one is called
 */
export function searchList(section, { id, title, word, tools = [], label, about, text, key, fits = () => true, to }) {
  let all = [];
  let chosen;
  const search = h("input", { id: `${id}-search`, type: "search", autocomplete: "off" });
  const found = h("p", { id: `${id}-count`, role: "status", class: "hint" });
  const list = h("ul", { id: `${id}-list`, class: "plain scroll list", tabIndex: 0, "aria-label": title });
  section.append(
    h("h2", { id: `${id}-list-title` }, title),
    h("div", { class: "tools fields" }, h("label", { for: search.id }, "Search"), search, tools),
    found,
    list,
  );

  function draw() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const fitting = all.filter((one) => fits(one) && words.every((part) => text(one).toLowerCase().includes(part)));
    found.textContent = `${count(fitting.length, word)}${fitting.length > MOST ? `, of which the first ${MOST} are listed` : ""}`;
    list.replaceChildren(
      ...fitting.slice(0, MOST).map((one) =>
        h(
          "li",
          {},
          link(label(one), to(one), { "aria-current": key(one) === chosen ? "true" : "false" }),
          h("span", { class: "quiet" }, ` ${about(one)}`),
        ),
      ),
    );
  }
  search.addEventListener("input", debounce(draw, 100));

  return {
    draw,
    /** Lists these. */
    show(these) {
      all = these;
      draw();
    },
    /** Marks the one that is open beside the list. */
    mark(one) {
      chosen = one;
      draw();
      list.querySelector('[aria-current="true"]')?.scrollIntoView({ block: "nearest" });
    },
  };
}

/** Calls `act` when a view is open and something was loaded since it last did. */
export function whenOpen(view, act) {
  let stale = true;
  const refresh = () => {
    if (!stale || $(`view-${view}`).hidden) return;
    stale = false;
    act();
  };
  listen("loaded", () => {
    stale = true;
    refresh();
  });
  listen("view", refresh);
  refresh();
}
