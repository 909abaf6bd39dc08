// An OperationOutcome in XML: elements in the order of their definition, extensions first (STU3 2.6.1).

const escapes = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;" };

/** A text as an attribute's value. What XML cannot hold becomes the replacement character. */
function value(text) {
  return String(text)
    .toWellFormed()
    .replace(/[\0-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]/g, "\uFFFD")
    .replace(/[&<>"\t\n\r]/g, (character) => escapes[character]);
}

const element = (name, text) => (text === undefined ? "" : `<${name} value="${value(text)}"/>`);

function issue({ extension = [], severity, code, details, diagnostics, expression = [] }) {
  const extensions = extension.map(({ url, valueInteger }) => `<extension url="${value(url)}">${element("valueInteger", valueInteger)}</extension>`);
  const coding = (details?.coding ?? []).map(({ code }) => `<coding>${element("code", code)}</coding>`);
  const inner = details && `<details>${coding.join("")}${element("text", details.text)}</details>`;
  const rest = element("diagnostics", diagnostics) + expression.map((path) => element("expression", path)).join("");
  return `<issue>${extensions.join("")}${element("severity", severity)}${element("code", code)}${inner ?? ""}${rest}</issue>`;
}

/** The narrative is XHTML already, with what XML cannot hold left out by who made it. */
const narrative = (text) => (text ? `<text>${element("status", text.status)}${text.div}</text>` : "");

export function outcomeXml(outcome) {
  const text = narrative(outcome.text);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<OperationOutcome xmlns="http://hl7.org/fhir">${text}${outcome.issue.map(issue).join("")}</OperationOutcome>\n`;
}
