// The configuration file, careconnect.config.json: what would otherwise be said on every command line.

import { existsSync, lstatSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { Failure, nearest, reason } from "./output.js";
import { safe } from "./terminal.js";

const NAME = "careconnect.config.json";
const SEVERITIES = ["error", "warning", "information"];

const strings = (value) => Array.isArray(value) && value.every((item) => typeof item === "string");
const among = (choices) => ({ is: (value) => choices.includes(value), needs: `one of ${choices.map((choice) => `"${choice}"`).join(", ")}` });
const STRINGS = { is: strings, needs: "an array of strings" };
const FLAG = { is: (value) => typeof value === "boolean", needs: "true or false" };

/** What may stand in it, and what each must be. */
const KEYS = {
  $schema: { is: (value) => typeof value === "string", needs: "a string" },
  packs: { is: (value) => value === "all" || strings(value), needs: 'an array of names or paths of packs, or "all"' },
  definitions: STRINGS,
  profiles: STRINGS,
  rules: {
    is: (value) => value !== null && typeof value === "object" && !Array.isArray(value),
    needs: 'an object, for example { "code-unchecked": "off" }',
  },
  severity: among(SEVERITIES),
  failOn: among([...SEVERITIES, "unchecked", "never"]),
  unknownExtensions: among(["information", "error"]),
  today: { is: (value) => typeof value === "string", needs: 'a day, for example "2026-02-28"' },
  testNumbers: FLAG,
  workflow: { is: (value) => typeof value === "string", needs: 'a MESH workflow id, for example "TOC_FHIR_IP_DISCH"' },
  redact: FLAG,
};

/** What a rule may be set to. */
const RULE_SEVERITIES = [...SEVERITIES, "off"];

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
  if (config === null || typeof config !== "object" || Array.isArray(config)) throw wrong("it is not an object.");
  for (const [key, value] of Object.entries(config)) {
    if (!Object.hasOwn(KEYS, key)) throw wrong(`there is no '${key}'.${nearest(key, Object.keys(KEYS))} There is: ${Object.keys(KEYS).join(", ")}.`);
    if (!KEYS[key].is(value)) throw wrong(`'${key}' is ${KEYS[key].needs}.`);
  }
  for (const [rule, severity] of Object.entries(config.rules ?? {})) {
    if (!RULE_SEVERITIES.includes(severity)) throw wrong(`the rule '${rule}' is ${RULE_SEVERITIES.join(", ")}; this is ${JSON.stringify(severity)}.`);
    const { known } = await import("./rules.js");
    known(rule, `The configuration '${file}' is wrong`);
  }
  for (const key of ["packs", "definitions"]) {
    for (const name of strings(config[key]) ? config[key] : []) {
      if (isElsewhere(name)) throw wrong(`'${key}' names '${name}', which is not on this computer. Name it on the command line, with --${key}.`);
    }
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
    ...(config.definitions && { definitions: config.definitions.map(at) }),
    ...(strings(config.packs) && { packs: config.packs.map((pack) => (isPath(pack) ? at(pack) : pack)) }),
  };
  note(`The configuration '${shown(resolve(file))}' is in force.`);
  return found;
}

/**
 * Whether a name leads away from this computer: a URL, or a share of a network. A configuration comes with whatever is
 * checked out, and must not have requests made.
 */
const isElsewhere = (name) => /^[\\/]{2}/.test(name) || (URL.canParse(name) && !/^[a-z]:[\\/]/i.test(name));
