// `careconnect types`: TypeScript's types for resources of a profile.

import { open } from "./core.js";
import { Failure, about, reason, write } from "./output.js";
import { resolve } from "./profile.js";
import { replaceFile } from "./replace.js";
import { sources } from "./settings.js";

const BASE = "http://hl7.org/fhir/StructureDefinition/";
const NUMBERS = new Set(["integer", "unsignedInt", "positiveInt", "decimal"]);

/** How many codes of a value set are listed at most; a longer one is any string. */
const CODES = 100;

export async function run(positionals, values) {
  const names = [...positionals, ...(values.profile ?? [])];
  if (names.length === 0) throw new Failure("For which profiles? Name them: careconnect types --profile CareConnect-Patient-1.");
  const from = await sources(values);
  const { careconnect } = await open({ ...from, packs: from.packs ?? "all" });
  try {
    const all = careconnect.profiles();
    const urls = [...new Set(names.map((name) => resolve(all, name)))];
    const text = new Types(careconnect).of(urls.map((url) => careconnect.profile(url)));
    if (values.output === undefined) return await write(text);
    try {
      replaceFile(values.output, text);
    } catch (error) {
      throw new Failure(`The file '${values.output}' cannot be written: ${reason(error)}.`);
    }
  } finally {
    careconnect.free();
  }
  return 0;
}

const pascal = (text) => text.replace(/[^A-Za-z0-9]+/g, " ").trim().split(" ").map((part) => part[0]?.toUpperCase() + part.slice(1)).join("");
const lastOf = (path) => path.slice(path.lastIndexOf(".") + 1);
const property = (name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));

/** Lines for a comment: nothing in them ends it, or is a character that is not seen. */
const comment = (lines, indent) => {
  const own = lines.map((line) => line.replaceAll("*/", "*\\/").replace(/[\0-\x1f\x7f-\x9f\u2028\u2029]/g, " "));
  if (own.length === 0) return "";
  if (own.length === 1) return `${indent}/** ${own[0]} */\n`;
  return `${indent}/**\n${own.map((line) => `${indent} * ${line}\n`).join("")}${indent} */\n`;
};

class Types {
  #careconnect;
  /** What is written, by name, and the data types that are still to be. */
  #made = new Map();
  #wanted = [];

  constructor(careconnect) {
    this.#careconnect = careconnect;
  }

  of(profiles) {
    for (const profile of profiles) this.#resource(profile);
    for (let name = this.#wanted.pop(); name !== undefined; name = this.#wanted.pop()) this.#dataType(name);
    const { version } = about();
    const head = `// Made by careconnect ${version} of ${profiles.map(({ url, version }) => (version ? `${url}|${version}` : url)).join(", ").replace(/[\r\n]/g, " ")}. Change the profile, not this.\n`;
    const parts = [...this.#made].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
    return `${head}\n${parts.join("\n")}`;
  }

  /** The tree of a type by its code, where it is known. */
  #typeTree(code) {
    return this.#careconnect.profile(BASE + code)?.element;
  }

  #isPrimitive(code) {
    return code === "xhtml" || code === "" || this.#careconnect.profile(BASE + code)?.kind === "primitive-type";
  }

