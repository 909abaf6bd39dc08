// The configuration file, careconnect.config.json: what would otherwise be said on every command line.

import { existsSync, lstatSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { commands } from "./commands.js";
import { Failure, nearest, reason } from "./output.js";
import { safe } from "./terminal.js";

const NAME = "careconnect.config.json";
const SEVERITIES = ["error", "warning", "information"];

const strings = (value) => Array.isArray(value) && value.every((item) => typeof item === "string");
const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const among = (choices) => ({ is: (value) => choices.includes(value), needs: `one of ${choices.map((choice) => `"${choice}"`).join(", ")}` });
const STRING = { is: (value) => typeof value === "string", needs: "a string" };
const STRINGS = { is: strings, needs: "an array of strings" };
const FLAG = { is: (value) => typeof value === "boolean", needs: "true or false" };
const RULES = { is: isObject, needs: 'an object, for example { "code-unchecked": "off" }' };
const EXTENSIONS = among(["information", "error"]);
const WORKFLOW = { is: (value) => typeof value === "string", needs: 'a MESH workflow id, for example "TOC_FHIR_IP_DISCH"' };
const OBJECTS = { is: (value) => Array.isArray(value) && value.every(isObject), needs: "an array of objects" };
const SOME = { is: (value) => strings(value) && value.length > 0, needs: "an array of at least one string" };
const WORDS = { is: (value) => typeof value === "string" && value.trim() !== "", needs: "a text that is not empty" };

/** What may stand in it, and what each must be. careconnect.schema.json says the same to editors. */
export const KEYS = {
  $schema: STRING,
  packs: { is: (value) => value === "all" || strings(value), needs: 'an array of names or paths of packs, or "all"' },
  definitions: STRINGS,
  profiles: STRINGS,
  profilesFor: {
    is: (value) => isObject(value) && Object.values(value).every(strings),
    needs: "an object of resource types, each with an array of profiles' URLs",
  },
  rules: RULES,
  exclude: STRINGS,
  overrides: OBJECTS,
  suppressions: OBJECTS,
  baseline: STRING,
  severity: among(SEVERITIES),
  failOn: among([...SEVERITIES, "unchecked", "never"]),
  unknownExtensions: EXTENSIONS,
  today: { is: (value) => typeof value === "string", needs: 'a day, for example "2026-02-28"' },
  testNumbers: FLAG,
  workflow: WORKFLOW,
  fhirVersion: among(["3.0", "4.0"]),
  redact: FLAG,
  serve: { is: (value) => value !== null && typeof value === "object" && !Array.isArray(value), needs: 'an object, for example { "port": 8080 }' },
};

/** What may stand in an item of a list of objects. Where `either` is given, one of these keys must be there. */
export const ITEMS = {
  overrides: {
    keys: { paths: SOME, types: SOME, profiles: STRINGS, rules: RULES, unknownExtensions: EXTENSIONS, testNumbers: FLAG, workflow: WORKFLOW },
    either: ["paths", "types"],
    // A resource in a Bundle is judged in the Bundle's own check, whose options are one for all.
    notWith: { types: ["unknownExtensions", "testNumbers", "workflow"] },
    required: [],
  },
  suppressions: {
    keys: { rule: STRING, paths: SOME, types: SOME, expression: WORDS, reason: WORDS, until: STRING },
    either: [],
    notWith: {},
    required: ["rule", "reason"],
  },
};
/** What an option is called in the configuration: --max-body is maxBody. */
export const keyOf = (option) => option.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());

/** Options that are keys of the whole configuration, and not of a command's section. */
const OF_ALL = ["packs", "definitions", "config", "no-config", "profile", "unknown-extensions", "test-numbers"];

/** The options that a command's section may have. */
export const inSection = ({ options }) => Object.entries(options).filter(([name]) => !OF_ALL.includes(name));

/** What is wrong with a value of an option; undefined for nothing. */
export function wrongValue({ value: takes, number, choices }, value) {
  if (!takes) return typeof value === "boolean" ? undefined : "true or false";
  if (number) return Number.isInteger(value) && value >= number[0] && value <= number[1] ? undefined : `a whole number from ${number[0]} to ${number[1]}`;
  if (choices) return Object.hasOwn(choices, value) ? undefined : `one of ${Object.keys(choices).join(", ")}`;
  return typeof value === "string" && value !== "" ? undefined : "a text, and not empty";
}

/** What is wrong with the sections of commands. One that was found, and not named, opens nothing to a network. */
function sectionFault(config, isFound) {
  for (const command of commands) {
    const section = command.settings && config[command.settings];
    if (!section) continue;
    const known = new Map(inSection(command).map(([name, option]) => [keyOf(name), option]));
    for (const [key, value] of Object.entries(section)) {
      const where = `'${command.settings}.${key}'`;
      if (!known.has(key)) return `there is no ${where}.${nearest(key, [...known.keys()])} There is: ${[...known.keys()].join(", ")}.`;
      const needs = wrongValue(known.get(key), value);
      if (needs) return `${where} is ${needs}.`;
      if (isFound && (key === "host" || key === "playground")) return `${where} is taken only from a configuration that is named with --config.`;
    }
  }
  return undefined;
}

/** What a rule may be set to. */
export const RULE_SEVERITIES = [...SEVERITIES, "off"];

/** What a folder has that is the root of a repository: what lies above it is somebody else's. */
const ROOTS = [".git", ".hg", ".svn", ".jj"];

/** The longest configuration that is read, in bytes. */
const LONGEST = 1 << 20;

/**
 * The file that is in force in a folder: its own, or that of the nearest folder above it that has one, within the repository
 * that the folder is in. One that belongs to another user is not used, as it could say what is left out.
 */
