// A profile's differential, changed element by element: what the form of the Author view does to the text of a definition.

/** The elements of a profile, in the order of its snapshot. */
export function* flat(element) {
  yield element;
  for (const inner of [...(element.slices ?? []), ...(element.children ?? [])]) yield* flat(inner);
}

/** A definition's text as data, where it is a profile in JSON; undefined otherwise. */
export function readProfile(text) {
  try {
    const definition = JSON.parse(text.replace(/^\uFEFF/, ""));
    return definition?.resourceType === "StructureDefinition" && definition.derivation === "constraint" ? definition : undefined;
  } catch {
    return undefined;
  }
}

/** The id of the element that another is within, or a slice of. */
const outer = (id) => {
  const step = id.slice(id.lastIndexOf(".") + 1);
  if (step.includes(":")) return id.slice(0, id.lastIndexOf(":"));
  return id.includes(".") ? id.slice(0, id.lastIndexOf(".")) : undefined;
};

/** The path of an element, which names no slices. */
export const pathOf = (id) => id.split(".").map((step) => step.split(":")[0]).join(".");

/** Where an element stands among `ids`; what is new stands behind all that is within what it belongs to. */
function rank(id, ids) {
  const at = ids.indexOf(id);
  if (at >= 0) return at;
  for (let around = outer(id); around !== undefined; around = outer(around)) {
    const last = ids.findLastIndex((one) => one === around || one.startsWith(`${around}.`) || one.startsWith(`${around}:`));
    if (last >= 0) return last + 0.5;
  }
  return ids.length;
}

const idOf = (element) => element.id ?? (element.sliceName ? `${element.path}:${element.sliceName}` : element.path);

/** What a definition says of an element, if it says anything. */
export const said = (definition, id) => definition.differential?.element?.find((element) => idOf(element) === id);

/** Changes what a definition says of an element, which is put in its place where nothing was said of it; `ids` is the snapshot's order. */
export function change(definition, id, ids, update) {
  definition.differential ??= {};
  const elements = (definition.differential.element ??= []);
  let element = said(definition, id);
  if (!element) {
    element = { id, path: pathOf(id) };
    const slice = /:([^.:]+)$/.exec(id)?.[1];
    if (slice) element.sliceName = slice;
    const own = rank(id, ids);
    const before = elements.findIndex((one) => rank(idOf(one), ids) > own);
    elements.splice(before < 0 ? elements.length : before, 0, element);
  }
  update(element);
  for (const [name, value] of Object.entries(element)) if (value === undefined || value === "" || (Array.isArray(value) && value.length === 0)) delete element[name];
}

/** Lets a definition say nothing more of an element and what is within it. */
export function unsay(definition, id) {
  const elements = definition.differential?.element ?? [];
  definition.differential.element = elements.filter((element) => idOf(element) !== id && !idOf(element).startsWith(`${id}.`));
}

/** The name of a value's property, as `fixedUri` of `uri`. */
export const valueName = (start, type) => start + type[0].toUpperCase() + type.slice(1);

/** Sets or removes a fixed or required value of an element: `start` is `fixed`, `pattern` or nothing. */
export function setValue(element, start, type, value) {
  for (const name of Object.keys(element)) if (/^(fixed|pattern)[A-Z]/.test(name)) delete element[name];
  if (start) element[valueName(start, type)] = value;
}

/** An element as a snapshot has it, with what stands in `base` and what the differential says of it in words. */
function snapshotElement(element, base, own = {}) {
  const { id, path, slice, min, max, types, contentReference, slicing, fixed, pattern, minValue, maxValue, maxLength, binding, invariants } = element;
  const made = { id, path, ...(slice && { sliceName: slice }) };
  if (slicing) {
    made.slicing = { ...(slicing.discriminators.length > 0 && { discriminator: slicing.discriminators.map(({ type, path }) => ({ type, path })) }), ordered: slicing.ordered, rules: slicing.rules };
  }
  if (own.short) made.short = own.short;
  Object.assign(made, { definition: own.definition ?? own.short ?? `As ${base.path} is defined.`, min, max, base });
  if (contentReference) made.contentReference = contentReference.startsWith("#") ? contentReference : `#${contentReference}`;
  // STU3 has one profile and one target to a type, which is repeated for more of them.
  const list = (types ?? []).filter(({ code }) => code).flatMap(({ code, profiles = [undefined], targets = [undefined], aggregation }) =>
    profiles.flatMap((profile) => targets.map((targetProfile) => ({ code, ...(profile && { profile }), ...(targetProfile && { targetProfile }), ...(aggregation && { aggregation }) }))),
  );
  if (list.length > 0 && path.includes(".")) made.type = list;
  for (const [start, stated] of Object.entries({ fixed, pattern, minValue, maxValue })) {
    if (stated) made[valueName(start, stated.type)] = JSON.parse(stated.json);
  }
  if (maxLength) made.maxLength = maxLength;
  if (invariants?.length) {
    made.constraint = invariants.map(({ key, severity, words, expression, source }) => ({ key, severity, human: words ?? key, ...(expression && { expression }), ...(source && { source }) }));
  }
  for (const flag of ["mustSupport", "isModifier", "isSummary"]) if (element[flag]) made[flag] = true;
  if (binding) made.binding = { strength: binding.strength, ...(binding.valueSet ? { valueSetReference: { reference: binding.valueSet } } : { description: "Described in words only." }) };
  return made;
}

/** A definition with the snapshot that the core makes of it; `typeOf` gives the definition of a type by its name. */
export async function withSnapshot(definition, profile, typeOf) {
  const elements = [...flat(profile.element)];
  const bases = new Map();
  const addType = async (code, path) => {
    const type = await typeOf(code);
    if (!type) return;
    for (const one of flat(type.element)) {
      const here = path + one.path.slice(code.length);
      if (!one.slice && !bases.has(here)) bases.set(here, { path: one.path, min: one.min, max: one.max });
    }
  };
  await addType(profile.type, profile.type);
  for (const { path, types = [] } of elements) {
    // What is within a data type is defined there.
    if (types.length === 1 && elements.some((one) => one.path.startsWith(`${path}.`)) && ![...bases.keys()].some((one) => one.startsWith(`${path}.`))) await addType(types[0].code, path);
  }
  const made = elements.map((element) => snapshotElement(element, bases.get(element.path) ?? { path: element.path, min: element.min, max: element.max }, said(definition, element.id)));
  return { ...definition, snapshot: { element: made } };
}
