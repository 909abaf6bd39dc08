// The configuration file, careconnect.config.json: what would otherwise be said on every command line.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Failure, nearest, reason } from "./output.js";

const NAME = "careconnect.config.json";
const SEVERITIES = ["error", "warning", "information"];

const strings = (value) => Array.isArray(value) && value.every((item) => typeof item === "string");
const among = (choices) => ({ is: (value) => choices.includes(value), needs: `one of ${choices.map((choice) => `"${choice}"`).join(", ")}` });
const STRINGS = { is: strings, needs: "an array of strings" };
const FLAG = { is: (value) => typeof value === "boolean", needs: "true or false" };

/** What may stand in it, and what each must be. */
const KEYS = {
  $schema: { is: (value) => typeof value === "string", needs: "a string" },
  packs: { is: (value) => value === "all" || strings(value), needs: 'an array of names, paths or URLs of packs, or "all"' },
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
  redact: FLAG,
};

/** What a rule may be set to. */
const RULE_SEVERITIES = [...SEVERITIES, "off"];

/** The file that is in force in a folder: its own, or that of the nearest folder above it that has one. */
function nearestFile(folder) {
  for (;;) {
    const file = join(folder, NAME);
    if (existsSync(file)) return file;
    const above = dirname(folder);
    if (above === folder) return undefined;
    folder = above;
  }
}

/** The configuration: `file`, or the one in force here; with paths as they are from here. Nothing where there is none. */
export async function configuration(file = nearestFile(process.cwd())) {
  if (file === undefined) return {};
  let text;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
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
  const folder = dirname(resolve(file));
  const isPath = (pack) => /[\\/.]/.test(pack) && !URL.canParse(pack);
  return {
    ...config,
    ...(config.definitions && { definitions: config.definitions.map((path) => resolve(folder, path)) }),
    ...(strings(config.packs) && { packs: config.packs.map((pack) => (isPath(pack) ? resolve(folder, pack) : pack)) }),
  };
}
