// What a configuration says of single files and types: other profiles and severities for some (overrides), and single
// findings that are not reported, each with the reason (suppressions).

import { Failure } from "./output.js";
import { placed } from "./pattern.js";
import { dayOf } from "./settings.js";

/** How deep a resource is looked into for the resources within: a Bundle in a Bundle, with what those contain. */
const DEPTH = 6;

/** The elements that hold a resource. */
const HOLDERS = new Set(["resource", "contained", "outcome"]);

/**
 * What applies to each file. `base` are the options of all; a rule that is `ignored` stays out.
 *
 * - `optionsFor(file)`: the options of its check
 * - `all`: every options object there may be, to be tried at the start
 * - `adjust(result, outline)`: a result with the severities by type, without what is suppressed; `outline` gives the
 *   outline of its text
 * - `suppressions`: `{ rule, reason, count, … }`, counted as they are used
 */
export function sections(config, base, ignored) {
  const overrides = (config.overrides ?? []).map((override) => ({ ...override, fits: fits(override.paths, config.folder) }));
  const suppressions = (config.suppressions ?? []).map((suppression, at) => prepared(suppression, at, config.folder, base.today));
  const whole = overrides.filter(({ types }) => !types);
  const typed = overrides.filter(({ types }) => types);
  return {
    all: [base, ...overrides.map((override) => merged(base, [override], ignored))],
    suppressions,
    /** As the configuration has them. */
    overrides: config.overrides ?? [],
    optionsFor: (file) => {
      if (overrides.length === 0) return base;
      const applies = overrides.filter(({ fits }) => fits(file));
      return withTyped(merged(base, applies.filter(({ types }) => !types), ignored), applies.filter(({ types }) => types), ignored);
    },
    adjust: async (result, outline) => {
      const own = typed.filter(({ fits, rules }) => rules && fits(result.file));
      const could = suppressions.filter(({ fits, isOver }) => !isOver && fits(result.file));
      if (result.issues.length === 0 || (own.length === 0 && could.length === 0)) return result;
      const levels = merged(base, whole.filter(({ fits }) => fits(result.file)), ignored).rules ?? {};
      const concerned = new Set([...own.flatMap(({ rules }) => Object.keys(rules)), ...could.map(({ rule }) => rule)]);
      if (!result.issues.some(({ rule }) => concerned.has(rule))) return result;
      const resources = resourcesOf(await outline(DEPTH));
      return suppressed(levelled(result, own, levels, ignored, resources), could, resources);
    },
  };
}

/** Whether a section is for a file: for all where it names no paths. */
function fits(paths, folder) {
  const patterns = paths?.map((path) => placed(path, folder));
  return (file) => !patterns || patterns.some((matches) => matches(file));
}

/** The options with what sections say besides, the later over the earlier. */
function merged(base, overrides, ignored) {
  const out = { ...base };
  for (const { profiles, rules, unknownExtensions, testNumbers, workflow, types } of overrides) {
    if (profiles && !types) out.profiles = [...out.profiles, ...profiles];
    if (profiles && types) out.profilesFor = forTypes(out.profilesFor, types, profiles);
    if (rules) out.rules = { ...out.rules, ...Object.fromEntries(Object.entries(rules).filter(([rule]) => !ignored.has(rule))) };
    if (unknownExtensions) out.unknownExtensions = unknownExtensions;
    if (testNumbers !== undefined) out.testNumbers = testNumbers;
    if (workflow) out.workflow = workflow;
  }
  return out;
}

function forTypes(profilesFor = {}, types, profiles) {
  const found = new Map(Object.entries(profilesFor));
  for (const type of types) found.set(type, [...(found.get(type) ?? []), ...profiles]);
  return Object.fromEntries(found);
}

/** The options with what must be looked at for sections by type: profiles, and rules that are off but for some types. */
function withTyped(options, typed, ignored) {
  let { profilesFor, rules = {} } = options;
  for (const section of typed) {
    if (section.profiles) profilesFor = forTypes(profilesFor, section.types, section.profiles);
    for (const [rule, level] of Object.entries(section.rules ?? {})) {
      if (level !== "off" && rules[rule] === "off" && !ignored.has(rule)) rules = { ...rules, [rule]: level };
    }
  }
  return { ...options, ...(profilesFor && { profilesFor }), ...(Object.keys(rules).length > 0 && { rules }) };
}

