// `careconnect profile`: what a profile says, as a tree; or where two profiles differ.

import { open } from "./core.js";
import { counted, Failure, json, nearest, write } from "./output.js";
import { sources } from "./settings.js";
import { safe, terminal, widthOf, wrap } from "./terminal.js";

export async function run(names, values) {
  if (names.length !== (values.diff ? 2 : 1)) {
    throw new Failure(values.diff ? "--diff compares two profiles: name both." : "Name one profile, by its URL or the end of it.");
  }
  const from = await sources(values);
  const { careconnect } = await open({ ...from, packs: from.packs ?? "all" });
  const all = careconnect.profiles();
  const urls = names.map((name) => resolve(all, name));
  const term = terminal(process.stdout);
  const found = values.diff ? careconnect.compareProfiles(...urls) : careconnect.profile(urls[0]);
  careconnect.free();
  if (values.format === "json") return write(`${json(found, 2)}\n`);
  await write(values.diff ? comparison(found, term) : tree(found, term));
}

/** The URL of a profile that is named by its URL, its name, or the end of its URL. */
export function resolve(profiles, asked) {
  const [name, version] = asked.split("|");
  const last = (url) => url.slice(url.lastIndexOf("/") + 1);
  const same = (how) => profiles.filter((profile) => how(profile) && (!version || profile.version === version));
  for (const how of [({ url }) => url === name, ({ url }) => last(url) === name, (profile) => profile.name === name]) {
    const urls = [...new Set(same(how).map(({ url }) => url))];
    if (urls.length === 1) return version ? `${urls[0]}|${version}` : urls[0];
    if (urls.length > 1) throw new Failure(`'${asked}' may be any of these:`, { lines: urls });
  }
  const hint = nearest(last(name), profiles.map(({ url }) => last(url)));
  throw new Failure(`There is no profile '${asked}' in the packs that are loaded.${hint} 'careconnect packs NAME' lists those of a pack.`);
}

function tree(profile, term) {
  const { name, url, version, type, base, derivation, pack, contexts, contextInvariants, element } = profile;
  const kind = derivation === "constraint" ? `profile of ${type}` : `the type ${type}`;
  const about = [kind, base && base !== `${BASE}${type}` && `based on ${base}`, pack && `pack ${pack}`].filter(Boolean).join(", ");
  const head = [term.paint("bold", safe(name)), term.paint("dim", safe(version ? `${url}|${version}` : url)), safe(about)];
  if (contexts) head.push(`may stand on: ${safe(contexts.join(", "))}`);
  if (contextInvariants) head.push(`only where: ${safe(contextInvariants.join("; "))}`);
  const rows = [];
  branches(element, element.path, "", "", rows);
  const widest = Math.max(...rows.map(({ left }) => widthOf(left)));
  const column = Math.min(widest, Math.max(24, term.width >> 1)) + 2;
  const lines = rows.flatMap(({ left, stem, element }) => row(left, stem, element, column, term));
  const rules = invariants(element);
  const notes = rules.length > 0 ? ["", term.paint("bold", "Rules"), ...rules.flatMap((rule) => invariant(rule, term))] : [];
  return `${[...head, "", ...lines, ...notes, "", KEY].join("\n")}\n`;
}

const BASE = "http://hl7.org/fhir/StructureDefinition/";
const KEY = "S: must be supported. ?!: changes the meaning of what it is in. Σ: part of the summary.";

/** Every element with its place in the tree: `left`, and the `stem` that its further lines have instead. */
function branches(element, label, first, stem, rows) {
  const inner = [...(element.slices ?? []).map((slice) => [slice, `:${slice.slice ?? ""}`]), ...(element.children ?? []).map((child) => [child, nameOf(child)])];
  rows.push({ left: first + safe(label), stem: stem + (inner.length > 0 ? "│" : ""), element });
  inner.forEach(([child, name], at) => {
    const last = at === inner.length - 1;
    branches(child, name, `${stem}${last ? "└─ " : "├─ "}`, `${stem}${last ? "   " : "│  "}`, rows);
  });
}

const nameOf = ({ path, slice }) => path.slice(path.lastIndexOf(".") + 1) + (slice ? `:${slice}` : "");

function row(left, stem, element, column, { paint, width }) {
  const { min, max, mustSupport, isModifier, isSummary } = element;
  const flags = [isModifier && "?!", mustSupport && "S", isSummary && "Σ"].filter(Boolean).join(" ");
  const cardinality = `${min}..${max}`;
  const style = max === "0" ? "dim" : min > 0 ? "bold" : [];
  // Extensions are sliced by their URL everywhere; it is worth a line where there are slices.
  const stated = element.slices || !/extension$/i.test(element.path) ? element : { ...element, slicing: undefined };
  const facts = [typesOf(stated), ...details(stated)].filter(Boolean);
  const room = Math.max(24, width - column - 16);
  const right = [];
  for (const fact of facts.flatMap((fact) => wrap(safe(fact), room, Math.max(room, width)))) {
    const joined = `${right.at(-1)}, ${fact}`;
    if (right.length > 0 && widthOf(joined) <= room) right[right.length - 1] = joined;
    else right.push(fact);
  }
  const pad = (text) => text + " ".repeat(Math.max(1, column - widthOf(text)));
  const lines = [`${paint(style, pad(left))}${cardinality.padEnd(6)}${flags.padEnd(8)}  ${right[0] ?? ""}`];
  for (const text of right.slice(1)) lines.push(`${pad(stem)}${" ".repeat(16)}${paint("dim", text)}`);
  return lines.map((line) => line.trimEnd());
}

