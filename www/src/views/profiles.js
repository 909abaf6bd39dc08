// Every type and profile: searched, shown as a tree of elements, and compared.

import { known } from "../core/core.js";
import { describe } from "../descriptions.js";
import { packTitles } from "../core/packs.js";
import { $, button, count, h, link } from "../dom.js";
import { toComparison, toProfile, toValueSet } from "../routes.js";
import { listen, state, tell } from "../state.js";
import { difference } from "./differences.js";
import { searchList, whenOpen } from "./search-list.js";
import { tabbed } from "./tabbed.js";

const kinds = {
  profiles: ["Profiles", ({ derivation, type }) => derivation === "constraint" && type !== "Extension"],
  extensions: ["Extensions", ({ derivation, type }) => derivation === "constraint" && type === "Extension"],
  types: ["Types", ({ derivation }) => derivation === "specialization"],
  all: ["All", () => true],
};

/** @param {{ start: (url: string) => void, derive: (profile: object) => void }} pages */
export function profilesView({ start, derive }) {
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
    to: ({ url }) => toProfile(url),
  });
  kind.addEventListener("change", list.draw);
  let pressed = () => {};
  listen("profiles", () => pressed());
  /** The ids of the elements of which the profile that is shown says something of its own. */
  let changed = new Set();

  async function show(url, id) {
    const profile = await known("profile", url);
    list.mark(profile?.url ?? url);
    if (!profile) {
      $("profile").replaceChildren(h("p", {}, `The profile ${url} is not loaded. Choose more definitions in the settings.`));
      return;
    }
    const changes = profile.base && profile.derivation === "constraint" ? await known("compareProfiles", profile.base, profile.url) : undefined;
    const facts = [
      ["URL", profile.url],
      ["Version", profile.version],
      ["Type", profile.type],
      ["Derived from", profile.base],
      ["May stand in", profile.contexts?.join(", ")],
      ["Pack", packOf(profile)],
    ];
    const told = facts.filter(([, value]) => value).map(([key, value]) => [h("dt", {}, key), h("dd", {}, key === "Derived from" ? link(value, toProfile(value)) : value)]);
    const isResource = profile.kind === "resource" && !profile.abstract;
    const by = button("Check the resource by it", () => {
      const isOn = state.profiles.includes(profile.url);
      state.profiles = isOn ? state.profiles.filter((one) => one !== profile.url) : [...state.profiles, profile.url];
      tell("profiles");
    });
    pressed = () => by.setAttribute("aria-pressed", String(state.profiles.includes(profile.url)));
    pressed();
    changed = new Set((changes?.elements ?? []).map((element) => element.id));
    const all = h("div", {}, tree(profile.element, id, 0));
    const tabs = changes && [
      ["What it changes", () => differences(changes, profile.url)],
      ["All elements", () => all],
    ];
    $("profile").replaceChildren(
      h("h3", {}, profile.name),
      h("dl", { class: "facts" }, told),
      h(
        "div",
        { class: "tools" },
        isResource && by,
        isResource && button("Start a resource from it", () => start(profile.url)),
        button("Make a profile of your own on it", () => derive(profile)),
        profile.base && link("Compare it with what it is derived from", toComparison(profile.base, profile.url), { class: "button" }),
      ),
      tabs ? tabbed("Elements", tabs, id ? 1 : 0) : all,
    );
    const chosen = $("profile").querySelector(".chosen");
    if (chosen) {
      chosen.scrollIntoView({ block: "center" });
      chosen.querySelector("summary, .element")?.focus?.();
    } else $("profile").parentElement.scrollTop = 0;
  }

  /** What a comparison found, in words, each with the way to its element. */
  function differences({ elements }, url) {
    if (elements.length === 0) return h("p", {}, "They say the same.");
    return [
      h("p", { class: "hint" }, `${count(elements.length, "element")} ${elements.length === 1 ? "differs" : "differ"}.`),
      h("ul", { class: "plain differences" }, elements.map((element) => difference(element, element.change === "removed" ? undefined : link(element.id, toProfile(url, element.id), { class: "link name" })))),
    ];
  }

  /** An element and what is in it; open along the way to the one that is asked for. */
  function tree(element, id, depth, type) {
    const about = describe(element, type);
    const own = element.types?.length === 1 ? element.types[0].code : undefined;
    const inside = [...(element.slices ?? []).map((slice) => [slice, true]), ...(element.children ?? []).map((child) => [child, false])];
    const isChosen = element.id === id;
    const leads = isChosen || (id !== undefined && contains(element, id));
    const head = [
      h("span", { class: "name" }, element.slice ? `:${element.slice}` : element.path.split(".").at(-1)),
      h("span", { class: "quiet" }, ` ${element.min}..${element.max} `),
      h("span", {}, (element.types ?? []).map(({ code }) => code).filter(Boolean).join(" | ")),
      about && !element.slice && h("span", { class: "quiet" }, ` ${about.label}`),
      element.contentReference && h("span", { class: "quiet" }, ` as ${element.contentReference}`),
      changed.has(element.id) && h("span", { class: "flag" }, "changed here"),
      ...["mustSupport", "isModifier", "isSummary"].filter((flag) => element[flag]).map((flag) => h("span", { class: "flag" }, { mustSupport: "must support", isModifier: "modifier", isSummary: "summary" }[flag])),
    ];
    const facts = [about?.words, ...says(element)].filter(Boolean);
    const content = [facts.length > 0 && h("ul", { class: "says" }, facts.map((fact) => h("li", {}, fact)))];
    if (inside.length === 0 && facts.length === 0) return h("div", { class: `element${isChosen ? " chosen" : ""}`, tabIndex: isChosen ? -1 : undefined }, head);
    // What is inside is made when it is first opened: a profile can have thousands of elements.
    const details = h("details", { class: `element${isChosen ? " chosen" : ""}`, open: depth === 0 || leads }, h("summary", {}, head));
    const fill = () => {
      if (!details.open || details.childElementCount > 1) return;
      details.append(...content.filter(Boolean), ...inside.map(([child, isSlice]) => tree(child, id, depth + 1, isSlice ? type : own)));
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
      yield h("span", {}, `${strength} binding: `, valueSet ? link(valueSet, toValueSet(valueSet)) : "described in words only");
    }
    for (const { code, profiles = [], targets = [] } of element.types ?? []) {
      for (const url of profiles) yield h("span", {}, `${code} by `, link(url, toProfile(url)));
      for (const url of targets) yield h("span", {}, "refers to ", link(url, toProfile(url)));
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

  async function compare(a, b) {
    $("compare").open = true;
    $("compare-a").value = a;
    $("compare-b").value = b;
    const found = await known("compareProfiles", a, b);
    $("comparison").replaceChildren(...[found === undefined ? h("p", {}, "One of the two is not loaded.") : differences(found, b)].flat());
    $("compare").parentElement.scrollTop = 0;
  }

  $("compare-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const [a, b] = [$("compare-a").value.trim(), $("compare-b").value.trim()];
    if (a && b) location.hash = toComparison(a, b);
  });
  whenOpen("profiles", async () => {
    const all = (await known("profiles")).sort((a, b) => rank(a) - rank(b));
    list.show(all);
    $("profile-urls").replaceChildren(...all.map(({ url }) => h("option", { value: url })));
  });
  return { show, compare };
}

/** The user's own first, then CareConnect, the other packs, and the base last. */
const rank = ({ pack }) => (pack === undefined ? 0 : pack === "careconnect" ? 1 : pack === "stu3" ? 3 : 2);

function contains(element, id) {
  return [...(element.slices ?? []), ...(element.children ?? [])].some((inner) => inner.id === id || contains(inner, id));
}
