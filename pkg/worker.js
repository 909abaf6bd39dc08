// The same interface as index.js, in a Web Worker, so that the page never waits. worker.d.ts documents it.

export { packs } from "./packs.js";

export async function load(options = {}) {
  if (typeof Worker === "undefined") {
    throw new Error("There are no Web Workers here. Use load() of 'careconnect' itself.");
  }
  const worker = new Worker(new URL("./worker-thread.js", import.meta.url), { type: "module", name: "careconnect" });
  const careconnect = new CareconnectWorker(worker);
  try {
    await careconnect.loaded(options);
  } catch (error) {
    careconnect.free();
    throw error;
  }
  return careconnect;
}

class CareconnectWorker {
  #worker;
  #waiting = new Map();
  #last = 0;

  constructor(worker) {
    this.#worker = worker;
    worker.onmessage = ({ data: { id, result, error } }) => {
      const { resolve, reject } = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) resolve(result);
      else reject(new Error(error));
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#end(`The careconnect worker failed: ${event.message ?? "its script could not be loaded"}`);
    };
    worker.onmessageerror = () => this.#end("A message of the careconnect worker could not be read.");
  }

  loaded(options) {
    // A URL cannot be sent to a worker as it is, and a relative one would mean another place there.
    const plain = { ...options };
    if (Array.isArray(options.packs)) {
      plain.packs = options.packs.map((pack) => {
        if (pack instanceof URL) return pack.href;
        return typeof pack === "string" && /[./:]/.test(pack) ? new URL(pack, document.baseURI).href : pack;
      });
    }
    return this.#call("load", plain);
  }

  validate(input, options) {
    return this.#call("validate", input, options);
  }

  outcome(input, options) {
    return this.#call("outcome", input, options);
  }

  render(input, options) {
    return this.#call("render", input, options);
  }

  get definitions() {
    return this.#call("definitions");
  }

  free() {
    this.#end("This careconnect was freed. Call load() for a new one.");
  }

  #call(method, ...values) {
    return new Promise((resolve, reject) => {
      if (!this.#worker) throw new Error(this.#reason);
      const id = ++this.#last;
      this.#worker.postMessage({ id, method, values });
      this.#waiting.set(id, { resolve, reject });
    });
  }

  #reason;

  #end(reason) {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#reason ??= reason;
    for (const { reject } of this.#waiting.values()) reject(new Error(reason));
    this.#waiting.clear();
  }
}

if (Symbol.dispose) {
  Object.defineProperty(CareconnectWorker.prototype, Symbol.dispose, { value: CareconnectWorker.prototype.free });
}
