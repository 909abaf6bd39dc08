// The calls of the core, and how each of their values is read. What a call takes besides its options comes before them.

import { inputOf, keyOf, listOf, optionsOf, valueOf } from "./given.js";

const input = (kind) => (value) => inputOf(kind, value);
const resource = input("resource");
const value = (value) => valueOf(value);
const resources = (values) => listOf("resources", values).map(resource);

export const CALLS = new Map([
  ["validate", [resource, optionsOf]],
  ["outcome", [resource, optionsOf]],
  ["missing", [resource, optionsOf]],
  ["render", [resource, optionsOf]],
  ["rendered", [resource, optionsOf]],
  ["redact", [resource, keyOf]],
  ["compareDemographics", [input("first patient"), input("second patient"), optionsOf]],
  ["fhirpath", [resource, value, optionsOf]],
  ["view", [input("ViewDefinition"), resources, optionsOf]],
  ["profiles", []],
  ["profile", [value]],
  ["compareProfiles", [value, value]],
  ["valueSets", []],
  ["valueSet", [value, optionsOf]],
  ["outline", [resource, optionsOf]],
  ["elementAt", [resource, value, optionsOf]],
  ["locate", [resource, value]],
  ["complete", [resource, value, optionsOf]],
  ["convert", [resource, value]],
  ["skeleton", [value]],
  ["rules", []],
  ["definitions", []],
]);

/** Those that are the package's own, and not for programs. */
export const INTERNAL = new Set(["missing", "rendered", "definitions"]);

/** The values of a call, read. */
export const read = (method, values) => CALLS.get(method).map((reader, at) => reader(values[at]));
