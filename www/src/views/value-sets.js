// Every value set, and the codes of one, searched.

import { ask, known, latest } from "../core/core.js";
import { $, button, count, debounce, h } from "../dom.js";
import { listen } from "../state.js";

const MOST = 200;

/** @param {{ go: (view: string) => void }} pages */
export function valueSetsView({ go }) {
  let all = [];
  let open;

  const draw = () => {
    const words = $("set-search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = all.filter(({ url, name = "" }) => words.every((word) => `${url} ${name}`.toLowerCase().includes(word)));
    $("set-count").textContent = `${count(found.length, "value set")}${found.length > MOST ? `, of which the first ${MOST} are listed` : ""}`;
    $("set-list").replaceChildren(
      ...found.slice(0, MOST).map(({ url, name, codes, complete }) =>
        h("li", {}, button(name || url.split("/").at(-1), () => show(url), { class: "link" }), h("span", { class: "quiet" }, ` ${count(codes, "code")}${complete ? "" : " listed, and others"}`)),
      ),
    );
  };

  const codes = latest(
    (url, search) => ask("valueSet", url, { search, limit: 300 }),
    (set) => {
      if (!set) {
        $("set").replaceChildren(h("p", {}, "This value set is not loaded. Choose more definitions in the first view."));
        return;
      }
      const systems = set.systems.map(({ system, total, codes, selections }) =>
        h(
          "section",
          {},
          h("h4", {}, system),
          total > 0 &&
            h(
              "div",
              { class: "scroll", tabIndex: 0, role: "region", "aria-label": `Codes of ${system}` },
              h("table", {}, h("caption", {}, total > codes.length ? `The first ${codes.length} of ${total}` : count(total, "code")), h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Code"), h("th", { scope: "col" }, "Display"))), h("tbody", {}, codes.map(({ code, display = "" }) => h("tr", {}, h("td", {}, h("code", {}, code)), h("td", {}, display))))),
            ),
          (selections ?? []).map((filters) => h("p", {}, filters.length ? `Not listed here: codes where ${filters.map(({ property, operator, value }) => `${property} ${operator} ${value}`).join(" and ")}.` : "Not listed here: every code of this system.")),
        ),
      );
      const missing = set.missing && h("p", {}, `It is made of value sets that are not loaded: ${set.missing.join(", ")}.`);
      $("set").replaceChildren(h("h3", {}, set.name ?? set.url), h("p", { class: "where" }, `${set.url}${set.version ? `|${set.version}` : ""}`), ...systems, missing || "");
    },
  );

  async function show(url) {
    go("value-sets");
    open = url;
    $("code-search").value = "";
    codes(url, "");
  }

  $("set-search").addEventListener("input", debounce(draw, 100));
  $("code-search").addEventListener("input", debounce(() => open && codes(open, $("code-search").value), 150));
  let stale = true;
  const refresh = async () => {
    if (!stale || $("view-value-sets").hidden) return;
    stale = false;
    all = await known("valueSets");
    draw();
  };
  listen("loaded", () => {
    stale = true;
    refresh();
  });
  listen("view", refresh);
  refresh();
  return { show };
}
