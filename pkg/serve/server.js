// `careconnect serve`: FHIR's $validate, and $render, over HTTP. docs/serve.md describes it.

import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { answerOf, drained, formRefused, readBody, Refusal } from "../node/body.js";
import { answerType, bodyFormat, mediaType } from "../node/media.js";
import { Threads } from "../threads.js";
import { capabilityStatement, renderDefinition } from "./capability.js";
import { Metrics, METRICS_TYPE } from "./metrics.js";
import { fileOf } from "./static.js";
import { Turns } from "./turns.js";

/** How many bodies of the longest kind may be in memory at once. */
const HELD = 16;

/** After how many seconds somebody who was turned away may ask again. */
const RETRY_AFTER = "1";

/** How long an answer may take to be read, in milliseconds. */
const READING = 30_000;

const refusalOf = (status, code, text) => new Refusal(status, code, text, status >= 500 ? "fatal" : "error");

/** What is thrown where nobody is there any more to be answered. */
const GONE = Symbol("gone");
const LATE = Symbol("late");

export class Service {
  #settings;
  #options;
  #log;
  #server;
  #turns;
  #metrics = new Metrics();
  #pool;
  /** What is answered to GET: documents by path, made when the threads have loaded. */
  #documents = new Map();
  #types = new Set();
  #isLoaded = false;
  #isStopping = false;
  #held = 0;
  /** How many requests each address has under way. */
  #clients = new Map();
  /** Requests under way. */
  #open = new Set();
  #failed;

