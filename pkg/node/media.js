// FHIR's media types (STU3 2.20.0.2), and which of them an answer has.

/** Of each type whether it is JSON or XML. The first of a format is the one that FHIR STU3 asks for. */
const TYPES = new Map([
  ["application/fhir+json", "json"],
  ["application/fhir+xml", "xml"],
  ["application/json", "json"],
  ["application/xml", "xml"],
  ["text/xml", "xml"],
  ["application/json+fhir", "json"],
  ["application/xml+fhir", "xml"],
  ["text/json", "json"],
]);

const DEFAULT = { json: "application/fhir+json", xml: "application/fhir+xml" };

/** All of them, for a framework that wants to be told. */
export const types = [...TYPES.keys()];

/** What Content-Type says: the format, and whether the text is UTF-8; undefined for what is no FHIR. */
export function bodyFormat(contentType = "") {
  const [type, ...parameters] = contentType.split(";").map((part) => part.trim().toLowerCase());
  const format = TYPES.get(type);
  const charset = parameters.find((part) => part.startsWith("charset="))?.slice("charset=".length).replaceAll('"', "");
  return format && { format, isUtf8: charset === undefined || ["utf-8", "utf8", "us-ascii"].includes(charset) };
}

/**
 * The format and type of an answer: what `_format` says, which overrides Accept (STU3 2.21.0.6.1), or the best that Accept
 * names, or else the format of the request.
 */
export function answerType(accept = "", url = "", own = "json") {
  const asked = /[?&]_format=([^&]*)/.exec(url)?.[1];
  if (asked !== undefined) {
    // An unencoded + arrives as a space, which no media type has.
    const type = decoded(asked).split(";")[0].trim().toLowerCase().replace(" ", "+");
    const format = DEFAULT[type] ? type : TYPES.get(type);
    if (format) return { format, type: DEFAULT[format] };
  }
  let best = { format: own, type: DEFAULT[own], quality: 0 };
  for (const range of accept.split(",")) {
    const [name, ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    const weight = Number(parameters.find((part) => part.startsWith("q="))?.slice(2) ?? 1);
    const any = name === "*/*" || name === "application/*";
    const format = any ? own : TYPES.get(name);
    if (format && weight > best.quality) best = { format, type: any ? DEFAULT[own] : name, quality: weight };
  }
  return best;
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
