// What an HTTP service says of a resource that it is sent, whatever its framework. express.js and fastify.js are built on it.

import { availableParallelism } from "node:os";
import { Threads } from "../threads.js";
import { answerOf, bytesOf, counted, formRefused, headersRefused, readBody, Refusal } from "./body.js";
import { mediaType } from "./media.js";
import { pool } from "./pool.js";

const OPTIONS = ["careconnect", "ensure", "log", "maxBytes", "timeout", "validate"];

/** Methods that have no resource. A body that comes with one is checked all the same. */
const BODILESS = new Set(["GET", "HEAD", "DELETE", "OPTIONS", "TRACE"]);

/** What a PATCH may bring that is no resource (STU3 3.1.0.8). */
const PATCHES = new Set(["application/json-patch+json", "application/xml-patch+xml"]);

const FORM = "application/x-www-form-urlencoded";

/** How many threads check where a program gives none of its own. */
const MOST_THREADS = 4;

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
    return readBody(request, stream, { maxBytes: this.#options.maxBytes });
  }

  /** The bytes of a body that is not for us, as they come, or a {@link Refusal} of one that is too long. */
  async readOther(request, stream) {
    return readBody(request, stream, { maxBytes: this.#options.maxBytes, isFhir: false });
  }

  /**
   * What becomes of a request with this body: bytes, text, an object, or what {@link read} gave instead. `status` is
   * undefined where it may go on.
   */
  async judge(request, body) {
    const started = performance.now();
    const given = body instanceof Refusal ? body : (headersRefused(request.headers) ?? formRefused(request, body));
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
    return answerOf(request, outcome);
  }

  /** Whether {@link readOther} gave this instead of a body. */
  static refused(body) {
    return body instanceof Refusal;
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
