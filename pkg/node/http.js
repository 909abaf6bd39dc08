// What an HTTP service says of a resource that it is sent, whatever its framework. express.js and fastify.js are built on it.

import { availableParallelism } from "node:os";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { Threads } from "../threads.js";
import { answerType, bodyFormat, mediaType } from "./media.js";
import { pool } from "./pool.js";
import { outcomeXml } from "./xml.js";

const OPTIONS = ["careconnect", "ensure", "log", "maxBytes", "timeout", "validate"];

// What is asked by a header's text is a Map: an object would know 'constructor' as well.
const DECODERS = new Map([
  ["gzip", createGunzip],
  ["x-gzip", createGunzip],
  ["deflate", createInflate],
  ["br", createBrotliDecompress],
]);

/** Methods that have no resource. A body that comes with one is checked all the same. */
const BODILESS = new Set(["GET", "HEAD", "DELETE", "OPTIONS", "TRACE"]);

/** What a PATCH may bring that is no resource (STU3 3.1.0.8). */
const PATCHES = new Set(["application/json-patch+json", "application/xml-patch+xml"]);

const FORM = "application/x-www-form-urlencoded";

/** How many threads check where a program gives none of its own. */
const MOST_THREADS = 4;

/** What stands in the way of checking a body at all: the status to answer, and an issue that says why. */
class Refusal {
  constructor(status, code, text, severity = "error") {
    this.status = status;
    this.outcome = { resourceType: "OperationOutcome", issue: [{ severity, code, details: { text } }] };
  }
}

/** The reason of a check that was given up. */
const LATE = Symbol("late");

export class Gate {
  #options;
  #careconnect;

  constructor(options = {}) {
    for (const name of Object.keys(options)) {
      if (!OPTIONS.includes(name)) throw new Error(`There is no option '${name}' here. The options are: ${OPTIONS.join(", ")}.`);
    }
    const { maxBytes = 10 * 1024 * 1024, timeout = 30_000, validate = {}, log, ensure = false } = options;
    if (!Number.isInteger(maxBytes) || maxBytes < 1) throw new Error("The option 'maxBytes' is a whole number of bytes, at least 1.");
    if (!Number.isInteger(timeout) || timeout < 1 || timeout > 0x7fffffff) throw new Error("The option 'timeout' is a whole number of milliseconds, at least 1.");
    const { careconnect = pool({ size: Math.min(MOST_THREADS, availableParallelism()) }) } = options;
    this.#careconnect = Promise.resolve(careconnect);
    // A failure to load is said to the first request, not to the process.
    this.#careconnect.catch(() => {});
    this.#options = { maxBytes, timeout, log, ensure, validate: typeof validate === "function" ? validate : () => validate };
  }

  /**
   * Whether a request is one to check. All are that bring a body, whatever the method, but for two that FHIR has no resource
   * for: a search has a form, and a PATCH a patch.
   */
  static concerns(request) {
    const { method } = request;
    const type = mediaType(request.headers["content-type"]);
    if (method === "POST" && type === FORM) return !isSearch(request);
    if (method === "PATCH" && PATCHES.has(type)) return false;
    return BODILESS.has(method) ? hasBody(request) : true;
  }

  /** The bytes of a body, decompressed, or a {@link Refusal}. Never more than the limit is kept. */
  async read(request, stream = request) {
    // Whatever becomes of it later, nobody else listens to what goes wrong with it.
    stream.on("error", ignore);
    const refusal = headersRefused(request.headers);
    if (refusal) return drained(stream, refusal);
    return this.#bytes(request, stream, DECODERS.get(encodingOf(request.headers))?.());
  }

  /** The bytes of a body that is not for us, as they come, or a {@link Refusal} of one that is too long. */
  async readOther(request, stream) {
    stream.on("error", ignore);
    return this.#bytes(request, stream);
  }

  async #bytes(request, stream, decoder) {
    const { maxBytes } = this.#options;
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
        parts.push(part);
      }
    } catch (error) {
      if (!decoder || !/^Z_|^ERR__?(ERROR|PADDING)/.test(error.code ?? "")) throw error;
      const text = `The body is not what Content-Encoding says: '${encodingOf(request.headers)}'.`;
      return drained(stream, new Refusal(400, "structure", text), decoder);
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

  /** Whether {@link readOther} gave this instead of a body. */
  static refused(body) {
    return body instanceof Refusal;
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
    const first = firstOf(body);
    if (first === undefined || (first === "<") === (format === "xml")) return undefined;
    const names = { json: "JSON", xml: "XML" };
    return new Refusal(400, "structure", `Content-Type says that the body is ${names[format]}, and it is not.`);
  }

  async #check(request, body) {
    const { ensure, validate, timeout } = this.#options;
    const options = validate(request);
    const input = body === undefined || body === null ? "" : body;
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(LATE), timeout);
    const late = new Promise((_, reject) => stop.signal.addEventListener("abort", () => reject(LATE), { once: true }));
    late.catch(ignore);
    try {
      const outcome = await Promise.race([late, this.#outcome(input, options, ensure, stop.signal)]);
      const has = (severity) => outcome.issue.some((issue) => issue.severity === severity);
      return { status: has("fatal") ? 400 : has("error") ? 422 : undefined, outcome };
    } catch (error) {
      if (error === LATE) return new Refusal(503, "timeout", `The body was not checked within ${timeout} ms.`, "fatal");
      if (error?.code === "internal-error") return new Refusal(500, "exception", error.message, "fatal");
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  async #outcome(input, options, ensure, signal) {
    let careconnect = await this.#careconnect;
    // Only threads can be told to stop; a handle in this one has the core's own limits.
    const own = careconnect instanceof Threads ? { ...options, signal } : options;
    if (ensure) careconnect = await careconnect.ensure(input, own);
    return careconnect.outcome(input, own);
  }
}

const ignore = () => {};

/** Whether a request is a search: its path ends with _search, as it was sent. */
function isSearch({ originalUrl, url }) {
  const [path] = (originalUrl ?? url ?? "").split("?", 1);
  return path.endsWith("/_search");
}

function hasBody({ headers, httpVersionMajor, stream }) {
  if (httpVersionMajor >= 2) return stream?.endAfterHeaders !== true;
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) !== 0;
}

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

function headersRefused(headers) {
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
  const rules = new Map();
  for (const { severity, details } of issues) {
    severities[severity] += 1;
    const rule = details.coding?.[0].code;
    if (rule) rules.set(rule, (rules.get(rule) ?? 0) + 1);
  }
  return { ...severities, rules: Object.fromEntries(rules) };
}
