// `careconnect validate`

import { open } from "./core.js";
import { PRINTERS } from "./formats/index.js";
import { expand, inputs, severalIn } from "./inputs.js";
import { Failure, readerIsGone, reason, write } from "./output.js";
import { progress } from "./progress.js";
import { settle } from "./settings.js";

/** From the worst. What makes the exit status 1 may also be that something was not checked. */
const RANKS = { fatal: 0, error: 0, unchecked: 0, warning: 1, information: 2, never: -1 };

export async function run(names, values) {
  const settings = await settle(values);
  const list = values["files-from"];
  const alone = names.length === 0 && list === undefined;
  if (alone && settings.definitions.length === 0) {
    throw new Failure("What is to be validated? Give the names of files or folders, or --files-from LIST.");
  }
  if (values.watch) {
    if (list !== undefined || alone || names.includes("-")) throw new Failure("--watch needs the names of files or folders.");
    const { watch } = await import("./watch.js");
    return watch(names, settings);
  }
  const files = expand(names);
  const session = await start(settings);
  // Of definitions only what is wrong is printed, unless nothing else was asked for.
  const own = session.definitions.filter(({ issues }) => alone || issues.length > 0);
  const several = list !== undefined || files.length + own.length > 1 || files.some(severalIn);
  const printer = await session.printer(several);
  const bar = progress(list === undefined && !files.some(severalIn) ? files.length : undefined);
  // Both may be the same terminal.
  const print = (text) => {
    if (text && process.stdout.isTTY) bar.clear();
    return write(text);
  };
  try {
    let bad = false;
    let missing = false;
    await print(printer.begin?.() ?? "");
    for (const result of own) {
      bad ||= session.isBad(result);
      await print(printer.file(session.shown(result)));
    }
    for await (const result of session.results(inputs(files, list))) {
      bad ||= session.isBad(result);
      missing ||= result.missing === true;
      bar.done();
      await print(printer.file(session.shown(result)));
      // Without a reader only the exit status is left to be found, and no more of it than this.
      if (bad && readerIsGone()) break;
    }
    bar.clear();
    await print(printer.end?.() ?? "");
    // What is not there was not checked, whatever is found in the rest: the command was called wrongly.
    return missing ? 2 : bad ? 1 : 0;
  } finally {
    bar.clear();
    session.free();
  }
}

/** Everything that checking needs, with what the settings say. */
export async function start(settings) {
  const { format, failOn, severity, redact, quiet, jobs } = settings;
  // SARIF has a place for what puts an issue right; it may hold what the resource does.
  const options = { ...settings.options, ...(format === "sarif" && !redact && { fixes: true }) };
  const { careconnect, reports } = await open(settings);
  if (Object.keys(options).length > 1) {
    // A mistake in the options, such as a rule that cannot be turned off, is said once and not of every file.
    try {
      await careconnect.validate("{}", options);
    } catch (error) {
      throw new Failure(error.message);
    }
  }
  const { redacted, vocabulary } = redact ? await import("./redact.js") : {};
  const isKnown = await vocabulary?.(careconnect);
  const outcome = format === "outcome";
  const fails = (issue) => RANKS[issue.severity] <= RANKS[failOn];
  const issuesOf = (result) => result.outcome?.issue ?? result.issues;
  const isOpen = ({ outcome, verdict }) =>
    outcome ? outcome.issue.some(({ details }) => details?.coding?.[0].code === "unchecked") : verdict === "not-fully-checked";
  return {
    definitions: reports.map((report) => (outcome ? definitionOutcome(report) : { ...report, profiles: [], unchecked: [] })),
    printer: (several) => PRINTERS[format]({ several, fails, failOn, least: severity, redact, quiet }),
    isBad: (result) => issuesOf(result).some(fails) || (failOn === "unchecked" && isOpen(result)),
    shown: (result) => withLeast(redact ? redacted(result, isKnown) : result, severity),
    results: (source) => inOrder(source, (input) => check(careconnect, input, options, outcome), jobs > 1 ? jobs * 4 : 1),
    free: () => careconnect.free(),
  };
}

