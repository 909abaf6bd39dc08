// Every value set, and the codes of one, searched.

import { ask, known, latest } from "../core/core.js";
import { $, count, debounce, h } from "../dom.js";
import { toValueSet } from "../routes.js";
import { searchList, whenOpen } from "./search-list.js";

export function valueSetsView() {
  let open;
  const list = searchList($("set-pane"), {
    id: "set",
    title: "Value sets",
    word: "value set",
    label: ({ url, name }) => name || url.split("/").at(-1),
    about: ({ codes, complete }) => `${count(codes, "code")}${complete ? "" : " listed, and others"}`,
    text: ({ url, name = "" }) => `${url} ${name}`,
    key: ({ url }) => url,
    to: ({ url }) => toValueSet(url),
  });

  const codes = latest(
    (url, search) => ask("valueSet", url, { search, limit: 300 }),
    (set) => {
      if (!set) {
        $("set").replaceChildren(h("p", {}, "This value set is not loaded. Choose more definitions in the settings."));
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
    open = url;
    list.mark(url);
    $("code-search").value = "";
    codes(url, "");
  }

  $("code-search").addEventListener("input", debounce(() => open && codes(open, $("code-search").value), 150));
  whenOpen("value-sets", async () => list.show(await known("valueSets")));
  return { show };
}
