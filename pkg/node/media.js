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

const DEFAULT = new Map([
  ["json", "application/fhir+json"],
  ["xml", "application/fhir+xml"],
]);

const UTF8 = new Set(["utf-8", "utf8", "us-ascii"]);

/** All of them, for a framework that wants to be told. */
export const types = [...TYPES.keys()];

/** The media type that Content-Type says, without its parameters. */
export const mediaType = (contentType = "") => contentType.split(";", 1)[0].trim().toLowerCase();

/**
 * What Content-Type says: the format, and whether the text is UTF-8; undefined for what is no FHIR. Each parameter counts,
 * since who reads the body after us may go by another of two.
 */
export function bodyFormat(contentType = "") {
  const [type, ...parameters] = contentType.split(";").map((part) => part.trim().toLowerCase());
  const format = TYPES.get(type);
  const isUtf8 = parameters.every((parameter) => {
    const [name, ...value] = parameter.split("=");
    if (!name.trim().startsWith("charset")) return true;
    return name.trim() === "charset" && UTF8.has(value.join("=").trim().replaceAll('"', ""));
  });
  return format && { format, isUtf8 };
}

/**
 * The format and type of an answer: what `_format` says, which overrides Accept (STU3 2.21.0.6.1), or the best that Accept
 * names, or else the format of the request.
 */
export function answerType(accept = "", url = "", own = "json") {
  const asked = parameterOf(url, "_format");
  if (asked !== undefined) {
    // An unencoded + arrives as a space, which no media type has.
    const type = mediaType(asked).replace(" ", "+");
    const format = DEFAULT.has(type) ? type : TYPES.get(type);
    if (format) return { format, type: DEFAULT.get(format) };
  }
  let best = { format: own, type: DEFAULT.get(own), quality: 0 };
  for (const range of accept.split(",")) {
    const [name, ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    const weight = Number(parameters.find((part) => part.startsWith("q="))?.slice(2) ?? 1);
    const any = name === "*/*" || name === "application/*";
    const format = any ? own : TYPES.get(name);
    if (format && weight > best.quality) best = { format, type: any ? DEFAULT.get(own) : name, quality: weight };
  }
  return best;
}

/** A parameter of an address's query, the first of that name. What is no percent-encoding stays as it is. */
function parameterOf(url, name) {
  const start = url.indexOf("?");
  return start < 0 ? undefined : (new URLSearchParams(url.slice(start + 1)).get(name) ?? undefined);
}
