// Every type and profile: searched, shown as a tree of elements, and compared.

import { known } from "../core/core.js";
import { packTitles } from "../core/packs.js";
import { $, button, count, h } from "../dom.js";
import { searchList, whenOpen } from "./search-list.js";

const kinds = {
  profiles: ["Profiles", ({ derivation, type }) => derivation === "constraint" && type !== "Extension"],
  extensions: ["Extensions", ({ derivation, type }) => derivation === "constraint" && type === "Extension"],
  types: ["Types", ({ derivation }) => derivation === "specialization"],
  all: ["All", () => true],
};

/** @param {{ go: (view: string) => void, openValueSet: (url: string) => void, start: (url: string) => void, derive: (profile: object) => void }} pages */
export function profilesView({ go, openValueSet, start, derive }) {
  const kind = h("select", { id: "profile-kind" }, Object.entries(kinds).map(([value, [label]]) => h("option", { value }, label)));
  const packOf = ({ pack }) => (pack ? (packTitles[pack] ?? pack) : "your own");
  const list = searchList($("profile-pane"), {
    id: "profile",
    title: "Profiles and types",
    word: "definition",
    tools: [h("label", { for: "profile-kind" }, "Kind"), kind],
    label: ({ url }) => url.split("/").at(-1),
    about: (profile) => `${profile.type}, ${packOf(profile)}`,
    text: ({ url, name, type }) => `${url} ${name} ${type}`,
    key: ({ url }) => url,
    fits: (profile) => kinds[kind.value][1](profile),
    choose: ({ url }) => show(url),
  });
  kind.addEventListener("change", list.draw);

  async function show(url, id) {
    go("profiles");
    const profile = await known("profile", url);
    if (!profile) {
      $("profile").replaceChildren(h("p", {}, `The profile ${url} is not loaded. Choose more definitions in the first view.`));
      return;
    }
    const facts = [
      ["URL", profile.url],
      ["Version", profile.version],
      ["Type", profile.type],
      ["Derived from", profile.base],
      ["May stand in", profile.contexts?.join(", ")],
      ["Pack", packOf(profile)],
    ];
    const told = facts.filter(([, value]) => value).map(([key, value]) => [h("dt", {}, key), h("dd", {}, key === "Derived from" ? button(value, () => show(value), { class: "link" }) : value)]);
    const isResource = profile.kind === "resource" && !profile.abstract;
    $("profile").replaceChildren(
      h("h3", {}, profile.name),
      h("dl", { class: "facts" }, told),
      h(
        "div",
        { class: "tools" },
        isResource && button("Start a resource from it", () => start(profile.url)),
        button("Make a profile of your own on it", () => derive(profile)),
        button("Compare it", () => {
          $("compare-a").value = profile.base ?? profile.url;
          $("compare-b").value = profile.url;
          $("compare").open = true;
          compare();
        }),
      ),
      tree(profile.element, id, 0),
    );
    list.mark(profile.url);
    const chosen = $("profile").querySelector(".chosen");
    if (chosen) {
      chosen.scrollIntoView({ block: "center" });
      chosen.querySelector("summary, .element")?.focus?.();
    } else $("profile").scrollTop = 0;
  }

  /** An element and what is in it; open along the way to the one that is asked for. */
  function tree(element, id, depth) {
    const inside = [...(element.slices ?? []).map((slice) => [slice, true]), ...(element.children ?? []).map((child) => [child, false])];
    const isChosen = element.id === id;
    const leads = isChosen || (id !== undefined && contains(element, id));
    const head = [
      h("span", { class: "name" }, element.slice ? `:${element.slice}` : element.path.split(".").at(-1)),
      h("span", { class: "quiet" }, ` ${element.min}..${element.max} `),
      h("span", {}, (element.types ?? []).map(({ code }) => code).filter(Boolean).join(" | ")),
      element.contentReference && h("span", { class: "quiet" }, ` as ${element.contentReference}`),
      ...["mustSupport", "isModifier", "isSummary"].filter((flag) => element[flag]).map((flag) => h("span", { class: "flag" }, { mustSupport: "must support", isModifier: "modifier", isSummary: "summary" }[flag])),
    ];
    const facts = [...says(element)];
    const content = [facts.length > 0 && h("ul", { class: "says" }, facts.map((fact) => h("li", {}, fact)))];
    if (inside.length === 0 && facts.length === 0) return h("div", { class: `element${isChosen ? " chosen" : ""}`, tabIndex: isChosen ? -1 : undefined }, head);
    // What is inside is made when it is first opened: a profile can have thousands of elements.
    const details = h("details", { class: `element${isChosen ? " chosen" : ""}`, open: depth === 0 || leads }, h("summary", {}, head));
    const fill = () => {
      if (!details.open || details.childElementCount > 1) return;
      details.append(...content.filter(Boolean), ...inside.map(([child]) => tree(child, id, depth + 1)));
    };
    details.addEventListener("toggle", fill);
    fill();
    return details;
  }

  function* says(element) {
    if (element.fixed) yield `fixed: ${element.fixed.json}`;
    if (element.pattern) yield `must hold: ${element.pattern.json}`;
    if (element.binding) {
      const { strength, valueSet } = element.binding;
      yield h("span", {}, `${strength} binding: `, valueSet ? button(valueSet, () => openValueSet(valueSet), { class: "link" }) : "described in words only");
    }
    for (const { code, profiles = [], targets = [] } of element.types ?? []) {
      for (const url of profiles) yield h("span", {}, `${code} by `, button(url, () => show(url), { class: "link" }));
      for (const url of targets) yield h("span", {}, "refers to ", button(url, () => show(url), { class: "link" }));
    }
    if (element.slicing) {
      const by = element.slicing.discriminators.map(({ type, path }) => `${type} of ${path}`).join(", ");
      yield `sliced by ${by || "nothing"}, ${element.slicing.rules}${element.slicing.ordered ? ", in order" : ""}`;
    }
    if (element.maxLength) yield `at most ${count(element.maxLength, "character")}`;
    if (element.minValue) yield `at least ${element.minValue.json}`;
    if (element.maxValue) yield `at most ${element.maxValue.json}`;
    for (const { key, severity, words, expression } of element.invariants ?? []) {
      yield h("span", {}, h("strong", {}, key), ` (${severity}) ${words ?? ""} `, expression && h("code", {}, expression));
    }
  }

  async function compare() {
    const [a, b] = [$("compare-a").value.trim(), $("compare-b").value.trim()];
    if (!a || !b) return;
    const found = await known("compareProfiles", a, b);
    const value = (side) => (side === undefined ? "nothing" : typeof side === "object" ? JSON.stringify(side) : String(side));
    const rows = found?.elements.map((element) =>
      h(
        "tr",
        {},
        h("th", { scope: "row" }, element.id),
        h("td", {}, { added: "only in the second", removed: "only in the first", changed: "different" }[element.change]),
        h("td", {}, (element.differences ?? []).map(({ field, a, b }) => h("div", {}, h("strong", {}, field), `: ${value(a)} → ${value(b)}`))),
      ),
    );
    $("comparison").replaceChildren(
      found === undefined
        ? h("p", {}, "One of the two is not loaded.")
        : rows.length === 0
          ? h("p", {}, "They say the same.")
          : h(
              "div",
              { class: "scroll", tabIndex: 0, role: "region", "aria-label": "Differences" },
              h("table", {}, h("caption", {}, `${count(rows.length, "element")} differ`), h("thead", {}, h("tr", {}, ["Element", "Change", "What"].map((title) => h("th", { scope: "col" }, title)))), h("tbody", {}, rows)),
            ),
    );
  }

  $("compare-form").addEventListener("submit", (event) => {
    event.preventDefault();
    compare();
  });
  whenOpen("profiles", async () => {
    const all = (await known("profiles")).sort((a, b) => rank(a) - rank(b));
    list.show(all);
    $("profile-urls").replaceChildren(...all.map(({ url }) => h("option", { value: url })));
  });
  return { show };
}

/** The user's own first, then CareConnect, the other packs, and the base last. */
const rank = ({ pack }) => (pack === undefined ? 0 : pack === "careconnect" ? 1 : pack === "stu3" ? 3 : 2);

function contains(element, id) {
  return [...(element.slices ?? []), ...(element.children ?? [])].some((inner) => inner.id === id || contains(inner, id));
}
