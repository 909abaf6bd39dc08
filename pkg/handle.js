// What load() gives: the core with its definitions, and the calls that can be made.

import { withLinks } from "./attachments.js";
import { read } from "./calls.js";
import { check } from "./check.js";
import { Core, version } from "./dist/careconnect.js";
import { failure } from "./errors.js";
import { instance, isThere, within } from "./instance.js";
import { packBytes, packNow } from "./packs.js";

/** How many sets of further packs one handle keeps; resources name few. */
const KEPT = 16;

/** How often packs are asked for: what R4's pack needs besides is known once it is there. */
const ROUNDS = 2;

/** Calls whose answer may depend on packs that are not loaded: the inputs, and the names of definitions, that each is about. */
const ABOUT = {
  render: ([input, options]) => [[input, options?.against], []],
  rendered: ([input, options]) => [[input, options?.against], []],
  fhirpath: ([input]) => [[input], []],
  view: ([, inputs]) => [inputs, []],
  outline: ([input]) => [[input], []],
  elementAt: ([input, , options]) => [[input], options?.profiles],
  complete: ([input, , options]) => [[input], options?.profiles],
  profile: ([url]) => [[], [url]],
  compareProfiles: (urls) => [[], urls],
  valueSet: ([url]) => [[], [url]],
  skeleton: ([url]) => [[], [url]],
};

/** Calls that say themselves which packs they need, rather than read their input twice. */
const ASKING = ["validate", "outcome"];

const orNothing = (text) => JSON.parse(text) ?? undefined;

/** What becomes of the core's text; it stays text where nothing stands here. */
const RESULTS = {
  validate: JSON.parse,
  outcome: JSON.parse,
  render: (text, [, options]) => (options?.as === "model" || options?.as === "coverage" ? JSON.parse(text) : text),
  rendered: JSON.parse,
  redact: (text) => text,
  compareDemographics: JSON.parse,
  fhirpath: JSON.parse,
  view: JSON.parse,
  profiles: JSON.parse,
  profile: orNothing,
  compareProfiles: orNothing,
  valueSets: JSON.parse,
  valueSet: orNothing,
  outline: JSON.parse,
  elementAt: JSON.parse,
  locate: (text) => JSON.parse(text).map((found) => found ?? undefined),
  complete: JSON.parse,
  convert: JSON.parse,
  skeleton: (text) => text,
  rules: JSON.parse,
  definitions: JSON.parse,
};

// JSON.parse takes a second argument, which the values of a call are not.
const result = (method, text, values) => (RESULTS[method] === JSON.parse ? JSON.parse(text) : RESULTS[method](text, values));

export class Careconnect {
  /**
   * What it is made of: the bytes of packs, a user's own definitions and the index of packs; and the handle that it shares most
   * of that with.
   */
  #source;
  #core;
  /** The instance in which the core was made. */
  #made;
  /** The packs that it was made of. Those given as bytes or URLs say nothing of what they hold, which does no harm. */
  #packs;
  /** Whether further packs of the package are used where something needs them. */
  #grows;
  /** The handles with further packs, by the names of these. */
  #extended = new Map();

  constructor(source, packs, grows) {
    this.#source = source;
    this.#packs = packs;
    this.#grows = grows;
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
    const { packs, definitions, index, base, added } = this.#source;
    if (!base?.#source) return within(() => new Core(packs, definitions, index));
    const core = base.#alive();
    return within(() => core.withPacks(added));
  }

  /** Calls the core with values that were read. */
  #run(method, given) {
    const core = this.#alive();
    try {
      return within(() => core[method](...given));
    } catch (error) {
      // What the core says in words is about what it was given.
      error.code ??= "invalid-argument";
      throw error;
    }
  }

  /** A call's text, or the names of the packs that it needs first. */
  #try(method, given) {
    if (ASKING.includes(method)) {
      const text = this.#run(method, [...given, this.#grows]);
      return text[0] === "+" ? { needed: text.slice(1).split(" ") } : { text };
    }
    const needed = this.#grows && method in ABOUT ? this.#needed(...ABOUT[method](given)) : [];
    return needed.length > 0 ? { needed } : { text: this.#run(method, given) };
  }

