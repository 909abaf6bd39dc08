// What the core says, in the words of the Language Server Protocol.

import { safe } from "../terminal.js";

const SEVERITIES = { fatal: 1, error: 1, warning: 2, information: 3 };

/** How many issues an editor is told of. */
const MOST = 1000;

/** How many things may be proposed at once; what is typed next narrows them down. */
const OPTIONS = 500;

export function diagnostics(document, { issues }) {
  const said = issues.slice(0, MOST).map((issue) => diagnostic(document, issue));
  if (issues.length > MOST) {
    const range = document.rangeOf({ offset: 0, length: 0 });
    const message = `${(issues.length - MOST).toLocaleString("en-GB")} more issues are not shown. careconnect validate lists them.`;
    said.push({ range, severity: 3, source: "careconnect", code: "more-issues", message });
  }
  return said;
}

function diagnostic(document, issue) {
  const { severity, rule, message, hint } = issue;
  return { range: document.rangeOf(issue), severity: SEVERITIES[severity], source: "careconnect", code: rule, message: safe(hint ? `${message} ${hint}` : message) };
}

/** Text out of definitions and resources, as Markdown that means nothing else. */
const plain = (text) => safe(String(text)).replace(/[\\`*_{}[\]<>()#+!|~-]/g, "\\$&");
const code = (text) => {
  const own = safe(String(text));
  const fence = "`".repeat(Math.max(0, ...(own.match(/`+/g) ?? []).map(({ length }) => length)) + 1);
  return `${fence}${fence.length > 1 ? ` ${own} ` : own}${fence}`;
};
const nameOf = (url) => url.slice(url.lastIndexOf("/") + 1);

export function hover(document, element) {
  const { expression, type, definitions = [], target } = element ?? {};
  if (!expression) return null;
  const lines = [`**${plain(expression)}**${type ? ` ${plain(type)}` : ""}`];
  // What a type says of itself is said of every element of that type.
  const said = definitions.filter(({ id }, at) => at === 0 || id.includes(".") || id === expression);
  for (const definition of said) lines.push(factsOf(definition));
  if (target) lines.push(`Refers to ${code(target.expression)} ${target.type ? plain(target.type) : ""} in this file.`);
  return { contents: { kind: "markdown", value: lines.join("\n\n") }, range: document.rangeOf(element) };
}

function factsOf({ id, profile, min, max, types = [], binding, mustSupport, isModifier, fixed, pattern, invariants = [], slicing }) {
  const parts = [`${min}..${max}`];
  if (types.length > 0) parts.push(types.map(({ code: name, targets }) => plain(name) + (targets?.length ? ` of ${targets.map((url) => plain(nameOf(url))).join(" or ")}` : "")).join(" | "));
  if (mustSupport) parts.push("must be supported");
  if (isModifier) parts.push("changes the meaning of the resource");
  const lines = [`${plain(nameOf(profile))}: ${code(id)} ${parts.join(", ")}`];
  if (binding) lines.push(`- ${plain(binding.strength)}: ${plain(binding.valueSet ?? "no value set")}`);
  for (const [name, value] of [["always", fixed], ["at least", pattern]]) if (value) lines.push(`- ${name} ${code(value.json)}`);
  if (slicing) lines.push(`- in slices, told apart by ${slicing.discriminators.map(({ path }) => code(path)).join(", ") || "what they are"}`);
  for (const { key, words } of invariants.filter(({ words }) => words)) lines.push(`- ${plain(key)}: ${plain(words)}`);
  return lines.join("\n");
}

const KINDS = { element: 10, code: 20, extension: 9, profile: 7 };

export function completions(document, offset, { offset: from, length, options }) {
  const range = document.rangeOf({ offset: from, length });
  // An editor takes an edit only where it holds the place that is typed in.
  if (from > offset || from + length < offset) return { isIncomplete: false, items: [] };
  const items = options.slice(0, OPTIONS).map(({ label, insert, kind, detail, missing }, at) => ({
    label,
    kind: KINDS[kind],
    ...(detail && { detail: missing ? `${detail}, required` : detail }),
    // In the core's order: the likeliest first.
    sortText: String(at).padStart(4, "0"),
    filterText: insert,
    textEdit: { range, newText: insert },
  }));
  return { isIncomplete: options.length > OPTIONS, items };
}

/** The fixes of what is at a place, and all of them at once. `apart` chooses those that leave each other alone. */
export function codeActions(document, issues, from, to, only, apart) {
  const wants = (kind) => !only || only.some((one) => kind === one || kind.startsWith(`${one}.`));
  const { uri } = document;
  const changes = (edits) => ({ changes: { [uri]: edits.map(({ text, ...place }) => ({ range: document.rangeOf(place), newText: text })) } });
  const actions = [];
  if (wants("quickfix")) {
    for (const issue of issues.filter(({ fixes, offset, length }) => fixes && offset <= to && from <= offset + length)) {
      issue.fixes.forEach(({ title, edits }, at) =>
        actions.push({ title: safe(title), kind: "quickfix", ...(at === 0 && { isPreferred: true }), diagnostics: [diagnostic(document, issue)], edit: changes(edits) }),
      );
    }
  }
  if (wants("source.fixAll.careconnect")) {
    const all = apart(issues);
    if (all.length > 0) {
      const edits = all.flatMap(({ fix }) => fix.edits).sort((a, b) => a.offset - b.offset);
      actions.push({ title: all.length === 1 ? "Put right what is certain" : `Put right what is certain (${all.length} faults)`, kind: "source.fixAll.careconnect", edit: changes(edits) });
    }
  }
  return actions;
}

/** LSP's kinds of symbols: a class for a resource, an object for what has parts, and primitives by their types. */
const SYMBOLS = { boolean: 17, integer: 16, unsignedInt: 16, positiveInt: 16, decimal: 16 };
const kindOf = ({ type, children, more }, isRoot) => (isRoot ? 5 : children?.length || more ? 19 : (SYMBOLS[type] ?? 15));

/** How many symbols an editor is told of. */
const MOST_SYMBOLS = 20_000;

export function symbols(document, outline, isHierarchical) {
  let count = 0;
  const nested = (node, isRoot) => {
    count += 1;
    const [from, end] = [Math.min(node.nameOffset, node.offset), node.offset + node.length];
    const children = [];
    for (const child of node.children ?? []) {
      if (count >= MOST_SYMBOLS) break;
      children.push(nested(child, false));
    }
    const { text } = node;
    return {
      name: safe(labelOf(node)) || "?",
      ...((text ?? node.type) !== undefined && { detail: safe(text === undefined ? node.type : text.length > 60 ? `${text.slice(0, 60).toWellFormed()}…` : text) }),
      kind: kindOf(node, isRoot),
      range: document.rangeOf({ offset: from, length: end - from }),
      selectionRange: document.rangeOf({ offset: from, length: Math.min(node.name.length, end - from) }),
      ...(children.length > 0 && { children }),
    };
  };
  const root = nested(outline, true);
  return isHierarchical ? [root] : flat(document, root, undefined, []);
}

/** An item of a list with its number. */
function labelOf({ name, expression }) {
  const [index] = /\[\d+\]$/.exec(expression) ?? [""];
  return name + index;
}

function flat(document, { name, kind, range, children = [] }, containerName, all) {
  all.push({ name, kind, location: { uri: document.uri, range }, ...(containerName && { containerName }) });
  for (const child of children) flat(document, child, name, all);
  return all;
}
