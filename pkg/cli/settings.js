// What is to be done: the options of the command line, over those of the configuration file.

import { configuration } from "./config.js";
import { Failure } from "./output.js";

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

/** The settings of a validation, each with its default where neither says anything. */
export async function settle(values) {
  const config = await configured(values);
  const {
    "unknown-extensions": unknownExtensions = config.unknownExtensions,
    "test-numbers": testNumbers = config.testNumbers,
    today = config.today,
    workflow = config.workflow,
  } = values;
  const rules = { ...config.rules };
  if (values.ignore) {
    const { known } = await import("./rules.js");
    for (const name of values.ignore.flatMap((names) => names.split(",")).filter(Boolean)) {
      known(name, "--ignore");
      rules[name] = "off";
    }
  }
  return {
    format: values.format ?? "text",
    severity: values.severity ?? config.severity ?? "information",
    failOn: values["fail-on"] ?? config.failOn ?? "error",
    quiet: values.quiet ?? false,
    redact: values.redact ?? config.redact ?? false,
    jobs: jobsOf(values.jobs),
    ...(await sources(values, config)),
    options: {
      profiles: [...(config.profiles ?? []), ...(values.profile ?? [])],
      ...(Object.keys(rules).length > 0 && { rules }),
      ...(unknownExtensions && { unknownExtensions }),
      ...(testNumbers && { testNumbers }),
      ...(today && { today: dayOf(today) }),
      ...(workflow && { workflow }),
    },
  };
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