const short = (url) => (url.startsWith(BASE) ? url.slice(BASE.length) : url.slice(url.lastIndexOf("/") + 1));

function typesOf({ types = [], contentReference, extension }) {
  if (contentReference) return `as ${contentReference.slice(1)}`;
  if (extension) return extension;
  const words = types.map(({ code, profiles = [], targets = [], aggregation }) => {
    const as = profiles.length > 0 ? `{${profiles.map(short).join(" | ")}}` : "";
    const to = targets.length > 0 ? `(${targets.map(short).join(" | ")})` : "";
    return `${code}${as}${to}${aggregation ? ` [${aggregation.join(", ")}]` : ""}`;
  });
  return words.join(" | ");
}

/** What else is said of an element, a fact a line. */
function details({ slicing, fixed, pattern, minValue, maxValue, maxLength, binding }) {
  const by = slicing?.discriminators.map(({ type, path }) => `${type} of ${path}`).join(" and ");
  return [
    slicing && `sliced${by ? ` by ${by}` : ""}, ${slicing.rules}${slicing.ordered ? ", in order" : ""}`,
    fixed && `exactly ${fixed.json}`,
    pattern && `at least ${pattern.json}`,
    minValue && `from ${minValue.json}`,
    maxValue && `to ${maxValue.json}`,
    maxLength && `at most ${maxLength} characters`,
    binding && `${binding.strength} ${binding.valueSet ?? "(no value set)"}${binding.maxValueSet ? `, at most ${binding.maxValueSet}` : ""}`,
  ];
}

/** The rules of a tree's elements, each once, but for those that every element has. */
function invariants(root) {
  const found = new Map();
  const visit = (element) => {
    for (const rule of element.invariants ?? []) {
      if (rule.key === "ele-1" || rule.key === "ext-1") continue;
      const known = found.get(`${rule.key} ${rule.expression}`);
      if (known) known.on.push(element.id);
      else found.set(`${rule.key} ${rule.expression}`, { ...rule, on: [element.id] });
    }
    for (const inner of [...(element.slices ?? []), ...(element.children ?? [])]) visit(inner);
  };
  visit(root);
  return [...found.values()];
}

function invariant({ key, severity, expression, words, on }, { paint, width }) {
  const where = on.length > 3 ? `${on.slice(0, 3).join(", ")} and ${on.length - 3} more` : on.join(", ");
  const style = severity === "error" ? "red" : "yellow";
  const indented = (text) => wrap(safe(text), width - 4, width).map((line) => `    ${line}`);
  const lines = [`  ${paint("bold", safe(key))} (${paint(style, severity)}) on ${safe(where)}`];
  return [...lines, ...(words ? indented(words) : []), ...(expression ? indented(expression).map((line) => paint("dim", line)) : [])];
}

function comparison({ a, b, elements }, { paint, width }) {
  const lines = [paint("red", `- ${safe(a)}`), paint("green", `+ ${safe(b)}`), ""];
  const fact = (sign, style, text) =>
    wrap(safe(text), width - 6, width).map((line, at) => paint(style, `    ${at === 0 ? sign : " "} ${line}`));
  const count = { added: 0, removed: 0, changed: 0 };
  for (const { id, change, differences = [], ...sides } of elements) {
    const [sign, style] = { added: ["+", "green"], removed: ["-", "red"], changed: ["~", "yellow"] }[change];
    const facts = differences.flatMap(({ field, a: before, b: after }) => {
      const [removed, added] = difference(field, before, after);
      return [
        ...removed.flatMap((text) => fact("-", "red", `${field}: ${text}`)),
        ...added.flatMap((text) => fact("+", "green", `${field}: ${text}`)),
      ];
    });
    // The same rule that each states for itself is no difference.
    if (change === "changed" && facts.length === 0) continue;
    count[change] += 1;
    lines.push(`${paint([style, "bold"], `${sign} ${safe(id)}`)}${change === "changed" ? "" : `  ${inOneLine(sides.a ?? sides.b)}`}`, ...facts);
  }
  const all = count.added + count.removed + count.changed;
  const summary = `${counted(count.added, "element")} added, ${count.removed} removed, ${count.changed} changed.`;
  return `${[...lines, all === 0 ? "They say the same." : `\n${summary}`].join("\n")}\n`;
}

const inOneLine = (facts) => safe([`${facts.min}..${facts.max}`, typesOf(facts), ...details(facts)].filter(Boolean).join(", "));

/** What one side has and the other has not: of a list, only the items that differ. */
function difference(field, before, after) {
  if (Array.isArray(before ?? after)) {
    const texts = (items = []) => items.map((item) => inWords(field, item));
    const [left, right] = [texts(before), texts(after)];
    return [left.filter((text) => !right.includes(text)), right.filter((text) => !left.includes(text))];
  }
  const side = (value) => (value === undefined ? [] : [inWords(field, value)]);
  return [side(before), side(after)];
}

function inWords(field, value) {
  if (field === "types") return typesOf({ types: [value] });
  if (field === "invariants") return `${value.key} (${value.severity}) ${value.expression ?? ""}`;
  const detail = details({ [field]: value }).find(Boolean);
  return detail ?? String(value);
}
