// What is to be done: the options of the command line, over those of the configuration file.

import { resolve } from "node:path";
import { commands } from "./commands.js";
import { configuration, inSection, keyOf, wrongValue } from "./config.js";
import { Failure, nearest } from "./output.js";
import { placed } from "./pattern.js";

/** The configuration in force. */
const configured = (values) => (values["no-config"] ? {} : configuration(values.config));

/** The packs and definitions to use, for any command that loads them. */
export async function sources(values, config) {
  config ??= await configured(values);
  return {
    packs: values.packs?.split(",").filter(Boolean) ?? config.packs,
    definitions: [...(config.definitions ?? []), ...(values.definitions ?? [])],
  };
}

/** An option's value from the environment, where everything is text. */
function fromEnvironment(name, option) {
  const variable = `CARECONNECT_${name.replaceAll("-", "_").toUpperCase()}`;
  const text = process.env[variable];
  if (text === undefined || text === "") return undefined;
  const flag = new Map([["true", true], ["1", true], ["false", false], ["0", false]]);
  const value = option.number ? numberOf(text) : option.value ? text : flag.get(text);
  const needs = wrongValue(option, value);
  if (needs) throw new Failure(`The environment's ${variable} is ${needs}.`, { hint: false });
  return value;
}

const numberOf = (text) => (/^\d{1,10}$/.test(text) ? Number(text) : undefined);

/**
 * The settings of a command that takes them from the command line, the environment and its section of the configuration, in this
 * order; by their names in the configuration.
 */
export async function layered(command, values) {
  const own = { ...values };
  const { config: file, "no-config": none, ...others } = command.options;
  own.config ??= fromEnvironment("config", file);
  own["no-config"] ??= fromEnvironment("no-config", none);
  for (const [name, option] of Object.entries(others)) {
    const given = own[name] ?? fromEnvironment(name, option);
    if (given !== undefined) own[name] = option.many && !Array.isArray(given) ? given.split(",").filter(Boolean) : given;
  }
  const config = await configured(own);
  const section = config[command.settings] ?? {};
  const settings = {};
  for (const [name, option] of inSection(command)) {
    const [given, key] = [own[name], keyOf(name)];
    const value = option.number && typeof given === "string" ? numberOf(given) : given;
    const needs = given === undefined ? undefined : wrongValue(option, value);
    if (needs) throw new Failure(`--${name} is ${needs}; this is '${given}'.`);
    settings[key] = value ?? section[key] ?? option.default;
  }
  // Sections are about files, and here there are none: to pass over them might leave a profile unchecked.
  const other = ["overrides", "suppressions"].find((key) => config[key]?.length > 0);
  if (other) throw new Failure(`The configuration's '${other}' is not for '${command.name}'. It takes 'rules', 'profiles' and 'profilesFor'.`, { hint: false });
  const { packs, definitions, options } = await settle(own, config);
  return { settings, packs, definitions, options };
}

/** The settings of a validation, each with its default where neither says anything. */
export async function settle(values, config) {
  config ??= await configured(values);
  const {
    "unknown-extensions": unknownExtensions = config.unknownExtensions,
    "test-numbers": testNumbers = config.testNumbers,
    today = config.today,
    workflow = config.workflow,
    "fhir-version": fhirVersion = config.fhirVersion,
  } = values;
  const rules = { ...config.rules };
  const ignored = (values.ignore ?? []).flatMap((names) => names.split(",")).filter(Boolean);
  if (ignored.length > 0) {
    const { known } = await import("./rules.js");
    for (const name of ignored) {
      known(name, "--ignore");
      rules[name] = "off";
    }
  }
  const profilesFor = byType(values["profile-for"], config.profilesFor);
  const { format, outputs } = outputsOf(values);
  const { sections } = await import("./sections.js");
  const base = {
    profiles: [...(config.profiles ?? []), ...(values.profile ?? [])],
    ...(Object.keys(profilesFor).length > 0 && { profilesFor }),
    ...(Object.keys(rules).length > 0 && { rules }),
    ...(unknownExtensions && { unknownExtensions }),
    ...(testNumbers && { testNumbers }),
    ...(today && { today: dayOf(today) }),
    ...(workflow && { workflow }),
    ...(fhirVersion && { fhirVersion }),
  };
  return {
    format,
    outputs,
    severity: values.severity ?? config.severity ?? "information",
    failOn: values["fail-on"] ?? config.failOn ?? "error",
    quiet: values.quiet ?? false,
    redact: values.redact ?? config.redact ?? false,
    jobs: jobsOf(values.jobs),
    ...(await sources(values, config)),
    fix: fixOf(values),
    baseline: baselineOf(values, config),
    maxIssues: values["max-issues"] === undefined ? Infinity : wholeFrom0("--max-issues", values["max-issues"]),
    statistics: values.statistics ?? false,
    timing: values.timing ?? false,
    exclude: exclusion(values.exclude, config, [values["write-baseline"], values.baseline ?? config.baseline, ...outputs.map(({ file }) => file)]),
    // What --ignore leaves out is left out, whatever the configuration says of single files.
    sections: sections(config, base, new Set(ignored)),
    options: base,
  };
}

