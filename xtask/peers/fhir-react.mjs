// Says of each mutant whether fhir-react shows it: reads `{"id", "resource", "mutants": [{"pointer", "value"}]}` a line,
// and writes `{"id", "outcomes"}` a line, where each letter stands for a mutant: c changed, s the same, r refused.

import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { JSDOM } from "jsdom";

const require = createRequire(import.meta.url);
const { window } = new JSDOM("<!DOCTYPE html>");
for (const name of ["window", "document", "navigator", "HTMLElement", "Element", "Node", "DocumentFragment", "HTMLTemplateElement"]) {
  Object.defineProperty(globalThis, name, { value: name === "window" ? window : window[name], configurable: true });
}
const { createElement } = require("react");
const { renderToStaticMarkup } = require("react-dom/server");
const { FhirResource, fhirVersions } = require("fhir-react");
const { log } = console;
for (const name of ["log", "warn", "error"]) console[name] = () => {};

/** The text that a reader of the component sees, every fold but the raw JSON open. */
function shown(resource) {
  const html = renderToStaticMarkup(createElement(FhirResource, { fhirResource: resource, fhirVersion: fhirVersions.STU3 }));
  const body = window.document.createElement("div");
  body.innerHTML = html;
  // The resource's own JSON, hidden until a button is pressed, is no display of it.
  for (const raw of body.querySelectorAll('[class*="__json--hidden"]')) raw.remove();
  return body.textContent.replace(/\s+/g, " ");
}

/** A copy with another value at a JSON pointer. */
function changed(resource, pointer, value) {
  const copy = structuredClone(resource);
  const steps = pointer.split("/").slice(1);
  const last = steps.pop();
  const parent = steps.reduce((at, step) => at[step], copy);
  parent[last] = value;
  return copy;
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, resource, mutants } = JSON.parse(line);
  let before;
  try {
    before = shown(resource);
  } catch {
    log(JSON.stringify({ id, outcomes: "r".repeat(mutants.length) }));
    continue;
  }
  let outcomes = "";
  for (const { pointer, value } of mutants) {
    try {
      outcomes += shown(changed(resource, pointer, value)) === before ? "s" : "c";
    } catch {
      outcomes += "r";
    }
  }
  log(JSON.stringify({ id, outcomes }));
}
