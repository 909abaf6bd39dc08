// What a validation on the command line consists of, whether it runs once or watches: the check of each input with the settings
// that apply to it, what becomes of its findings, and where they are written.

import { createHash } from "node:crypto";
import { open } from "./core.js";
import { printers } from "./formats/index.js";
import { Failure, counted, reason } from "./output.js";

/** From the worst. What makes the exit status 1 may also be that something was not checked. */
const RANKS = { fatal: 0, error: 0, unchecked: 0, warning: 1, information: 2, never: -1 };

/** Everything that checking needs, with what the settings say. */
export async function start(settings) {
  const { format, outputs, failOn, severity, redact, quiet, jobs, sections, fix, maxIssues } = settings;
  const formats = [...(fix === "diff" ? [] : [format]), ...outputs.map(({ format }) => format)];
  // SARIF has a place for what puts an issue right; it may hold what the resource does.
  const fixes = fix !== undefined || (formats.includes("sarif") && !redact) || formats.includes("html");
  const { careconnect, reports } = await open(settings);
  const version = await careconnect.version;
  // A mistake in the options, such as a rule that cannot be turned off, is said once and not of every file.
  for (const options of sections.all) {
    try {
      if (Object.keys(options).length > 1) await careconnect.validate("{}", options);
    } catch (error) {
      throw new Failure(error.message);
    }
  }
  for (const { rule, reason, until } of sections.suppressions.filter(({ isOver }) => isOver)) {
    process.stderr.write(`careconnect: The suppression of '${rule}' was until ${until} and is over (${clean(reason)}).\n`);
  }
  const { redacted, vocabulary } = redact ? await import("./redact.js") : {};
  const isKnown = await vocabulary?.(careconnect);
  const fails = (issue) => RANKS[issue.severity] <= RANKS[failOn];
  const kept = (issue) => RANKS[issue.severity] <= RANKS[severity];
  const baseline = await baselineOf(settings.baseline);
  const left = { beyond: 0, room: maxIssues };
  /** What is reported of a report: with the severities of its place, less what is suppressed or known. */
  const meant = async (result, options) => {
    const adjusted = await sections.adjust(result, (depth) => careconnect.outline(result.bytes(), { depth }));
    // What was not read is never known.
    return baseline && !result.unread ? baseline.split(adjusted, options) : adjusted;
  };
  const checking = { careconnect, optionsFor: (file) => ({ ...sections.optionsFor(file), ...(fixes && { fixes }) }), meant, kept };
  const fixer = fix && new (await import("./fix.js")).Fixer(checking, settings);
  const check = async (input) => {
    const result = await checked(checking, input);
    return fixer && !result.unread ? fixer.fixed(result, input) : result;
  };
  return {
    fixer,
    baseline,
    definitions: reports.map((report) => ({ ...report, profiles: [], unchecked: [], isDefinition: true, bytes: () => new TextEncoder().encode(report.text()) })),
    printer: (several) => printers({ several, fails, failOn, least: severity, redact, quiet, isAfterBaseline: baseline !== undefined, settings, version, sections, definitions: reports }, fix === "diff" ? undefined : format, outputs),
    statistics: async () => (settings.statistics ? new (await import("./statistics.js")).Statistics() : undefined),
    isBad: (result) => result.issues.some(fails) || (failOn === "unchecked" && result.unchecked.length > 0),
    /** A result as it is shown: of those severe enough as many as there is room for. */
    shown: (result) => {
      const said = withNotes(redact ? redacted(result, isKnown) : result);
      const issues = said.issues.filter(kept);
      const within = issues.slice(0, left.room);
      left.room -= within.length;
      left.beyond += issues.length - within.length;
      return { ...said, issues: within, beyond: issues.slice(within.length), hidden: said.issues.length - issues.length, least: severity };
    },
    /** A result on its way out: what is known or suppressed is counted from here on. */
    results: (source) => inOrder(source, check, async (result) => counting(sections, await meant(result)), jobs > 1 ? jobs * 4 : 1),
    /** To be called before files are looked at once more. */
    again: (files) => {
      [left.room, left.beyond] = [maxIssues, 0];
      for (const file of files) baseline?.again(file);
      for (const suppression of sections.suppressions) suppression.count = 0;
    },
    /** What is not said elsewhere of what is not shown. */
    leftOut: () => [
      ...(left.beyond > 0 ? [`${counted(left.beyond, "issue")} beyond --max-issues ${maxIssues} ${left.beyond === 1 ? "is" : "are"} not shown.`] : []),
      ...(sections.suppressions.some(({ count }) => count > 0)
        ? [`${counted(sections.suppressions.reduce((sum, { count }) => sum + count, 0), "issue")} suppressed by the configuration: ${suppressions(sections)}.`]
        : []),
    ],
    free: () => careconnect.free(),
  };
}