/** The format of what is printed, and what is written to files besides. */
function outputsOf(values) {
  const { choices } = commands.find(({ name }) => name === "validate").options.format;
  const known = Object.keys(choices);
  const seen = new Set();
  const outputs = (values.output ?? []).map((given) => {
    const at = given.indexOf("=");
    const [format, file] = [given.slice(0, Math.max(at, 0)), given.slice(at + 1)];
    if (at < 1 || file === "") throw new Failure(`--output is FORMAT=FILE, for example sarif=careconnect.sarif; this is '${given}'.`);
    if (!known.includes(format)) throw new Failure(`--output has no format '${format}'.${nearest(format, known)} It is one of: ${known.join(", ")}.`);
    if (seen.has(resolve(file))) throw new Failure(`Two outputs would be written to '${file}'.`);
    seen.add(resolve(file));
    return { format, file };
  });
  // Annotations are what Actions show; a step that says what it wants gets that.
  const isAction = process.env.GITHUB_ACTIONS === "true" && outputs.length === 0 && !values.watch && !values["dry-run"];
  return { format: values.format ?? (isAction ? "github" : "text"), outputs };
}

/** Whether faults are to be put right in the files (`write`), or what would change is to be printed (`diff`). */
function fixOf(values) {
  if (!values.fix) {
    if (values["dry-run"]) throw new Failure("--dry-run goes with --fix.");
    return undefined;
  }
  if (values.watch) throw new Failure("--fix does not go with --watch, which would see its own changes.");
  if (!values["dry-run"]) return "write";
  if (values.format) throw new Failure("--dry-run prints a diff; --output FORMAT=FILE writes the findings to a file.");
  if (values.redact) throw new Failure("--dry-run prints parts of the files, so that it does not go with --redact.");
  return "diff";
}

function baselineOf(values, config) {
  const write = values["write-baseline"];
  if (write !== undefined && values.baseline !== undefined) throw new Failure("--write-baseline records everything that is found: give it without --baseline.");
  if (write !== undefined && values.watch) throw new Failure("--write-baseline does not go with --watch.");
  return { write, read: write === undefined ? (values.baseline ?? config.baseline) : undefined };
}

/** Profiles by type: those of the configuration and those of the command line. */
function byType(given = [], configured = {}) {
  const found = new Map(Object.entries(configured));
  for (const one of given) {
    const at = one.indexOf("=");
    const [type, url] = [one.slice(0, Math.max(at, 0)), one.slice(at + 1)];
    if (!/^[A-Za-z]+$/.test(type) || url === "") throw new Failure(`--profile-for is TYPE=URL, for example Patient=CareConnect-Patient-1; this is '${one}'.`);
    found.set(type, [...(found.get(type) ?? []), url]);
  }
  return Object.fromEntries(found);
}

/** A function that says whether a file is left out, and counts those that are. */
function exclusion(given = [], config, own) {
  const patterns = [...given.map((pattern) => placed(pattern, process.cwd())), ...(config.exclude ?? []).map((pattern) => placed(pattern, config.folder))];
  const left = { count: 0 };
  // What the command line reads and writes itself is no resource.
  const ours = new Set(own.filter((file) => file !== undefined).map((file) => resolve(file)));
  const isOut = (file) => {
    if (ours.has(resolve(file))) return true;
    const out = file !== "-" && patterns.some((matches) => matches(file));
    if (out) left.count += 1;
    return out;
  };
  return { isOut, left, patterns: [...given, ...(config.exclude ?? [])] };
}

function wholeFrom0(name, value) {
  if (!/^\d{1,9}$/.test(value)) throw new Failure(`${name} is a whole number; this is '${value}'.`);
  return Number(value);
}

function jobsOf(value = "1") {
  const jobs = Number(value);
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > 256) throw new Failure(`--jobs is a whole number from 1; this is '${value}'.`);
  return jobs;
}

/** A day that there is. What the core is given is checked before it is started, so that a mistake is said once. */
export function dayOf(text) {
  const date = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  if (!date || Number.isNaN(date.valueOf()) || date.toISOString().slice(0, 10) !== text) {
    throw new Failure(`The day to judge by is written as 2026-02-28; this is '${text}'.`);
  }
  return text;
}