  #needed(inputs, names) {
    return this.#run("needed", [inputs.filter((input) => input !== undefined), Array.isArray(names) ? names : []]);
  }

  /** A call's text from this handle as it is. */
  #asIs(method, given) {
    return this.#run(method, ASKING.includes(method) ? [...given, false] : given);
  }

  /** A call's text. Packs that it needs are read at once where that is possible; where not, the answer says which they are. */
  #text(method, given) {
    let handle = this;
    for (let round = 0; round < ROUNDS; round++) {
      const { text, needed } = handle.#try(method, given);
      // A text may be none: there is no skeleton of what is not known.
      if (!needed) return text;
      const more = handle.#withNow(needed);
      if (!more) break;
      handle = more;
    }
    return handle.#asIs(method, given);
  }

  #call(method, ...values) {
    // What the caller gave is read first: that may run code of the caller's, which may make calls, or free this.
    const given = read(method, values);
    return result(method, this.#text(method, given), given);
  }

  /** The handle with these packs besides, where they can be had at once. */
  #withNow(names) {
    return this.#kept(names) ?? this.#keep(names, names.map(packNow));
  }

  #kept(names) {
    const key = names.join();
    const found = this.#extended.get(key);
    if (!found?.#source) return undefined;
    // The last used stands last, and the first goes.
    this.#extended.delete(key);
    this.#extended.set(key, found);
    return found;
  }

  #keep(names, added) {
    if (added.some((bytes) => bytes === undefined)) return undefined;
    this.#alive();
    const { packs, ...source } = this.#source;
    const made = new Careconnect({ ...source, packs: [...packs, ...added], base: this, added }, [...this.#packs, ...names], this.#grows);
    this.#extended.set(names.join(), made);
    if (this.#extended.size > KEPT) this.#extended.delete(this.#extended.keys().next().value);
    return made;
  }

  // These are for the package itself, and not for programs.

  /** A call's answer as the text that the core gives, to be passed on. */
  static text(careconnect, method, ...values) {
    return careconnect.#text(method, read(method, values));
  }

  /** A call's answer, with the packs that it needs fetched first. Without a network it is what it is without them. */
  static async answer(careconnect, method, values) {
    const given = read(method, values);
    let handle = careconnect;
    for (let round = 0; round < ROUNDS; round++) {
      const { text, needed } = handle.#try(method, given);
      if (!needed) return result(method, text, given);
      const more = await Careconnect.withPacks(handle, needed).catch(() => undefined);
      if (!more) break;
      handle = more;
    }
    return result(method, handle.#asIs(method, given), given);
  }

  /** What render() gives as text, with what must be said of it before everything else. */
  static rendered(careconnect, input, options) {
    return careconnect.#call("rendered", input, options);
  }

  /** The names of the packs that a resource needs and that are not loaded. */
  static async needs(careconnect, input, options) {
    return careconnect.#run("missing", read("missing", [input, options]));
  }

  /** A handle with these packs besides, which is kept for the next time. */
  static async withPacks(careconnect, names) {
    const kept = careconnect.#kept(names);
    if (kept) return kept;
    const bytes = await Promise.all(names.map(packBytes));
    // Another call may have made it meanwhile.
    return careconnect.#kept(names) ?? careconnect.#keep(names, bytes);
  }

  /** A new handle with the packs, besides its own, that the user's definitions build on. */
  static async withBases(careconnect) {
    const needed = careconnect.#grows ? careconnect.#run("neededByDefinitions", []) : [];
    if (needed.length === 0) return careconnect;
    const bytes = await Promise.all(needed.map(packBytes));
    const { packs, ...source } = careconnect.#source;
    careconnect.free();
    return new Careconnect({ ...source, packs: [...packs, ...bytes] }, [...careconnect.#packs, ...needed], true);
  }

  validate(input, options) {
    return this.#call("validate", input, options);
  }

  async check(input, options) {
    return check((input, options) => Careconnect.answer(this, "validate", [input, options]), input, options);
  }

  outcome(input, options) {
    return this.#call("outcome", input, options);
  }

  render(input, options) {
    if (typeof options?.attachment === "function") return this.#linked(input, options);
    return this.#call("render", input, options);
  }

  redact(input, options) {
    return this.#call("redact", input, options);
  }

  /** A display whose files the caller opens. */
  #linked(input, { attachment, ...options }) {
    const { as, audience } = options;
    if (as !== "page" && as !== "fragment") return this.render(input, options);
    const model = this.#call("render", input, { ...options, as: "model" });
    return withLinks(this.#call("render", input, options), model, attachment, audience === "patient");
  }

  compareDemographics(a, b, options) {
    return this.#call("compareDemographics", a, b, options);
  }

  fhirpath(input, expression, options) {
    return this.#call("fhirpath", input, expression, options);
  }

  view(definition, resources, options) {
    return this.#call("view", definition, resources, options);
  }

  profiles() {
    return this.#call("profiles");
  }

  profile(url) {
    return this.#call("profile", url);
  }

  compareProfiles(a, b) {
    return this.#call("compareProfiles", a, b);
  }

  valueSets() {
    return this.#call("valueSets");
  }

  valueSet(url, options) {
    return this.#call("valueSet", url, options);
  }

  outline(input, options) {
    return this.#call("outline", input, options);
  }

  elementAt(input, offset, options) {
    return this.#call("elementAt", input, offset, options);
  }

  locate(input, elements) {
    return this.#call("locate", input, elements);
  }

  complete(input, offset, options) {
    return this.#call("complete", input, offset, options);
  }

  convert(input, to) {
    return this.#call("convert", input, to);
  }

  skeleton(profile) {
    return this.#call("skeleton", profile);
  }

  rules() {
    return this.#call("rules");
  }

  async ensure(input, options) {
    let handle = this;
    for (let round = 0; round < ROUNDS; round++) {
      const names = await Careconnect.needs(handle, input, options);
      if (names.length === 0) break;
      handle = await Careconnect.withPacks(handle, names);
    }
    return handle;
  }

  get definitions() {
    return this.#call("definitions");
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