/** What becomes of each input, in their order, with so many being worked on at once. */
async function* inOrder(source, check, atOnce) {
  const waiting = [];
  for await (const input of source) {
    waiting.push(check(input));
    if (waiting.length >= atOnce) yield await waiting.shift();
  }
  while (waiting.length > 0) yield await waiting.shift();
}

/** A result without the issues that are less severe than asked for. */
function withLeast(result, least) {
  if (least === "information") return result;
  const kept = (issue) => RANKS[issue.severity] <= RANKS[least];
  if (result.outcome) {
    const issue = result.outcome.issue.filter(kept);
    return { ...result, outcome: { ...result.outcome, issue: issue.length > 0 ? issue : [NONE] } };
  }
  const issues = result.issues.filter(kept);
  return { ...result, issues, hidden: result.issues.length - issues.length };
}

/** An OperationOutcome has at least one issue. */
const NONE = { severity: "information", code: "informational", details: { text: "No issues were found." } };

/** A line as the narrative of an OperationOutcome. */
function narrative(line) {
  const escapes = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
  const text = line.replace(/[&<>]/g, (character) => escapes[character]).replace(/[\0-\x1F\x7F-\x9F]/g, "\uFFFD");
  return { status: "generated", div: `<div xmlns="http://www.w3.org/1999/xhtml"><p>${text}</p></div>` };
}

/** A definition's report as an OperationOutcome. */
function definitionOutcome({ file, reason, issues }) {
  const issue = issues.map(({ severity, code, rule, message, expression, line, column }) => ({
    extension: [
      { url: "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-line", valueInteger: line },
      { url: "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-col", valueInteger: column },
    ],
    severity,
    code,
    details: { coding: [{ code: rule }], text: message },
    diagnostics: `Line ${line}, column ${column} of the definition ${file}.`,
    ...(expression && { expression: [expression] }),
  }));
  const outcome = { resourceType: "OperationOutcome", text: narrative(reason), issue: issue.length > 0 ? issue : [NONE] };
  return { file, issues, outcome };
}

/** An input's report, or its OperationOutcome. An input that cannot be read is an issue too. */
async function check(careconnect, { file, line, profiles, read }, options, asOutcome) {
  const named = { file, ...(line && { line }) };
  let bytes;
  try {
    bytes = await read();
  } catch (error) {
    const code = error.code === "ENOENT" ? "not-found" : "exception";
    return { ...named, missing: error.code === "ENOENT", ...failed(asOutcome, code, "unreadable-file", `The file cannot be read: ${reason(error)}.`) };
  }
  const own = { ...options, profiles: [...options.profiles, ...profiles] };
  try {
    if (asOutcome) return { ...named, outcome: await careconnect.outcome(bytes, own) };
    return { ...named, ...(await careconnect.validate(bytes, own)), text: once(() => decoded(bytes)) };
  } catch (error) {
    // One file must not take the others with it.
    return { ...named, ...failed(asOutcome, "exception", "internal-error", error.message) };
  }
}

/** Bytes as the text in which a report counts. */
export const decoded = (bytes) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);

export function once(make) {
  let made;
  return () => (made ??= make());
}

/** What stands for the result of a file that could not be checked. */
function failed(asOutcome, code, rule, message) {
  if (asOutcome) {
    const details = { coding: [{ code: rule }], text: message };
    const text = narrative(`Invalid: nothing was checked. ${message}`);
    return { outcome: { resourceType: "OperationOutcome", text, issue: [{ severity: "fatal", code, details }] } };
  }
  const place = { expression: "", line: 1, column: 1, offset: 0, length: 0 };
  const verdict = { valid: false, verdict: "invalid", reason: `Invalid: nothing was checked. ${message}` };
  return { ...verdict, issues: [{ severity: "fatal", code, rule, message, ...place }], profiles: [], unchecked: [] };
}