function nearestFile(folder) {
  for (;;) {
    const file = join(folder, NAME);
    if (existsSync(file)) {
      if (isOurs(file)) return file;
      note(`The configuration '${shown(file)}' belongs to another user and is not used. Name it with --config to use it.`);
      return undefined;
    }
    const above = dirname(folder);
    if (above === folder || ROOTS.some((name) => existsSync(join(folder, name)))) return undefined;
    folder = above;
  }
}

/** Whether a file, and the link by which it is found, are this user's, or the administrator's. */
function isOurs(file) {
  const user = process.getuid?.();
  if (user === undefined) return true;
  // With sudo it is the user's own who called it.
  const ours = [user, 0, ...(user === 0 && process.env.SUDO_UID ? [Number(process.env.SUDO_UID)] : [])];
  return [lstatSync(file), statSync(file)].every(({ uid }) => ours.includes(uid));
}

const note = (sentence) => process.stderr.write(`careconnect: ${safe(sentence)}\n`);

/** A path as it is shortest from here. */
function shown(file) {
  const path = relative(process.cwd(), file);
  return path === "" || path.length > file.length ? file : path;
}

/** The configuration: `file`, or the one in force here; with paths as they are from here. Nothing where there is none. */
export async function configuration(given) {
  const file = given ?? nearestFile(process.cwd());
  const isFound = given === undefined;
  if (file === undefined) return {};
  let text;
  try {
    const kind = statSync(file);
    if (isFound && !kind.isFile()) throw new Failure(`The configuration '${file}' is no file.`);
    if (kind.size > LONGEST) throw new Failure(`The configuration '${file}' is longer than ${LONGEST} bytes, so it is none.`);
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(`The configuration '${file}' cannot be read: ${reason(error)}.`);
  }
  const wrong = (what) => new Failure(`The configuration '${file}' is wrong: ${what}`);
  let config;
  try {
    config = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw wrong(`it is not JSON (${error.message}).`);
  }
  await hold(config, wrong, file);
  const fault = sectionFault(config, isFound);
  if (fault) throw wrong(fault);
  for (const key of ["packs", "definitions"]) {
    for (const name of strings(config[key]) ? config[key] : []) {
      if (isElsewhere(name)) throw wrong(`'${key}' names '${name}', which is not on this computer. Name it on the command line, with --${key}.`);
    }
  }
  if (config.baseline !== undefined && isElsewhere(config.baseline)) {
    throw wrong(`'baseline' names '${config.baseline}', which is not on this computer. Name it on the command line, with --baseline.`);
  }
  const folder = dirname(resolve(file));
  const isPath = (pack) => /[\\/.]/.test(pack);
  const at = (path) => {
    const place = resolve(folder, path);
    const kind = statSync(place, { throwIfNoEntry: false });
    // A device or a pipe may have no end.
    if (kind && !kind.isFile() && !kind.isDirectory()) throw wrong(`'${path}' is neither a file nor a folder.`);
    return place;
  };
  const found = {
    ...config,
    folder,
    ...(config.baseline !== undefined && { baseline: at(config.baseline) }),
    ...(config.serve?.playground && { serve: { ...config.serve, playground: resolve(folder, config.serve.playground) } }),
    ...(config.definitions && { definitions: config.definitions.map(at) }),
    ...(strings(config.packs) && { packs: config.packs.map((pack) => (isPath(pack) ? at(pack) : pack)) }),
  };
  note(`The configuration '${shown(resolve(file))}' is in force.`);
  return found;
}

/** Holds a configuration to what may stand in it. */
async function hold(config, wrong, file) {
  if (!isObject(config)) throw wrong("it is not an object.");
  const holdKeys = (value, keys, where) => {
    for (const key of Object.keys(value)) {
      if (!Object.hasOwn(keys, key)) throw wrong(`there is no '${key}'${where}.${nearest(key, Object.keys(keys))} There is: ${Object.keys(keys).join(", ")}.`);
      if (!keys[key].is(value[key])) throw wrong(`'${key}'${where} is ${keys[key].needs}.`);
    }
  };
  const { known } = await import("./rules.js");
  const holdRules = (rules = {}) => {
    for (const [rule, severity] of Object.entries(rules)) {
      if (!RULE_SEVERITIES.includes(severity)) throw wrong(`the rule '${rule}' is ${RULE_SEVERITIES.join(", ")}; this is ${JSON.stringify(severity)}.`);
      known(rule, `The configuration '${file}' is wrong`);
    }
  };
  holdKeys(config, KEYS, "");
  holdRules(config.rules);
  for (const [list, { keys, either, notWith, required }] of Object.entries(ITEMS)) {
    for (const [at, item] of (Object.hasOwn(config, list) ? config[list] : []).entries()) {
      const where = ` in ${list}[${at}]`;
      holdKeys(item, keys, where);
      for (const key of required) if (!Object.hasOwn(item, key)) throw wrong(`'${key}' is missing${where}.`);
      if (either.length > 0 && !either.some((key) => Object.hasOwn(item, key))) {
        throw wrong(`one of ${either.map((key) => `'${key}'`).join(", ")} is missing${where}.`);
      }
      for (const [key, others] of Object.entries(notWith)) {
        const other = Object.hasOwn(item, key) && others.find((other) => Object.hasOwn(item, other));
        if (other) throw wrong(`'${other}' is for whole files, so that it does not go with '${key}'${where}.`);
      }
      holdRules(item.rules);
      if (item.rule !== undefined) known(item.rule, `The configuration '${file}' is wrong`);
    }
  }
}

/**
 * Whether a name leads away from this computer: a URL, or a share of a network. A configuration comes with whatever is
 * checked out, and must not have requests made.
 */
const isElsewhere = (name) => /^[\\/]{2}/.test(name) || (URL.canParse(name) && !/^[a-z]:[\\/]/i.test(name));