const clean = (text) => text.replace(/[\0-\x1f\x7f-\x9f]/g, "\uFFFD");
const suppressions = ({ suppressions }) =>
  suppressions.filter(({ count }) => count > 0).map(({ rule, count, reason }) => `${rule} (${count.toLocaleString("en-GB")}: ${clean(reason)})`).join(", ");

async function baselineOf({ read, write }) {
  if (read === undefined && write === undefined) return undefined;
  const { readBaseline, recorder } = await import("./baseline.js");
  let known = 0;
  const own = write === undefined ? readBaseline(read) : recorder(write);
  return {
    again: (file) => own.again?.(file),
    split: (result, options = {}) => {
      const made = own.split(result, options);
      if (!options.keep) known += made.known ?? 0;
      return made;
    },
    end: (note) => {
      if (write !== undefined) {
        const { count, resources } = own.write();
        note(`${counted(count, "issue")} of ${counted(resources, "resource")} recorded in '${write}'. --baseline ${write} reports what is new.`);
        return;
      }
      const gone = own.gone();
      note(`${counted(known, "issue")} of the baseline '${read}' ${known === 1 ? "is" : "are"} not shown.`);
      if (gone > 0) note(`${counted(gone, "issue")} of the baseline ${gone === 1 ? "was" : "were"} not found again. --write-baseline records what is left.`);
    },
  };
}

function counting(sections, result) {
  for (const { by } of result.suppressed ?? []) by.count += 1;
  return result;
}

/** A result whose line of reason says what of its issues is not reported. */
function withNotes(result) {
  const parts = [
    result.known > 0 && `${result.known.toLocaleString("en-GB")} in the baseline`,
    result.suppressed?.length > 0 && `${result.suppressed.length.toLocaleString("en-GB")} suppressed`,
  ].filter(Boolean);
  return parts.length > 0 ? { ...result, reason: `${result.reason} Not reported: ${parts.join(", ")}.` } : result;
}

/** What becomes of each input, in their order, with so many being worked on at once. What is done last is done one by one. */
async function* inOrder(source, check, last, atOnce) {
  const waiting = [];
  for await (const input of source) {
    waiting.push(check(input));
    if (waiting.length >= atOnce) yield await last(await waiting.shift());
  }
  while (waiting.length > 0) yield await last(await waiting.shift());
}

/** An input's report. An input that cannot be read is an issue too. */
async function checked(checking, { file, line, profiles, read }) {
  const named = { file, ...(line && { line }) };
  let bytes;
  try {
    bytes = await read();
  } catch (error) {
    const code = error.code === "ENOENT" ? "not-found" : "exception";
    return { ...named, missing: error.code === "ENOENT", ...failed(code, "unreadable-file", `The file cannot be read: ${reason(error)}.`) };
  }
  return reportOn(checking, named, bytes, profiles);
}

/** The report on the bytes of an input. */
export async function reportOn({ careconnect, optionsFor }, named, bytes, profiles) {
  const options = optionsFor(named.file);
  const own = { ...options, profiles: [...options.profiles, ...profiles] };
  try {
    return { ...named, ...(await careconnect.validate(bytes, own)), ...sourceOf(bytes) };
  } catch (error) {
    // One file must not take the others with it.
    return { ...named, ...failed("exception", "internal-error", error.message) };
  }
}

/** What is known of an input besides its report: its bytes, its text, its hash. Functions, which no JSON has. */
export const sourceOf = (bytes) => ({
  bytes: () => bytes,
  text: once(() => decoded(bytes)),
  hash: once(() => createHash("sha256").update(bytes).digest("hex")),
});

/** Bytes as the text in which a report counts. */
export const decoded = (bytes) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);

function once(make) {
  let made;
  return () => (made ??= make());
}

/** What stands for the report on a file that could not be checked. */
function failed(code, rule, message) {
  const place = { expression: "", line: 1, column: 1, offset: 0, length: 0 };
  const verdict = { valid: false, verdict: "invalid", reason: `Invalid: nothing was checked. ${message}` };
  return { ...verdict, unread: true, issues: [{ severity: "fatal", code, rule, message, ...place }], profiles: [], unchecked: [] };
}