  /** The name of a profile's interface, and those of the elements in it. */
  #resource({ url, type, kind, element }) {
    const name = this.#free(pascal(url.slice(url.lastIndexOf("/") + 1)) || pascal(type));
    const base = this.#typeTree(type) ?? element;
    const own = kind === "resource" ? [`  resourceType: ${JSON.stringify(type)};\n`] : [];
    this.#interface(name, element, base, { root: name, lines: [`${type} by ${url}`], own });
  }

  /** A name that no data type and no other profile has. */
  #free(name) {
    const taken = (name) => this.#made.has(name) || this.#careconnect.profile(BASE + name)?.kind === "complex-type" || name === "AnyResource" || !/^[A-Za-z]/.test(name);
    let own = /^[A-Za-z]/.test(name) ? name : `Profile${name}`;
    for (let at = 2; taken(own); at++) own = `${name}Profile${at > 2 ? at : ""}`;
    return own;
  }

  #dataType(name) {
    if (this.#made.has(name)) return;
    if (name === "AnyResource") {
      this.#made.set(name, "/** A resource of any type. */\nexport interface AnyResource {\n  resourceType: string;\n  id?: string;\n  [property: string]: unknown;\n}\n");
      return;
    }
    const element = this.#typeTree(name);
    this.#interface(name, element, element, { root: name, lines: [] });
  }

  #interface(name, element, base, { root, lines, own = [] }) {
    // It stands before what is in it, which may be made of it.
    this.#made.set(name, "");
    const fields = (element.children ?? []).flatMap((child) => {
      const of = base?.children?.find(({ path }) => lastOf(path) === lastOf(child.path));
      return this.#fields(child, of ?? child, root);
    });
    this.#made.set(name, `${comment(lines, "")}export interface ${name} {\n${[...own, ...fields].join("")}}\n`);
  }

  /** The properties that an element is in JSON: one for each type of a choice, and besides a primitive one for what it extends. */
  #fields(element, base, root) {
    const name = lastOf(element.path);
    const repeats = base.max !== "1" && base.max !== "0";
    if (element.max === "0") return [`  ${property(name.replace("[x]", ""))}?: never;\n`].filter(() => !name.endsWith("[x]"));
    const types = element.types?.filter(({ code }, at, all) => all.findIndex((other) => other.code === code) === at) ?? [];
    const isChoice = name.endsWith("[x]");
    const one = (type, property_) => {
      const optional = element.min === 0 || isChoice ? "?" : "";
      const text = this.#typeOf(element, base, type, root);
      const isPrimitive = type !== undefined && this.#isPrimitive(type.code) && type.code !== "xhtml";
      const list = (text) => (/[|]/.test(text) ? `(${text})[]` : `${text}[]`);
      const fields = [`${comment(this.#about(element, isChoice), "  ")}  ${property(property_)}${optional}: ${repeats ? list(isPrimitive ? `${text} | null` : text) : text};\n`];
      if (isPrimitive && name !== "id") {
        this.#want("Element");
        fields.push(`  ${property(`_${property_}`)}?: ${repeats ? "(Element | null)[]" : "Element"};\n`);
      }
      return fields;
    };
    if (isChoice) return types.flatMap((type) => one(type, name.replace("[x]", "") + type.code[0].toUpperCase() + type.code.slice(1)));
    return one(types[0], name);
  }

  #want(name) {
    if (!this.#made.has(name)) this.#wanted.push(name);
    return name;
  }

  #typeOf(element, base, type, root) {
    const stated = element.fixed ?? element.pattern;
    if (element.contentReference) return root + element.contentReference.replace(/^.*#/, "").split(".").slice(1).map(pascal).join("");
    if (!type) return "unknown";
    const { code } = type;
    if (code === "Resource" || code === "DomainResource") return this.#want("AnyResource");
    if (this.#isPrimitive(code)) {
      if (stated && stated.type === code) return this.#literal(code, stated.json);
      return (code === "code" && this.#codes(element.binding)) || this.#primitive(code);
    }
    const has = element.children?.length > 0 && (element.types?.length ?? 0) <= 1;
    if (!has) return this.#typeTree(code) ? this.#want(code) : "unknown";
    // What a profile says of what is inside makes it a type of its own.
    const name = root + element.path.split(".").slice(1).map(pascal).join("");
    const isOwn = code === "BackboneElement" || code === "Element";
    if (!this.#made.has(name)) this.#interface(name, element, isOwn ? base : (this.#typeTree(code) ?? base), { root, lines: [] });
    return name;
  }

  #primitive(code) {
    if (code === "boolean") return "boolean";
    return NUMBERS.has(code) ? "number" : "string";
  }

  #literal(code, json) {
    const value = JSON.parse(json);
    // A decimal has no literal type that keeps its digits.
    return typeof value === "string" || typeof value === "boolean" || (typeof value === "number" && code !== "decimal") ? JSON.stringify(value) : this.#primitive(code);
  }

  /** The codes that a required value set has, where all are known and they are not many. */
  #codes(binding) {
    if (binding?.strength !== "required" || !binding.valueSet) return undefined;
    const set = this.#careconnect.valueSet(binding.valueSet.split("|")[0], { limit: CODES + 1 });
    if (!set?.complete) return undefined;
    const codes = [...new Set(set.systems.flatMap(({ codes }) => codes.map(({ code }) => code)))];
    const total = set.systems.reduce((sum, { total }) => sum + total, 0);
    if (codes.length === 0 || total > CODES) return undefined;
    return codes.map((code) => JSON.stringify(code)).join(" | ");
  }

  #about({ min, max, types = [], binding, mustSupport, isModifier, slices = [] }, isChoice) {
    const targets = types.flatMap(({ targets = [] }) => targets).map((url) => url.slice(url.lastIndexOf("/") + 1));
    return [
      `${min}..${max}${isChoice && types.length > 1 ? ", of one of its types" : ""}${mustSupport ? ", must be supported" : ""}${isModifier ? ", changes the meaning of the resource" : ""}`,
      ...(targets.length > 0 ? [`Refers to ${[...new Set(targets)].join(", ")}.`] : []),
      ...(binding?.valueSet ? [`Codes (${binding.strength}): ${binding.valueSet}`] : []),
      ...slices.map(({ slice, min, max, extension }) => `Slice ${slice} ${min}..${max}${extension ? `: ${extension}` : ""}`),
    ];
  }
}
