// Matchers for tests: expect.extend() of Vitest and Jest, and plain assertions for node:test. matchers.d.ts documents them.

import { load } from "./index.js";
import { namedOptions } from "./given.js";
import { refused } from "./errors.js";

/** How many issues a message lists. */
const MOST = 10;

/** What load() takes; all else are options of validate(). */
const LOADING = new Set(["packs", "definitions", "wasm"]);

async function judge(options) {
  const all = Object.entries(namedOptions(options) ?? {});
  const careconnect = await load(Object.fromEntries(all.filter(([name]) => LOADING.has(name))));
  const own = Object.fromEntries(all.filter(([name]) => !LOADING.has(name)));
  // A mistake in the options is said when they are given, and not of every resource.
  careconnect.validate("{}", own);
  return {
    report: (resource, more) => careconnect.validate(resource, { ...own, ...namedOptions(more) }),
    knows: new Set(careconnect.rules().map(({ rule }) => rule)),
  };
}

const isBad = ({ severity }) => severity === "fatal" || severity === "error";

/** The issues as a person reads them, the first of them. */
function listed(issues) {
  const lines = issues.slice(0, MOST).map(({ severity, rule, message, expression, line, column }) => `  ${line}:${column} ${severity} ${expression}: ${message} [${rule}]`);
  if (issues.length > MOST) lines.push(`  and ${issues.length - MOST} more`);
  return lines.length > 0 ? `\n${lines.join("\n")}` : "";
}

const VERDICTS = {
  valid({ report }, resource, options) {
    const found = report(resource, options);
    return {
      pass: found.valid,
      yes: () => `It is valid where it was to be invalid. ${found.reason}`,
      no: () => `It is not valid. ${found.reason}${listed(found.issues.filter(isBad))}`,
    };
  },
  fullyValid({ report }, resource, options) {
    const found = report(resource, options);
    const open = found.unchecked.slice(0, MOST).map(({ expression, subject, reason }) => `\n  ${expression}: ${reason}${subject ? ` (${subject})` : ""}`);
    return {
      pass: found.verdict === "valid",
      yes: () => `It is valid, and everything was checked, where that was not to be. ${found.reason}`,
      no: () => `It is not valid, or not fully checked. ${found.reason}${listed(found.issues.filter(isBad))}${open.join("")}`,
    };
  },
  issue({ report, knows }, resource, rule, at, options) {
    // A rule that there is not is never broken, and a test of that would test nothing.
    if (!knows.has(rule)) throw refused(`There is no rule '${rule}'. docs/rules.md has all of them.`);
    if (at !== undefined && typeof at !== "string") throw refused("The place is an expression as issues give it, such as 'Patient.gender'.");
    const found = report(resource, options);
    const where = at === undefined ? "" : ` at ${at}`;
    return {
      pass: found.issues.some((issue) => issue.rule === rule && (at === undefined || issue.expression === at)),
      yes: () => `The issue ${rule} was found${where}.${listed(found.issues.filter((issue) => issue.rule === rule))}`,
      no: () => `The issue ${rule} was not found${where}. ${found.reason}${listed(found.issues)}`,
    };
  },
};

const matcher = (judge, verdict) => (...values) => {
  const { pass, yes, no } = verdict(judge, ...values);
  return { pass, message: pass ? yes : no };
};

export async function matchers(options) {
  const own = await judge(options);
  return {
    toBeValid: matcher(own, VERDICTS.valid),
    toBeFullyValid: matcher(own, VERDICTS.fullyValid),
    toHaveIssue: matcher(own, VERDICTS.issue),
  };
}

/** What an assertion throws: test runners know it by its code, and show both values. */
class AssertionError extends Error {
  name = "AssertionError";
  code = "ERR_ASSERTION";
  generatedMessage = false;
}

const assertion = (judge, verdict, wanted) =>
  function assertion(...values) {
    const { pass, yes, no } = verdict(judge, ...values);
    if (pass === wanted) return;
    const error = new AssertionError(pass ? yes() : no());
    // Where the test called it is what matters.
    Error.captureStackTrace?.(error, assertion);
    throw error;
  };

export async function assertions(options) {
  const own = await judge(options);
  return {
    valid: assertion(own, VERDICTS.valid, true),
    notValid: assertion(own, VERDICTS.valid, false),
    fullyValid: assertion(own, VERDICTS.fullyValid, true),
    hasIssue: assertion(own, VERDICTS.issue, true),
    hasNoIssue: assertion(own, VERDICTS.issue, false),
  };
}
