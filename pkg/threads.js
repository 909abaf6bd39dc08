// The calls of careconnect, done by other threads: what worker.js and node/pool.js share. threads.d.ts documents them.

import { check } from "./check.js";
import { withoutSignal } from "./jobs.js";
import { packs } from "./packs.js";

/** Every call that is passed on as it is, and how many values it takes before its options. */
const CALLS = {
  validate: 1,
  outcome: 1,
  render: 1,
  compareDemographics: 2,
  fhirpath: 2,
  profiles: 0,
  profile: 1,
  compareProfiles: 2,
  valueSets: 0,
  valueSet: 1,
  outline: 1,
  elementAt: 2,
  locate: 2,
  complete: 2,
  convert: 2,
  skeleton: 1,
  rules: 0,
};

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
    for (const [name, before] of Object.entries(CALLS)) {
      const { [name]: value } = {
        [name](...values) {
          return this.#call(name, values.slice(0, before), values[before]);
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
    if (this.#isFreed) throw new Error(freed);
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
    const { sent, signal } = withoutSignal(options);
    return this.#run({ method, values: [...values, sent] }, { signal });
  }

  async #run(message, options) {
    if (this.#isFreed) throw new Error(this.#shared.freed);
    return this.#shared.jobs.run({ ...message, ...(this.#added.names.length > 0 && { added: this.#added }) }, options);
  }
}
