// The bodies of requests: read within limits, refused in words, answered with an OperationOutcome.

import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { answerType, bodyFormat } from "./media.js";
import { outcomeXml } from "./xml.js";

// What is asked by a header's text is a Map: an object would know 'constructor' as well.
const DECODERS = new Map([
  ["gzip", createGunzip],
  ["x-gzip", createGunzip],
  ["deflate", createInflate],
  ["br", createBrotliDecompress],
]);

/** What stands in the way of checking a body at all: the status to answer, and an issue that says why. */
export class Refusal {
  constructor(status, code, text, severity = "error") {
    this.status = status;
    this.outcome = { resourceType: "OperationOutcome", issue: [{ severity, code, details: { text } }] };
  }
}

/**
 * The bytes of a body, or a {@link Refusal}. Never more than `maxBytes` is kept, and where `hold` is given, no part that it has
 * a Refusal for. A FHIR body is decompressed, and its headers must be right; any other (`isFhir: false`) is left as it comes.
 */
export async function readBody(request, stream, { isFhir = true, ...limits }) {
  // Whatever becomes of it later, nobody else listens to what goes wrong with it.
  stream.on("error", ignore);
  if (!isFhir) return bytes(request, stream, undefined, limits);
  const refusal = headersRefused(request.headers);
  if (refusal) return drained(stream, refusal);
  return bytes(request, stream, DECODERS.get(encodingOf(request.headers))?.(), limits);
}

async function bytes(request, stream, decoder, { maxBytes, hold }) {
  if (Number(request.headers["content-length"]) > maxBytes) return drained(stream, tooLong(maxBytes));
  if (decoder) {
    decoder.on("error", ignore);
    stream.once("error", (error) => decoder.destroy(error));
    stream.once("aborted", () => decoder.destroy(new Error("aborted")));
    stream.pipe(decoder);
  }
  const parts = [];
  let size = 0;
  try {
    for await (const part of (decoder ?? stream).iterator({ destroyOnReturn: false })) {
      size += part.length;
      if (size > maxBytes) return drained(stream, tooLong(maxBytes), decoder);
      const refusal = hold?.(part.length);
      if (refusal) return drained(stream, refusal, decoder);
      parts.push(part);
    }
  } catch (error) {
    if (!decoder || !/^Z_|^ERR__?(ERROR|PADDING)/.test(error.code ?? "")) throw error;
    const text = `The body is not what Content-Encoding says: '${encodingOf(request.headers)}'.`;
    return drained(stream, new Refusal(400, "structure", text), decoder);
  }
  return Buffer.concat(parts);
}

/** The headers and the text of an answer that refuses a request. */
export function answerOf(request, outcome) {
  const own = bodyFormat(request.headers["content-type"])?.format;
  const { format, type } = answerType(request.headers.accept, request.url, own);
  const headers = {
    "content-type": `${type}; charset=utf-8`,
    "cache-control": "no-store",
    vary: "Accept",
    "x-content-type-options": "nosniff",
  };
  return { headers, text: format === "xml" ? outcomeXml(outcome) : JSON.stringify(outcome) };
}

/** A body in another form than Content-Type says would be read in one way here and in another behind. */
export function formRefused(request, body) {
  if (bytesOf(body) === undefined) return undefined;
  const { format } = bodyFormat(request.headers["content-type"]);
  const first = firstOf(body);
  if (first === undefined || (first === "<") === (format === "xml")) return undefined;
  const names = { json: "JSON", xml: "XML" };
  return new Refusal(400, "structure", `Content-Type says that the body is ${names[format]}, and it is not.`);
}

const ignore = () => {};

const encodingOf = (headers) => (headers["content-encoding"] ?? "identity").trim().toLowerCase();

/** The first character that is no white space and no byte order mark: by it the core tells JSON and XML. */
function firstOf(body) {
  const codeAt = typeof body === "string" ? (at) => body.charCodeAt(at) : (at) => body[at];
  for (let at = 0; at < body.length; at++) {
    const code = codeAt(at);
    const isSpace = code === 0x20 || (code >= 0x09 && code <= 0x0d);
    const isMark = code === 0xfeff || (code === 0xef && codeAt(at + 1) === 0xbb && codeAt(at + 2) === 0xbf);
    if (isMark && code === 0xef) at += 2;
    if (!isSpace && !isMark) return String.fromCharCode(code);
  }
  return undefined;
}

export function headersRefused(headers) {
  const type = headers["content-type"];
  const said = type === undefined ? undefined : bodyFormat(type);
  if (!said) {
    return new Refusal(415, "not-supported", "The body is to be a FHIR resource: Content-Type is application/fhir+json or application/fhir+xml.");
  }
  if (!said.isUtf8) return new Refusal(415, "not-supported", "FHIR resources are UTF-8, and Content-Type says another charset.");
  const encoding = encodingOf(headers);
  if (encoding === "identity" || DECODERS.has(encoding)) return undefined;
  return new Refusal(415, "not-supported", "Content-Encoding is one of gzip, deflate and br, or is left out.");
}

const tooLong = (maxBytes) => new Refusal(413, "too-long", `The body is longer than the ${maxBytes} bytes that are taken here.`);

/** What remains of a request is read and thrown away, so that its sender hears the answer. */
export function drained(stream, refusal, decoder) {
  if (decoder) {
    stream.unpipe(decoder);
    decoder.destroy();
  }
  // Not before a loop over the stream has let go of it.
  setImmediate(() => stream.resume());
  return refusal;
}

export function bytesOf(body) {
  if (typeof body === "string") return Buffer.byteLength(body);
  return body instanceof Uint8Array ? body.length : undefined;
}

/** How many issues of each severity and of each rule there are: all that a log says of them. */
export function counted(issues) {
  const severities = { fatal: 0, error: 0, warning: 0, information: 0 };
  const rules = new Map();
  for (const { severity, details } of issues) {
    severities[severity] += 1;
    const rule = details.coding?.[0].code;
    if (rule) rules.set(rule, (rules.get(rule) ?? 0) + 1);
  }
  return { ...severities, rules: Object.fromEntries(rules) };
}