  /**
   * `pool` is a Promise of the threads; `settings` are those of the table of options; `options` those of every validation; `log`
   * is given an entry for whatever happens, without anything of a resource; `failed` is called when the threads are gone.
   */
  constructor({ pool, settings, options, version, log, failed }) {
    this.#settings = settings;
    this.#options = options;
    this.#log = log;
    this.#failed = failed;
    this.#turns = new Turns({ size: settings.threads, queue: settings.queue });
    this.#pool = pool.then((threads) => this.#loaded(threads, version));
    this.#pool.catch(() => {});
    this.#server = createServer(
      { headersTimeout: settings.bodyTimeout, requestTimeout: settings.bodyTimeout + 5000, connectionsCheckingInterval: Math.min(1000, settings.bodyTimeout), keepAliveTimeout: 5000 },
      (request, response) => this.#request(request, response),
    );
    this.#server.maxConnections = settings.connections;
    this.#server.on("drop", () => this.#metrics.dropped());
  }

  /** Listens, and gives the address. Requests that come before the threads have loaded wait for them. */
  async listen() {
    const { host, port } = this.#settings;
    await new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, host, resolve);
    });
    const { address, family, port: own } = this.#server.address();
    return `http://${family === "IPv6" ? `[${address}]` : address}:${own}`;
  }

  /** Resolves when the threads have loaded. */
  async ready() {
    await this.#pool;
  }

  /** Takes no more connections, answers what is under way, and resolves with the number of requests that were cut off. */
  async stop() {
    this.#isStopping = true;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeIdleConnections();
    let timer;
    const late = new Promise((resolve) => (timer = setTimeout(resolve, this.#settings.grace)));
    await Promise.race([closed, late]);
    clearTimeout(timer);
    const cut = this.#open.size;
    this.#server.closeAllConnections();
    await closed;
    (await this.#pool.catch(() => undefined))?.free();
    return cut;
  }

  async #loaded(threads, version) {
    const date = new Date().toISOString().slice(0, 10);
    // A mistake in the options is said once and at once, and not to every sender.
    await threads.validate("{}", this.#options);
    const profiles = await threads.profiles();
    for (const { kind, derivation, type } of profiles) if (kind === "resource" && derivation !== "constraint") this.#types.add(type);
    for (const [path, resource] of [["/metadata", capabilityStatement({ version, date })], ["/OperationDefinition/render", renderDefinition({ date })]]) {
      const json = JSON.stringify(resource);
      this.#documents.set(path, { json, xml: (await threads.convert(json, "xml")).text });
    }
    this.#isLoaded = true;
    return threads;
  }

  get #isReady() {
    return this.#isLoaded && !this.#isStopping;
  }

  /** One request, from its head to the end of its answer, and what is logged and counted of it. */
  async #request(request, response) {
    const started = performance.now();
    const entry = { event: "request", id: randomUUID(), method: METHODS.has(request.method) ? request.method : "other", route: "other" };
    const gone = new AbortController();
    this.#open.add(request);
    response.on("error", () => {});
    response.once("close", () => {
      this.#open.delete(request);
      const milliseconds = Math.round((performance.now() - started) * 10) / 10;
      const status = response.writableFinished ? response.statusCode : "aborted";
      gone.abort(GONE);
      this.#metrics.answered({ route: entry.route, status, seconds: milliseconds / 1000, verdict: entry.verdict });
      if (!QUIET.has(entry.route)) this.#log({ ...entry, status, milliseconds });
    });
    response.setHeader("x-request-id", entry.id);
    response.setHeader("x-content-type-options", "nosniff");
    response.setHeader("cache-control", "no-store");
    if (this.#isStopping) response.setHeader("connection", "close");
    try {
      await this.#answer(request, response, entry, gone.signal);
    } catch (error) {
      if (error === GONE || gone.signal.aborted || (request.destroyed && !request.readableEnded)) return;
      this.#log({ event: "failure", id: entry.id, code: error?.code ?? "internal-error", place: placeOf(error) });
      this.#refuse(request, response, refusalOf(500, "exception", "The service failed on this request. Its log has more, by the id of the header X-Request-Id."));
    }
  }

  async #answer(request, response, entry, signal) {
    const [path, query = ""] = splitOnce(request.url, "?");
    const post = operationOf(path);
    if (post) {
      entry.route = post.type === undefined ? `/$${post.operation}` : `/{type}/$${post.operation}`;
      if (request.method !== "POST") return this.#refuse(request, response, notAllowed("POST"), { allow: "POST" });
      return this.#operation(request, response, entry, signal, { ...post, query });
    }
    const status = new Map([["/health", () => [200, "ok"]], ["/ready", () => this.#readiness()]]).get(path);
    const known = status || path === "/metrics" || path === "/metadata" || path === "/OperationDefinition/render";
    if (!known && !this.#settings.playground) return this.#refuse(request, response, NOT_FOUND());
    if (request.method !== "GET" && request.method !== "HEAD") return this.#refuse(request, response, notAllowed("GET and HEAD"), { allow: "GET, HEAD" });
    if (known) entry.route = path;
    if (status) {
      const [code, word] = status();
      return this.#send(response, code, "application/json", JSON.stringify({ status: word }));
    }
    if (path === "/metrics") return this.#send(response, 200, METRICS_TYPE, await this.#metricsText());
    if (!known) return this.#file(request, response, entry, path);
    await this.#pool;
    const { format, type } = answerType(request.headers.accept, request.url);
    return this.#send(response, 200, `${type}; charset=utf-8`, this.#documents.get(path)[format], { vary: "Accept" });
  }

  #readiness() {
    if (this.#isStopping) return [503, "stopping"];
    if (!this.#isLoaded) return [503, "loading"];
    return this.#turns.isFull ? [503, "busy"] : [200, "ready"];
  }

  async #metricsText() {
    const pool = this.#isLoaded ? Threads.jobs(await this.#pool) : undefined;
    return this.#metrics.text({
      waiting: this.#turns.waiting,
      running: this.#turns.running,
      held: this.#held,
      threads: this.#settings.threads,
      replaced: pool?.replaced ?? 0,
      isReady: this.#isReady,
    });
  }

  async #file(request, response, entry, path) {
    const file = await fileOf(this.#settings.playground, path);
    if (!file) return this.#refuse(request, response, NOT_FOUND());
    entry.route = "playground";
    response.setHeader("cache-control", "no-cache");
    response.writeHead(200, { "content-type": file.type, "content-length": file.size });
    if (request.method === "HEAD") return response.end();
    file.open().on("error", () => response.destroy()).pipe(response);
  }

  async #operation(request, response, entry, signal, { operation, type, query }) {
    // The body may not trickle in for ever, whether it is wanted or not.
    const { promise: late, clear } = deadline(this.#settings.bodyTimeout);
    request.once("close", clear).once("end", clear);
    const refuse = (refusal, headers) => {
      late.then(() => request.socket.destroy());
      drained(request, refusal);
      return this.#refuse(request, response, refusal, headers);
    };
    const busy = this.#busy(request);
    if (busy) return refuse(busy, { "retry-after": RETRY_AFTER });
    const client = request.socket.remoteAddress ?? "";
    this.#clients.set(client, (this.#clients.get(client) ?? 0) + 1);
    let held = 0;
    const hold = (size) => {
      if (this.#held + size > HELD * this.#settings.maxBody) return refusalOf(503, "throttled", "The service holds as much as it may. Send it again later.");
      held += size;
      this.#held += size;
    };
    try {
      const reading = readBody(request, request, { maxBytes: this.#settings.maxBody, hold });
      reading.catch(() => {});
      const body = await Promise.race([reading, late.then(() => LATE)]);
      if (body === LATE) {
        const text = `The body was not there within ${this.#settings.bodyTimeout} ms.`;
        response.once("finish", () => request.socket.destroy());
        return this.#refuse(request, response, refusalOf(408, "timeout", text), { connection: "close" });
      }
      const refusal = body instanceof Refusal ? body : formRefused(request, body);
      if (refusal) return refuse(refusal, refusal.status === 503 ? { "retry-after": RETRY_AFTER } : {});
      if (body.length === 0) return this.#refuse(request, response, refusalOf(400, "required", "The request has no body: it is to be a resource, or Parameters with one."));
      entry.bytes = body.length;
      const done = await this.#inTurn({ operation, bytes: body, given: givenIn(query), type, answer: answerOfOperation(operation, request), options: this.#options }, entry, signal);
      if (done instanceof Refusal) return this.#refuse(request, response, done, done.status === 503 ? { "retry-after": RETRY_AFTER } : {});
      const { status, type: kind, text, verdict, rules, ...counts } = done;
      Object.assign(entry, verdict && { verdict, ...counts, rules });
      return this.#send(response, status, `${kind}; charset=utf-8`, text, { vary: "Accept", ...DISPLAYED.get(kind) });
    } finally {
      this.#held -= held;
      const left = this.#clients.get(client) - 1;
      if (left > 0) this.#clients.set(client, left);
      else this.#clients.delete(client);
    }
  }

  /** Why a request is turned away before its body is read. */
  #busy({ socket }) {
    const { perClient, queue } = this.#settings;
    if (perClient > 0 && (this.#clients.get(socket.remoteAddress ?? "") ?? 0) >= perClient) {
      return refusalOf(429, "throttled", `Only ${perClient} requests at once are taken from one address. Send it again later.`);
    }
    return this.#turns.isFull ? refusalOf(503, "throttled", `${queue} requests wait already. Send it again later.`) : undefined;
  }

  /** Waits for a thread, and has it do the request; a {@link Refusal} where that was not possible in time. */
  async #inTurn(work, entry, signal) {
    if (this.#turns.isFull) return refusalOf(503, "throttled", `${this.#settings.queue} requests wait already. Send it again later.`);
    const { timeout } = this.#settings;
    const started = performance.now();
    const tooLate = () => refusalOf(503, "timeout", `The request was not done within ${timeout} ms, with the time that it waited.`);
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), timeout);
    const leave = () => stop.abort();
    signal.addEventListener("abort", leave, { once: true });
    const turn = await this.#turns.take(stop.signal);
    signal.removeEventListener("abort", leave);
    clearTimeout(timer);
    if (!turn) {
      if (signal.aborted) throw GONE;
      return tooLate();
    }
    entry.waited = Math.round((performance.now() - started) * 10) / 10;
    try {
      // What has begun is done, though its sender goes: to end a thread for it would cost the others more.
      return await this.#done(work, () => Math.max(1, Math.ceil(timeout - (performance.now() - started))));
    } catch (error) {
      if (error?.code === "timeout") return tooLate();
      if (error?.code === "invalid-argument") return refusalOf(400, "invalid", error.message);
      if (error?.code === "freed" && !this.#isStopping) this.#failed();
      throw error;
    } finally {
      turn();
    }
  }

  /** Has a thread do it; another one once more, where the first ended or failed in the middle. */
  async #done(work, left) {
    const jobs = Threads.jobs(await this.#pool);
    if (work.type !== undefined && !this.#types.has(work.type)) return NOT_FOUND();
    const run = () => jobs.run({ method: "operate", values: [work] }, { timeout: left() });
    try {
      return await run();
    } catch (error) {
      if (error?.code !== "internal-error") throw error;
      this.#metrics.retried();
      return run();
    }
  }

  #refuse(request, response, { status, outcome }, more = {}) {
    if (response.headersSent || response.destroyed) return response.destroy();
    const { headers, text } = answerOf(request, outcome);
    response.writeHead(status, { ...headers, ...more, "content-length": Buffer.byteLength(text) });
    response.end(request.method === "HEAD" ? undefined : text);
  }

  #send(response, status, type, text, headers = {}) {
    if (response.destroyed) return;
    response.writeHead(status, { "content-type": type, ...headers, "content-length": Buffer.byteLength(text) });
    response.end(response.req.method === "HEAD" ? undefined : text);
    if (response.writableFinished) return;
    // An answer that nobody reads is not kept for ever.
    const timer = setTimeout(() => response.destroy(), READING);
    response.once("close", () => clearTimeout(timer));
  }
}

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** What is asked for every few seconds, and would fill a log. */
const QUIET = new Set(["/health", "/ready", "/metrics"]);

/** A display opened as it is runs nothing and loads nothing, whatever it came from. */
const CONTAINED = { "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox" };
const DISPLAYED = new Map([["text/html", CONTAINED], ["application/xhtml+xml", CONTAINED]]);

const WHERE = "There is POST /$validate, POST /{type}/$validate, POST /$render, GET /metadata, /health, /ready and /metrics.";
const NOT_FOUND = () => refusalOf(404, "not-found", `Nothing has this address. ${WHERE}`);
const notAllowed = (methods) => refusalOf(405, "not-supported", `This address takes ${methods}.`);

function splitOnce(text, mark) {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** The operation that a path names, with the type of resource before it. A client may send the sign $ as %24. */
function operationOf(path) {
  const [, type, operation] = /^(?:\/([A-Za-z]{1,40}))?\/(?:\$|%24)(validate|render)$/.exec(path) ?? [];
  return operation && !(operation === "render" && type) ? { operation, type } : undefined;
}

/** The parameters of an address, by name. */
function givenIn(query) {
  const given = new Map();
  for (const [name, value] of new URLSearchParams(query)) given.set(name, [...(given.get(name) ?? []), value]);
  return [...given];
}

/** The form of an answer. A display is sent as it is, and in a Binary where a format of FHIR is asked for by its name. */
function answerOfOperation(operation, request) {
  const answer = answerType(request.headers.accept, request.url, bodyFormat(request.headers["content-type"])?.format);
  if (operation !== "render") return answer;
  const accept = request.headers.accept ?? "";
  const isBinary = /fhir/i.test(accept) || /[?&]_format=/.test(request.url);
  const as = accept.toLowerCase().split(",").map((range) => AS.get(mediaType(range))).find(Boolean);
  return { ...answer, isBinary, ...(as && { as }) };
}

/** The form of a display that a media type asks for, where no form is named. */
const AS = new Map([
  ["text/html", "page"],
  ["application/xhtml+xml", "narrative"],
  ["text/plain", "text"],
  ["text/markdown", "markdown"],
  ["application/json", "model"],
]);

/** A Promise that resolves after some milliseconds, unless it is cleared. */
function deadline(milliseconds) {
  let timer;
  const promise = new Promise((resolve) => (timer = setTimeout(resolve, milliseconds)));
  return { promise, clear: () => clearTimeout(timer) };
}

/** The place in our own code where something failed: a message might quote a resource. */
function placeOf(error) {
  const line = String(error?.stack ?? "").split("\n").find((line) => line.includes(".js:")) ?? "";
  return line.slice(line.lastIndexOf("/") + 1).replace(")", "");
}
