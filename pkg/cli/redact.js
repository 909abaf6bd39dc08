// Reports that quote nothing of a resource, for logs: instead of its message an issue has the words of its rule. Where it is
// and which profile asks for it stay; names that FHIR does not have are somebody's own, and go.

import { counted } from "./output.js";
import { rules } from "./rules.js";

const words = new Map(rules().map(({ rule, explanation }) => [rule, explanation]));
const OWN = {
  "unreadable-file": "The file cannot be read.",
  "internal-error": "The check failed on this file, which is a fault of careconnect's own.",
  unchecked: "This could not be decided offline.",
};

const wordsOf = (rule) => words.get(rule) ?? OWN[rule] ?? "This is not explained here.";

/** Every name of FHIR's, of types and of their elements, by the definitions that are loaded: a function that knows them. */
export async function vocabulary(careconnect) {
  const all = await careconnect.profiles();
  const types = all.filter(({ derivation }) => derivation === "specialization");
  const names = new Set(types.map(({ type }) => type));
  // An element with a choice of types has as many names: valueString, valueQuantity.
  const choices = new Set();
  const visit = ({ path, children = [] }) => {
    const name = path.slice(path.lastIndexOf(".") + 1);
    if (name.endsWith("[x]")) choices.add(name.slice(0, -"[x]".length));
    names.add(name);
    children.forEach(visit);
  };
  for (const { url } of types) visit((await careconnect.profile(url)).element);
  const typeNames = new Set(types.map(({ type }) => type[0].toUpperCase() + type.slice(1)));
  const isChoice = (name) => {
    for (let at = 1; at < name.length; at++) if (choices.has(name.slice(0, at)) && typeNames.has(name.slice(at))) return true;
    return false;
  };
  return (name) => names.has(name) || isChoice(name);
}

/** A result without what it quotes. `isKnown` tells the names that FHIR has. */
export function redacted(result, isKnown) {
  const place = places(result.issues.map(({ rule, expression }) => [rule, expression]), isKnown);
  const issues = result.issues.map((issue) => ({
    ...issue,
    message: wordsOf(issue.rule),
    expression: place(issue.expression),
  }));
  // What was to be decided may be a URL or a code out of the resource, and the reason may quote it.
  const unchecked = result.unchecked.map(({ expression, kind }) => ({ expression: place(expression), kind, reason: OWN.unchecked }));
  return { ...result, reason: reasonOf(result), issues, unchecked, redacted: true };
}

/** The line that says why the verdict is what it is, in numbers alone. */
function reasonOf({ verdict, issues, unchecked }) {
  const number = (...severities) => issues.filter(({ severity }) => severities.includes(severity)).length;
  const [errors, warnings] = [number("fatal", "error"), number("warning")];
  const also = warnings > 0 ? `, ${counted(warnings, "warning")}` : "";
  if (verdict === "invalid") return `Invalid: ${counted(errors, "error")}${also}.`;
  if (verdict === "valid") return `Valid: no errors${also}.`;
  return `Not fully checked: ${counted(unchecked.length, "check")} could not be made. No errors in the rest${also}.`;
}

/**
 * Gives an element's place up to the first name that is not FHIR's, or is not where FHIR has it: a type that is not known, an
 * element that its parent does not have.
 */
function places(all, isKnown) {
  const foreign = all.filter(([rule]) => rule === "resource-type-unknown" || rule === "unknown-element").map(([, expression]) => expression);
  const isForeign = (expression) => foreign.some((one) => expression === one || expression.startsWith(`${one}.`) || expression.startsWith(`${one}[`));
  return (expression) => {
    const parts = expression.split(".");
    const isOwn = (part, at) => (part !== "" && !isKnown(nameOf(part))) || isForeign(parts.slice(0, at + 1).join("."));
    const own = parts.findIndex(isOwn);
    return own < 0 ? expression : [...parts.slice(0, own), "…"].join(".");
  };
}

/** A part of a place without its index; nothing where there is anything else in it. */
const nameOf = (part) => /^([A-Za-z0-9]+)(?:\[\d+\])?$/.exec(part)?.[1] ?? "";
