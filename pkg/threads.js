// The calls of careconnect, done by other threads: what worker.js and node/pool.js share. threads.d.ts documents them.

import { CALLS, INTERNAL } from "./calls.js";
import { check } from "./check.js";
import { failure, listing, refused } from "./errors.js";
import { isOptions, namedOptions } from "./given.js";
import { packs } from "./packs.js";

/** A handle: threads, which several handles may share, and the packs that this one adds to what the threads have loaded. */
export class Threads {
  #shared;
  #added;
  #isFreed = false;

  /**
   * What handles share is their `jobs`; `freed`, what a call after free() is told; and, where threads are given the bytes of
   * packs instead of reading them, `read(name)`. `added` has the `names` of packs, and with `read` their `bytes`.
   */
  constructor(shared, added = { names: [] }) {
    this.#shared = shared;
    this.#added = added;
    shared.handles ??= new Map();
    shared.handles.set(added.names.join(), this);
  }

  static {
    for (const [name, readers] of CALLS) {
      if (INTERNAL.has(name)) continue;
      // Every call has options here, as each may have a signal.
      const before = readers.filter((reader) => !isOptions(reader)).length;
      const { [name]: value } = {
        [name](...values) {
          return this.#call(name, Array.from({ length: before }, (_, at) => values[at]), values[before]);
        },
      };
      Object.defineProperty(this.prototype, name, { value, configurable: true, writable: true });
    }
    if (Symbol.dispose) {
      Object.defineProperty(this.prototype, Symbol.dispose, {
        value() {
          this.free();
        },
      });
    }
  }

  /** The jobs of a handle, for calls that only some threads have. */
  static jobs(handle) {
    return {
      run: (message, options) => handle.#run(message, options),
      get replaced() {
        return handle.#shared.jobs.replaced;
      },
      get ended() {
        return handle.#isFreed ? handle.#shared.freed : handle.#shared.jobs.ended;
      },
    };
  }

  /** The provider is asked from here: a function cannot be sent to a thread. */
  async check(input, options) {
    return check((input, options) => this.validate(input, options), input, options);
  }

  async ensure(input, options) {
    const { handles, read, freed } = this.#shared;
    const wanted = await this.#call("needs", [input], options);
    if (wanted.length === 0) return this;
    const names = packs.filter((name) => wanted.includes(name) || this.#added.names.includes(name));
    const kept = handles.get(names.join());
    if (kept) return kept;
    const bytes = read && (await Promise.all(names.map(read)));
    if (this.#isFreed) throw failure("freed", freed);
    // Another call may have made it meanwhile.
    return handles.get(names.join()) ?? new this.constructor(this.#shared, { names, bytes });
  }

  get definitions() {
    return this.#call("definitions", []);
  }

  get version() {
    return this.#call("version", []);
  }

  free() {
    if (this.#isFreed) return;
    this.#isFreed = true;
    const { handles, jobs, freed } = this.#shared;
    handles.delete(this.#added.names.join());
    if (handles.size === 0) jobs.end(freed);
  }

  async #call(method, values, options) {
    const { signal, ...rest } = namedOptions(options) ?? {};
    if (signal !== undefined && !(signal instanceof AbortSignal)) throw refused("The option 'signal' is an AbortSignal.");
    // What is given is read here, as by a handle in this thread, so that it is taken and refused alike.
    const readers = CALLS.get(method === "needs" ? "missing" : method) ?? [];
    const [other] = readers.some(isOptions) ? [] : Object.keys(rest);
    if (other !== undefined) throw refused(`There is no option '${other}' here. The options are: signal.`);
    const all = [...values, rest];
    return listing(["signal"], () => this.#run({ method, values: readers.map((reader, at) => whole(reader(all[at]))) }, { signal }));
  }

  async #run(message, options) {
    if (this.#isFreed) throw failure("freed", this.#shared.freed);
    return this.#shared.jobs.run({ ...message, ...(this.#added.names.length > 0 && { added: this.#added }) }, options);
  }
}

/** What is sent to a thread is copied with all the memory that it is a part of. */
const whole = (value) => (value instanceof Uint8Array && value.length < value.buffer.byteLength ? value.slice() : value);
