// What one definition of an element says that another does not, in words.

import { h, link } from "../dom.js";
import { toProfile, toValueSet } from "../routes.js";

const last = (url) => url.split("/").at(-1);
const many = (max) => (max === "*" ? "any number" : max === "0" ? "none" : max === "1" ? "one" : max);
const list = (items, join = ", ") => items.flatMap((item, at) => (at > 0 ? [join, item] : [item]));
const was = (words) => (words === undefined ? "" : [" (before: ", words, ")"]);

function binding(one) {
  if (!one) return "no binding";
  const strength = { required: "only codes of ", extensible: "codes of ", preferred: "preferably codes of ", example: "for example codes of " }[one.strength];
  const set = one.valueSet ? link(last(one.valueSet), toValueSet(one.valueSet)) : "a value set that is described in words";
  return [strength, set, one.strength === "extensible" && ", others where none of them fits"].filter(Boolean);
}

function types(all = []) {
  if (all.length === 0) return "no type of its own";
  return list(
    all.map(({ code, profiles = [], targets = [] }) => [
      code,
      profiles.length > 0 && [" by ", list(profiles.map((url) => link(last(url), toProfile(url))), " or ")],
      targets.length > 0 && [" to ", list(targets.map((url) => link(last(url), toProfile(url))), " or ")],
    ]),
    "; ",
  );
}

const slicing = (one) => one && `by ${one.discriminators.map(({ type, path }) => `the ${type} of ${path === "$this" ? "the element itself" : path}`).join(" and ") || "nothing"}; ${{ open: "others may be among them", openAtEnd: "others may follow", closed: "no others are allowed" }[one.rules]}${one.ordered ? "; in this order" : ""}`;

const flags = { mustSupport: ["must be supported", "need not be supported"], isModifier: ["changes the meaning of what it is in", "changes no meaning"], isSummary: ["is part of a summary", "is no part of a summary"] };

/** One difference in words, as text and elements. */
export function inWords({ field, a, b }) {
  if (field in flags) return flags[field][b ? 0 : 1];
  switch (field) {
    case "min":
      return b === 0 ? "may be left out" : [a === 0 && b === 1 ? "must be there" : `must be there at least ${b} times`, a === 0 ? " (before: may be left out)" : was(`at least ${a}`)];
    case "max":
      return b === "0" ? ["must not be there", was(`at most ${many(a)}`)] : [`at most ${many(b)}`, was(a === undefined ? undefined : many(a))];
    case "fixed":
      return b ? [`always ${b.json}`, was(a?.json)] : ["no longer always ", a.json];
    case "pattern":
      return b ? [`must hold ${b.json}`, was(a?.json)] : ["need no longer hold ", a.json];
    case "binding":
      return [binding(b), a ? was(binding(a)) : ""];
    case "types":
      return [types(b), a?.length ? was(types(a)) : ""];
    case "slicing":
      return b ? ["has slices, told apart ", slicing(b), a ? was(slicing(a)) : ""] : "has no slices any more";
    case "invariants": {
      const known = new Set((a ?? []).map(({ key }) => key));
      const added = (b ?? []).filter(({ key }) => !known.has(key));
      const kept = new Set((b ?? []).map(({ key }) => key));
      const gone = (a ?? []).filter(({ key }) => !kept.has(key));
      return [
        added.length > 0 && ["must fulfil ", list(added.map(({ key, words, expression }) => [h("strong", {}, key), words ? `: ${words}` : expression ? [": ", h("code", {}, expression)] : ""]), "; ")],
        gone.length > 0 && `${added.length > 0 ? "; " : ""}need not fulfil ${gone.map(({ key }) => key).join(", ")}`,
        added.length + gone.length === 0 && "has an invariant of another wording",
      ];
    }
    case "maxLength":
      return [b === undefined ? "of any length" : `at most ${b} characters`, was(a)];
    case "minValue":
      return [b ? `at least ${b.json}` : "of no least value", was(a?.json)];
    case "maxValue":
      return [b ? `at most ${b.json}` : "of no greatest value", was(a?.json)];
    case "extension":
      return ["is the extension ", b ? link(last(b), toProfile(b)) : "none", a ? was(last(a)) : ""];
    case "contentReference":
      return [b ? `as ${b}` : "has content of its own", was(a)];
    default:
      return [`${field}: `, b === undefined ? "nothing" : JSON.stringify(b), was(a === undefined ? "nothing" : JSON.stringify(a))];
  }
}

/** The facts of an element that are worth a word where there was none before. */
const NEW = ["min", "max", "types", "fixed", "pattern", "binding", "slicing", "mustSupport", "isModifier", "invariants"];

/** What is different about an element: a list item. */
export function difference({ id, change, a, b, differences = [] }, head) {
  const facts = change === "added" ? NEW.filter((field) => b[field] !== undefined && b[field] !== false && !(field === "min" && b.min === 0)).map((field) => inWords({ field, b: b[field] })) : differences.map(inWords);
  const word = { added: b?.slice ? "new slice" : "new element", removed: a?.slice ? "slice that is gone" : "gone" }[change];
  return h("li", {}, h("p", {}, head ?? h("strong", {}, id), word && h("span", { class: "flag" }, word)), facts.length > 0 && h("ul", { class: "says" }, facts.map((fact) => h("li", {}, fact))));
}