/** The resources of an input, with their expressions, the outer before the inner. */
function resourcesOf(outline) {
  const found = [];
  const visit = (node, isRoot) => {
    if (isRoot || HOLDERS.has(node.name)) found.push({ type: node.type ?? node.name, expression: node.expression });
    for (const child of node.children ?? []) visit(child, false);
  };
  visit(outline, true);
  return found;
}

/** The innermost resource that an expression is of. */
const around = (expression, resources) =>
  resources.findLast(({ expression: own }) => expression === own || expression.startsWith(`${own}.`)) ?? resources[0];

function levelled(result, typed, levels, ignored, resources) {
  let changed = false;
  const issues = result.issues.flatMap((issue) => {
    const section = typed.findLast(({ types, rules }) => Object.hasOwn(rules, issue.rule) && types.includes(around(issue.expression, resources).type));
    const isTyped = typed.some(({ rules }) => Object.hasOwn(rules, issue.rule)) && !ignored.has(issue.rule);
    if (!isTyped || issue.severity === "fatal") return [issue];
    const level = section ? section.rules[issue.rule] : levels[issue.rule];
    if (level === undefined || level === issue.severity) return [issue];
    changed = true;
    return level === "off" ? [] : [{ ...issue, severity: level }];
  });
  return changed ? judged({ ...result, issues }) : result;
}

/** A result with the verdict that its issues now come to. */
function judged(result) {
  const number = (...severities) => result.issues.filter(({ severity }) => severities.includes(severity)).length;
  const [errors, warnings, open] = [number("fatal", "error"), number("warning"), result.unchecked.length];
  const counted = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;
  const also = warnings > 0 ? `, ${counted(warnings, "warning")}` : "";
  const verdict = errors > 0 ? "invalid" : open > 0 ? "not-fully-checked" : "valid";
  const words = {
    invalid: `Invalid: ${counted(errors, "error")}${also}.`,
    valid: `Valid: no errors${also}.`,
    "not-fully-checked": `Not fully checked: ${counted(open, "check")} could not be made. No errors in the rest${also}.`,
  };
  return { ...result, valid: errors === 0, verdict, reason: words[verdict] };
}

function prepared(suppression, at, folder, today) {
  const { until } = suppression;
  if (until !== undefined) {
    try {
      dayOf(until);
    } catch {
      throw new Failure(`The configuration is wrong: 'until' in suppressions[${at}] is a day, for example "2026-12-31"; this is '${until}'.`);
    }
  }
  // The day that the caller judges by, or that of this computer.
  const isOver = until !== undefined && (today ?? new Date().toISOString().slice(0, 10)) > until;
  return { ...suppression, fits: fits(suppression.paths, folder), isOver, count: 0 };
}

const withoutIndexes = (expression) => expression.replace(/\[\d+\]/g, "");

/** Whether an element is one that is named, or within it: by the whole expression, or by that from its own resource on. */
function isAt(issue, wanted, resources) {
  if (wanted === undefined) return true;
  const { type, expression } = around(issue.expression, resources);
  const names = [issue.expression, type + issue.expression.slice(expression.length)];
  const own = withoutIndexes(wanted);
  return names.map(withoutIndexes).some((name) => name === own || name.startsWith(`${own}.`));
}

function suppressed(result, could, resources) {
  const out = [];
  const issues = result.issues.filter((issue) => {
    // What could not be read must not pass for read.
    const by = issue.severity !== "fatal" && could.find(({ rule, types, expression }) => {
      return rule === issue.rule && (!types || types.includes(around(issue.expression, resources).type)) && isAt(issue, expression, resources);
    });
    if (by) out.push({ issue, by });
    return !by;
  });
  return out.length > 0 ? { ...result, issues, suppressed: out } : result;
}
