// What an HTTP service says of a resource that it is sent, whatever its framework. express.js and fastify.js are built on it.

import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { load } from "../index.js";
import { answerType, bodyFormat } from "./media.js";
import { outcomeXml } from "./xml.js";

const OPTIONS = ["careconnect", "ensure", "log", "maxBytes", "validate"];
const DECODERS = { gzip: createGunzip, "x-gzip": createGunzip, deflate: createInflate, br: createBrotliDecompress };

/** What stands in the way of checking a body at all: the status to answer, and an issue that says why. */
class Refusal {
  constructor(status, code, text) {
    this.status = status;
    this.outcome = { resourceType: "OperationOutcome", issue: [{ severity: "error", code, details: { text } }] };
  }
}

export class Gate {
  #options;
  #careconnect;

  constructor(options = {}) {
    for (const name of Object.keys(options)) {
      if (!OPTIONS.includes(name)) throw new Error(`There is no option '${name}' here. The options are: ${OPTIONS.join(", ")}.`);
    }
    const { careconnect = load(), maxBytes = 10 * 1024 * 1024, validate = {}, log, ensure = false } = options;
    if (!Number.isInteger(maxBytes) || maxBytes < 1) throw new Error("The option 'maxBytes' is a whole number of bytes, at least 1.");
    this.#careconnect = Promise.resolve(careconnect);
    // A failure to load is said to the first request, not to the process.
    this.#careconnect.catch(() => {});
    this.#options = { maxBytes, log, ensure, validate: typeof validate === "function" ? validate : () => validate };
  }

  /** Whether a request is one that has a resource as its body. A PATCH has a patch, a search has a form. */
  static concerns({ method, headers }) {
    return (method === "POST" || method === "PUT") && !/^application\/x-www-form-urlencoded\b/i.test(headers["content-type"] ?? "");
  }

  /** The bytes of a body, decompressed, or a {@link Refusal}. Never more than the limit is kept. */
  async read(request, stream = request) {
    const refusal = headersRefused(request.headers);
    if (refusal) return drained(stream, refusal);
    const { maxBytes } = this.#options;
    if (Number(request.headers["content-length"]) > maxBytes) return drained(stream, tooLong(maxBytes));
    const encoding = (request.headers["content-encoding"] ?? "identity").toLowerCase();
    const decoder = DECODERS[encoding]?.();
    if (decoder) {
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
        parts.push(part);
      }
    } catch (error) {
      if (!decoder || !/^Z_|^ERR__?(ERROR|PADDING)/.test(error.code ?? "")) throw error;
      return drained(stream, new Refusal(400, "structure", `The body is not what Content-Encoding says: '${encoding}'.`), decoder);
    }
    return Buffer.concat(parts);
  }

  /**
   * What becomes of a request with this body: bytes, text, an object, or what {@link read} gave instead. `status` is
   * undefined where it may go on.
   */
  async judge(request, body) {
    const started = performance.now();
    const given = body instanceof Refusal ? body : (headersRefused(request.headers) ?? this.#formRefused(request, body));
    const found = given ?? (await this.#check(request, body));
    const issues = counted(found.outcome.issue);
    const { status } = found;
    this.#options.log?.({
      event: "validate-body",
      method: request.method,
      ...(status && { status }),
      ...(bytesOf(body) !== undefined && { bytes: bytesOf(body) }),
      ...issues,
      milliseconds: Math.round((performance.now() - started) * 10) / 10,
    });
    return found;
  }

  /** The headers and the text of an answer that refuses a request. */
  answer(request, outcome) {
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
  #formRefused(request, body) {
    if (bytesOf(body) === undefined) return undefined;
    const { format } = bodyFormat(request.headers["content-type"]);
    const start = typeof body === "string" ? body.slice(0, 1024) : Buffer.from(body.subarray(0, 1024)).toString("utf8");
    const first = start.replace(/^\uFEFF?\s*/, "")[0];
    if (first === undefined || (first === "<") === (format === "xml")) return undefined;
    const names = { json: "JSON", xml: "XML" };
    return new Refusal(400, "structure", `Content-Type says that the body is ${names[format]}, and it is not.`);
  }

  async #check(request, body) {
    const { ensure, validate } = this.#options;
    const options = validate(request);
    let careconnect = await this.#careconnect;
    const input = body === undefined || body === null ? "" : body;
    if (ensure) careconnect = await careconnect.ensure(input, options);
    const outcome = await careconnect.outcome(input, options);
    const has = (severity) => outcome.issue.some((issue) => issue.severity === severity);
    return { status: has("fatal") ? 400 : has("error") ? 422 : undefined, outcome };
  }
}

function headersRefused(headers) {
  const type = headers["content-type"];
  const said = type === undefined ? undefined : bodyFormat(type);
  if (!said) {
    return new Refusal(415, "not-supported", "The body is to be a FHIR resource: Content-Type is application/fhir+json or application/fhir+xml.");
  }
  if (!said.isUtf8) return new Refusal(415, "not-supported", "FHIR resources are UTF-8, and Content-Type says another charset.");
  const encoding = headers["content-encoding"]?.toLowerCase();
  if (encoding === undefined || encoding === "identity" || encoding in DECODERS) return undefined;
  return new Refusal(415, "not-supported", "Content-Encoding is one of gzip, deflate and br, or is left out.");
}

const tooLong = (maxBytes) => new Refusal(413, "too-long", `The body is longer than the ${maxBytes} bytes that are taken here.`);

/** What remains of the request is read and thrown away, so that its sender hears the answer. */
function drained(stream, refusal, decoder) {
  if (decoder) {
    stream.unpipe(decoder);
    decoder.destroy();
  }
  // Not before a loop over the stream has let go of it.
  setImmediate(() => stream.resume());
  return refusal;
}

function bytesOf(body) {
  if (typeof body === "string") return Buffer.byteLength(body);
  return body instanceof Uint8Array ? body.length : undefined;
}

/** How many issues of each severity and of each rule there are: all that a log says of them. */
function counted(issues) {
  const severities = { fatal: 0, error: 0, warning: 0, information: 0 };
  const rules = {};
  for (const { severity, details } of issues) {
    severities[severity] += 1;
    const rule = details.coding?.[0].code;
    if (rule) rules[rule] = (rules[rule] ?? 0) + 1;
  }
  return { ...severities, rules };
}
