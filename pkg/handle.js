// What load() gives: the core with its definitions, and the calls that can be made.

import { withLinks } from "./attachments.js";
import { read } from "./calls.js";
import { check } from "./check.js";
import { Core, version } from "./dist/careconnect.js";
import { failure } from "./errors.js";
import { instance, isThere, within } from "./instance.js";
import { packBytes, packsFor } from "./packs.js";

/** How many sets of further packs one handle keeps for ensure(); resources name few. */
const KEPT = 16;

export class Careconnect {
  /** What it is made of: the bytes of packs and a user's own definitions; and the handle that it shares most of that with. */
  #source;
  #core;
  /** The instance in which the core was made. */
  #made;
  /** The packs that it was made of. Those given as bytes or URLs say nothing of what they hold, which does no harm. */
  #packs;
  /** The handles that ensure() made, by the names of the packs added. */
  #extended = new Map();

  constructor(source, packs) {
    this.#source = source;
    this.#packs = new Set(packs);
    this.#alive();
  }

  /** The core: made anew where the instance that it was in has failed, whoever made it fail. */
  #alive() {
    if (!this.#source) throw failure("freed", "This careconnect was freed. Call load() for a new one.");
    const now = instance();
    if (this.#made !== now) {
      this.#core = this.#make();
      this.#made = now;
    }
    return this.#core;
  }

  #make() {
    const { packs, definitions, base, added } = this.#source;
    if (!base?.#source) return within(() => new Core(packs, definitions));
    const core = base.#alive();
    return within(() => core.withPacks(added));
  }

  #call(method, ...values) {
    // What the caller gave is read first: that may run code of the caller's, which may make calls, or free this.
    const given = read(method, values);
    const core = this.#alive();
    try {
      return within(() => core[method](...given));
    } catch (error) {
      // What the core says in words is about what it was given.
      error.code ??= "invalid-argument";
      throw error;
    }
  }

  // These are for the package's own threads, and not for programs.

  /** A call's answer as the text that the core gives, to be passed on. */
  static text(careconnect, method, ...values) {
    return careconnect.#call(method, ...values);
  }

  /** The names of the packs that a resource needs and that are not loaded. */
  static async needs(careconnect, input, options) {
    const urls = JSON.parse(careconnect.#call("missing", input, options));
    return urls.length > 0 ? packsFor(urls, careconnect.#packs) : [];
  }

  /** A handle with these packs besides, which is kept for the next time. */
  static async withPacks(careconnect, names) {
    const extended = careconnect.#extended;
    const key = names.join();
    if (!extended.get(key)?.#source) {
      const bytes = await Promise.all(names.map(packBytes));
      // Another call may have made it meanwhile.
      if (!extended.get(key)?.#source) {
        careconnect.#alive();
        const { packs, definitions } = careconnect.#source;
        const source = { packs: [...packs, ...bytes], definitions, base: careconnect, added: bytes };
        extended.set(key, new Careconnect(source, [...careconnect.#packs, ...names]));
      }
    }
    const found = extended.get(key);
    // The last used stands last, and the first goes.
    extended.delete(key);
    extended.set(key, found);
    if (extended.size > KEPT) extended.delete(extended.keys().next().value);
    return found;
  }

  validate(input, options) {
    return JSON.parse(this.#call("validate", input, options));
  }

  async check(input, options) {
    return check((input, options) => this.validate(input, options), input, options);
  }

  outcome(input, options) {
    return JSON.parse(this.#call("outcome", input, options));
  }

  render(input, options) {
    if (typeof options?.attachment === "function") return this.#linked(input, options);
    const text = this.#call("render", input, options);
    return options?.as === "model" || options?.as === "coverage" ? JSON.parse(text) : text;
  }

  redact(input, options) {
    return this.#call("redact", input, options);
  }

  /** A display whose files the caller opens. */
  #linked(input, { attachment, ...options }) {
    const { as, audience } = options;
    if (as !== "page" && as !== "fragment") return this.render(input, options);
    const model = JSON.parse(this.#call("render", input, { ...options, as: "model" }));
    return withLinks(this.#call("render", input, options), model, attachment, audience === "patient");
  }

  compareDemographics(a, b, options) {
    return JSON.parse(this.#call("compareDemographics", a, b, options));
  }

  fhirpath(input, expression) {
    return JSON.parse(this.#call("fhirpath", input, expression));
  }

  profiles() {
    return JSON.parse(this.#call("profiles"));
  }

  profile(url) {
    return JSON.parse(this.#call("profile", url)) ?? undefined;
  }

  compareProfiles(a, b) {
    return JSON.parse(this.#call("compareProfiles", a, b)) ?? undefined;
  }

  valueSets() {
    return JSON.parse(this.#call("valueSets"));
  }

  valueSet(url, options) {
    return JSON.parse(this.#call("valueSet", url, options)) ?? undefined;
  }

  outline(input, options) {
    return JSON.parse(this.#call("outline", input, options));
  }

  elementAt(input, offset, options) {
    return JSON.parse(this.#call("elementAt", input, offset, options));
  }

  locate(input, elements) {
    return JSON.parse(this.#call("locate", input, elements)).map((found) => found ?? undefined);
  }

  complete(input, offset, options) {
    return JSON.parse(this.#call("complete", input, offset, options));
  }

  convert(input, to) {
    return JSON.parse(this.#call("convert", input, to));
  }

  skeleton(profile) {
    return this.#call("skeleton", profile);
  }

  rules() {
    return JSON.parse(this.#call("rules"));
  }

  async ensure(input, options) {
    const names = await Careconnect.needs(this, input, options);
    return names.length > 0 ? Careconnect.withPacks(this, names) : this;
  }

  get definitions() {
    return JSON.parse(this.#call("definitions"));
  }

  get version() {
    instance();
    return within(version);
  }

  free() {
    const core = this.#core;
    this.#core = undefined;
    this.#source = undefined;
    if (isThere(this.#made)) core?.free();
  }
}

if (Symbol.dispose) {
  Object.defineProperty(Careconnect.prototype, Symbol.dispose, { value: Careconnect.prototype.free });
}
