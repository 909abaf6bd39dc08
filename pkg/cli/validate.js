// `careconnect validate`

import { readFileSync } from "node:fs";
import { open } from "./core.js";
import { inputs } from "./inputs.js";
import { Failure, reason, write } from "./output.js";
import { isError, printers } from "./report.js";

export async function run(files, values) {
  const format = values.format ?? "text";
  const list = values["files-from"];
  if (files.length === 0 && list === undefined && values.definitions === undefined) {
    throw new Failure("What is to be validated? Give the names of files, or --files-from LIST.");
  }
  const { careconnect, reports } = await open(values);
  // Of definitions only what is wrong is printed, unless nothing else was asked for.
  const alone = files.length === 0 && list === undefined;
  const own = reports.filter(({ issues }) => alone || issues.length > 0).map((report) => definitionResult(report, format));
  const printer = printers[format](list !== undefined || files.length + own.length > 1);
  let errors = false;
  await write(printer.begin?.() ?? "");
  for (const result of own) {
    errors ||= !result.valid;
    await write(printer.file(result));
  }
  for await (const { file, profiles } of inputs(files, list)) {
    const options = { profiles: [...(values.profile ?? []), ...profiles] };
    const result = { file, ...check(careconnect, file, options, format) };
    errors ||= !result.valid;
    await write(printer.file(result));
  }
  await write(printer.end?.() ?? "");
  return errors ? 1 : 0;
}

/** A definition's report in the form of a resource's. */
function definitionResult({ file, valid, issues }, format) {
  if (format !== "outcome") return { file, valid, issues, profiles: [], unchecked: [] };
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
  const none = { severity: "information", code: "informational", details: { text: "No issues were found." } };
  return { file, valid, outcome: { resourceType: "OperationOutcome", issue: issue.length > 0 ? issue : [none] } };
}

/** A file's report, or its OperationOutcome beside whether it is valid. A file that cannot be read is an issue too. */
function check(careconnect, file, options, format) {
  let bytes;
  try {
    bytes = readFileSync(file === "-" ? 0 : file);
  } catch (error) {
    return unreadable(error, format);
  }
  try {
    if (format !== "outcome") return careconnect.validate(bytes, options);
    const outcome = careconnect.outcome(bytes, options);
    return { valid: !outcome.issue.some(({ severity }) => isError(severity)), outcome };
  } catch (error) {
    // One file must not take the others with it.
    return failed(format, "exception", "internal-error", error.message);
  }
}

function unreadable(error, format) {
  const code = error.code === "ENOENT" ? "not-found" : "exception";
  return failed(format, code, "unreadable-file", `The file cannot be read: ${reason(error)}.`);
}

/** What stands for the result of a file that could not be checked. */
function failed(format, code, rule, message) {
  if (format === "outcome") {
    const details = { coding: [{ code: rule }], text: message };
    return { valid: false, outcome: { resourceType: "OperationOutcome", issue: [{ severity: "fatal", code, details }] } };
  }
  const place = { expression: "", line: 1, column: 1, offset: 0, length: 0 };
  const issue = { severity: "fatal", code, rule, message, ...place };
  return { valid: false, issues: [issue], profiles: [], unchecked: [] };
}
