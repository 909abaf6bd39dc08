// Reports as data: json, ndjson and outcome.

import { json } from "../output.js";

/** An array, one report for each input. */
export function jsonPrinter() {
  let before = "[\n";
  return {
    file: (result) => {
      const text = before + json(plain(result), 2);
      before = ",\n";
      return text;
    },
    end: () => (before === "[\n" ? "[]\n" : "\n]\n"),
  };
}

/** A line for each input. */
export const ndjsonPrinter = () => ({ file: (result) => json(plain(result)) + "\n" });

/** An OperationOutcome for each input: a line where there are several. */
export const outcomePrinter = ({ several }) => ({ file: (result) => json(outcomeOf(result), several ? 0 : 2) + "\n" });

/** What is not reported is counted, and of what is suppressed it is said what, where and why. */
function plain({ file, line, valid, verdict, reason, issues, profiles, unchecked, known, suppressed, beyond = [], redacted }) {
  return {
    file,
    ...(line && { line }),
    valid,
    verdict,
    reason,
    // Fixes are worked out for other formats.
    issues: issues.map(({ fixes, hint, ...issue }) => issue),
    profiles,
    unchecked,
    ...(known > 0 && { known }),
    ...(suppressed && { suppressed: suppressed.map((one) => plainSuppressed(one, redacted)) }),
    ...(beyond.length > 0 && { notShown: beyond.length }),
  };
}

function plainSuppressed({ issue: { severity, rule, expression, line, column }, by }, redacted) {
  return { severity, rule, ...(!redacted && { expression }), line, column, reason: by.reason };
}

const EXTENSION = "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-";

/** A report as the OperationOutcome that the package's `outcome` gives, with only the issues that are shown. */
export function outcomeOf({ reason, issues, unchecked, unread, isDefinition, file, least = "information" }) {
  const all = issues.map(({ severity, code, rule, message, scope, profile, definition, expression, line, column }) => {
    const heading = scope === "exchange" ? "Rules of documents and messages. " : "";
    const of = isDefinition ? ` of the definition ${file}` : "";
    const asked = profile && !isDefinition ? ` Profile ${profile}${definition ? `, element ${definition}` : ""}.` : "";
    return {
      ...(!unread && { extension: [{ url: `${EXTENSION}line`, valueInteger: line }, { url: `${EXTENSION}col`, valueInteger: column }] }),
      severity,
      code,
      details: { coding: [{ code: rule }], text: message },
      ...(!unread && { diagnostics: `${heading}Line ${line}, column ${column}${of}.${asked}` }),
      ...(expression && { expression: [expression] }),
    };
  });
  const open = unchecked.map(({ subject, expression, reason }) => ({
    severity: "information",
    code: "not-supported",
    details: { coding: [{ code: "unchecked" }], text: reason },
    ...(subject && { diagnostics: `Not checked: ${subject}.` }),
    ...(expression && { expression: [expression] }),
  }));
  const issue = [...all, ...(least === "information" ? open : [])];
  // An OperationOutcome has at least one issue.
  if (issue.length === 0) issue.push({ severity: "information", code: "informational", details: { text: reason } });
  return { resourceType: "OperationOutcome", text: narrative(reason), issue };
}

/** A line as the narrative of an OperationOutcome. */
function narrative(line) {
  const escapes = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
  const text = line.replace(/[&<>]/g, (character) => escapes[character]).replace(/[\0-\x1F\x7F-\x9F]/g, "\uFFFD");
  return { status: "generated", div: `<div xmlns="http://www.w3.org/1999/xhtml"><p>${text}</p></div>` };
}
