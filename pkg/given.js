// What callers hand over, read once and made plain before the core is entered. Whatever runs code of the caller's (getters,
// proxies, toJSON) runs here, where it can throw without harm; what cannot be read is refused, and nothing is passed over.

import { refused } from "./errors.js";

/** The longest list that an option may be. */
const LONGEST = 1_000_000;

/** How deep an option may be: a list of objects, as answers are. */
const DEEPEST = 4;

// The properties of a typed array as the language has them, whatever its class or realm says.
const typed = Object.getPrototypeOf(Uint8Array.prototype);
const [kindOf, bufferOf, offsetOf, lengthOf] = [Symbol.toStringTag, "buffer", "byteOffset", "byteLength"].map(
  (name) => Object.getOwnPropertyDescriptor(typed, name).get,
);

const isObject = (value) => value !== null && typeof value === "object";
const tagOf = (value) => Object.prototype.toString.call(value).slice(8, -1);

/** Whether an object is one as `{…}` or `JSON.parse` make them, in any realm, rather than a Promise, a Blob and such. */
function isPlain(value) {
  if (!isObject(value) || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Whether an object of whatever class says of which type of resource it is. */
const isTyped = (value) => isObject(value) && !Array.isArray(value) && typeof value.resourceType === "string";

/** An object as what is written out: a class may have its type as a getter, which JSON leaves out. */
function written(value) {
  if (isPlain(value) || Object.hasOwn(value, "resourceType") || typeof value.toJSON === "function") return value;
  return { resourceType: value.resourceType, ...value };
}

/** What a value is, for the end of a sentence. */
export function what(value) {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== "object") return `a ${typeof value}`;
  try {
    if (Array.isArray(value)) return "an array";
    const name = value.constructor?.name;
    return typeof name === "string" && name !== "" ? `an object of the class ${name.slice(0, 50)}` : "an object";
  } catch {
    return "an object that cannot be read";
  }
}

/** The bytes of a `Uint8Array` of any realm, over memory that nobody changes meanwhile; undefined for anything else. */
export function bytesOf(kind, value) {
  if (!isObject(value) || kindOf.call(value) !== "Uint8Array") return undefined;
  const buffer = bufferOf.call(value);
  let bytes;
  try {
    bytes = new Uint8Array(buffer, offsetOf.call(value), lengthOf.call(value));
  } catch (cause) {
    throw refused(`The bytes of the ${kind} are gone: their buffer was given away.`, cause);
  }
  return isShared(bytes) || buffer.resizable === true ? new Uint8Array(bytes) : bytes;
}

/** Whether other threads see the memory of these bytes. */
export const isShared = ({ buffer }) => tagOf(buffer) === "SharedArrayBuffer";

/** An input as text or bytes. `kind` is what it is to be, for a sentence. */
export function inputOf(kind, value) {
  if (typeof value === "string") return value;
  const bytes = bytesOf(kind, value);
  if (bytes !== undefined) return bytes;
  if (!isPlain(value) && !isTyped(value)) {
    throw refused(`A ${kind} is a string, a Uint8Array or an object with its resourceType; this is ${what(value)}.`);
  }
  const words = `The ${kind} cannot be written as JSON: it contains itself, or a value that JSON does not have.`;
  let text;
  try {
    text = JSON.stringify(written(value));
  } catch (cause) {
    throw refused(words, cause);
  }
  if (typeof text !== "string" || losesIn(value)) throw refused(words);
  return text;
}

/** The items of a list, each read once. */
export function listOf(name, values) {
  if (!Array.isArray(values)) throw refused(`The ${name} are an array; this is ${what(values)}.`);
  return Array.from(values);
}

/** What JSON would leave out, or make an empty object of. */
const NO_JSON = new Set(["Map", "Set", "WeakMap", "WeakSet", "Promise", "ArrayBuffer", "SharedArrayBuffer", "RegExp", "Error"]);

/** Whether something in a value, which JSON could be made of, is not in that JSON. */
function losesIn(value) {
  const waiting = [value];
  while (waiting.length > 0) {
    const one = waiting.pop();
    if (typeof one === "function" || typeof one === "symbol") return true;
    if (!isObject(one) || typeof one.toJSON === "function") continue;
    if (!Array.isArray(one) && !isPlain(one) && (ArrayBuffer.isView(one) || NO_JSON.has(tagOf(one)))) return true;
    for (const inner of Object.values(one)) if (isObject(inner) || typeof inner === "function" || typeof inner === "symbol") waiting.push(inner);
  }
  return false;
}

/** The options by name, each read once; undefined where there are none. */
export function namedOptions(options) {
  if (options === undefined || options === null) return undefined;
  if (!isPlain(options)) throw refused(`The options are a plain object; this is ${what(options)}.`);
  return Object.fromEntries(Reflect.ownKeys(options).map((name) => [nameOf(name), options[name]]));
}

function nameOf(name) {
  if (typeof name === "symbol") throw refused(`There is no option '${String(name)}' here.`);
  return name;
}

/** The bytes of the key that options have; without one, of a key that nobody will know. */
export function keyOf(options) {
  // A thread is sent the bytes.
  if (isObject(options) && ArrayBuffer.isView(options)) return bytesOf("key", options);
  const { key, ...rest } = namedOptions(options) ?? {};
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw refused(`There is no option '${unknown}' here. The option is: key.`);
  if (key === undefined) return crypto.getRandomValues(new Uint8Array(32));
  const bytes = typeof key === "string" ? new TextEncoder().encode(key) : bytesOf("key", key);
  if (!bytes?.length) throw refused("The option 'key' is a string or a Uint8Array, and not empty.");
  return bytes;
}

/** The options as plain data. The core says what is wrong with a value of another kind, which stays as it is. */
export function optionsOf(options) {
  const named = namedOptions(options);
  if (named === undefined) return undefined;
  const read = ([name, value]) => [name, name === "against" && value !== undefined ? inputOf("previous version", value) : valueOf(value)];
  return Object.fromEntries(Object.entries(named).map(read));
}

/** Whether a reader is one of a call's options. */
export const isOptions = (reader) => reader === optionsOf || reader === keyOf;

/** A value as plain data: lists and plain objects are copied, in whatever realm they were made. */
export function valueOf(value, depth = 0) {
  if (Array.isArray(value)) {
    const { length } = value;
    if (length > LONGEST || depth === DEEPEST) throw refused(`A list of ${length} values is longer or deeper than options may be.`);
    return Array.from({ length }, (_, at) => valueOf(value[at], depth + 1));
  }
  if (!isPlain(value)) return value;
  if (depth === DEEPEST) throw refused("An option is deeper than options may be.");
  return Object.fromEntries(Reflect.ownKeys(value).map((name) => [nameOf(name), valueOf(value[name], depth + 1)]));
}
