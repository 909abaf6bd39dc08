// The threads' side of the service: does an operation on the body of a request, and says what is to be answered.

import { Careconnect } from "../handle.js";
import { counted } from "../node/body.js";
import { outcomeXml } from "../node/xml.js";
import { unpack } from "./parameters.js";

/** The media type of each form of a display. */
const FORMS = new Map([
  ["narrative", "application/xhtml+xml"],
  ["fragment", "text/html"],
  ["page", "text/html"],
  ["text", "text/plain"],
  ["markdown", "text/markdown"],
  ["model", "application/json"],
  ["coverage", "application/json"],
]);

const OPERATIONS = { validate, render };

/**
 * What is answered to a request: `status`, `type` and `text`, with counts for the log and the metrics. A request has its
 * `operation`, the `bytes` of its body, `given` (the parameters of its address by name, each a list), the resource `type` that
 * its address names, `answer` (the format and media type asked for) and `options`, which the service was started with.
 */
export function operate(careconnect, request) {
  const found = unpack(careconnect, request);
  if (found.outcome) return refusal(request, found);
  return OPERATIONS[request.operation](careconnect, request, found);
}

function refusal({ answer }, { status, outcome }) {
  return { status, ...inFormat(answer, outcome), ...counted(outcome.issue) };
}

const inFormat = ({ format, type }, outcome) => ({
  type,
  text: format === "xml" ? outcomeXml(outcome) : JSON.stringify(outcome),
});

/** The answer is 200 whatever was found: only a validation that could not be made is an error (STU3, Resource-validate). */
function validate(careconnect, { answer, options }, { resource, parameters, placed }) {
  const profiles = [...(options.profiles ?? []), ...(parameters.get("profile") ?? [])];
  const outcome = JSON.parse(Careconnect.text(careconnect, "outcome", resource, { ...options, profiles }));
  for (const issue of outcome.issue) placed(issue);
  const counts = counted(outcome.issue);
  if (parameters.has("mode")) {
    const text = "Only the content was checked: this service keeps no resources, so it cannot say whether a server would accept it.";
    outcome.issue.push({ severity: "information", code: "informational", details: { text } });
  }
  return { status: 200, ...inFormat(answer, outcome), ...counts, verdict: verdictOf(outcome, counts) };
}

function verdictOf({ text }, { fatal, error }) {
  if (fatal + error > 0) return "invalid";
  return text?.div.includes("<p>Valid") ? "valid" : "not-fully-checked";
}

function render(careconnect, { answer, options }, { resource, against, parameters }) {
  const given = Object.fromEntries([...parameters].map(([name, [value]]) => [name, name === "trends" ? value === "true" : value]));
  const as = given.as ?? answer.as ?? "narrative";
  const { output, incomplete } = Careconnect.rendered(careconnect, resource, { ...given, as, ...(against !== undefined && { against }) });
  const type = FORMS.get(as);
  // Half a record, or none, is no success, however it looks.
  const status = incomplete === undefined ? 200 : 422;
  if (!answer.isBinary) return { status, type, text: output };
  const binary = { resourceType: "Binary", contentType: `${type}; charset=utf-8`, content: Buffer.from(output).toString("base64") };
  const { contentType, content } = binary;
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Binary xmlns="http://hl7.org/fhir"><contentType value="${contentType}"/><content value="${content}"/></Binary>\n`;
  return { status, type: answer.type, text: answer.format === "xml" ? xml : JSON.stringify(binary) };
}
