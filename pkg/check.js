// Validation with the help of a terminology provider: what a report leaves unchecked is asked of the provider, all at once,
// and the validation made again with the answers. careconnect.d.ts documents it.

import { listing, refused } from "./errors.js";
import { namedOptions } from "./given.js";

/** How often what was answered may bring up other codes: a slice that is told by a code has bindings of its own. */
const ROUNDS = 5;

/** How many answers are kept for each provider; the oldest go first. */
const KEPT = 100_000;

/** What each provider has answered, for as long as the provider itself is kept. */
const caches = new WeakMap();

/** Validates by `validate(input, options)`, which may give a Promise, and asks `options.terminology` what is left. */
export function check(validate, input, options) {
  return listing(["terminology"], () => checked(validate, input, options));
}

async function checked(validate, input, options) {
  const { terminology: provider, ...rest } = namedOptions(options) ?? {};
  if (provider === undefined) return validate(input, rest);
  if (typeof provider?.validateCodes !== "function") {
    throw refused("The option 'terminology' is a provider: an object with the function validateCodes(questions).");
  }
  if (!caches.has(provider)) caches.set(provider, new Map());
  const cache = caches.get(provider);
  const reasons = new Map();
  // What is no list of answers is for the core to refuse.
  if (rest.answers !== undefined && !Array.isArray(rest.answers)) return validate(input, rest);
  const answers = new Map(rest.answers?.map((answer) => [keyOf(answer), answer]));
  let report;
  for (let round = 0; round < ROUNDS; round++) {
    report = await validate(input, { ...rest, answers: [...answers.values()] });
    const questions = new Map();
    for (const { subject, system, code } of report.unchecked) {
      if (code === undefined) continue;
      const question = { ...(subject && { valueSet: subject }), ...(system && { system }), code };
      questions.set(keyOf(question), question);
    }
    const open = [...questions].filter(([key]) => !answers.has(key) && !reasons.has(key));
    if (open.length === 0) break;
    await ask(provider, open.filter(([key]) => !cache.has(key)), cache, reasons);
    let isNew = false;
    for (const [key] of open) {
      const answer = cache.get(key);
      if (answer) answers.set(key, answer);
      isNew ||= answer !== undefined;
    }
    if (!isNew) break;
  }
  const unchecked = report.unchecked.map((one) => {
    const reason = one.code !== undefined && reasons.get(keyOf({ valueSet: one.subject, system: one.system, code: one.code }));
    return reason ? { ...one, reason } : one;
  });
  return { ...report, unchecked };
}

/** Asks the provider all questions at once. Its answers go into the cache, and why it has none into the reasons. */
async function ask(provider, open, cache, reasons) {
  if (open.length === 0) return;
  const questions = open.map(([, question]) => question);
  let given;
  try {
    // Each question is a copy: what a provider does to it must not change the next.
    given = await provider.validateCodes(questions.map((question) => ({ ...question })));
    if (!Array.isArray(given) || given.length !== questions.length) {
      throw new Error(`it gave ${Array.isArray(given) ? `${given.length} answers` : "no array"} for ${questions.length} questions`);
    }
  } catch (error) {
    const reason = `The terminology provider failed: ${error?.message ?? error}.`;
    for (const [key] of open) reasons.set(key, reason);
    return;
  }
  open.forEach(([key, question], at) => {
    const { result, display, inactive, reason } = given[at] ?? {};
    if (typeof result === "boolean") {
      const answer = { ...question, result };
      if (typeof display === "string") answer.display = display;
      if (inactive === true) answer.inactive = true;
      cache.set(key, answer);
    } else {
      reasons.set(key, typeof reason === "string" ? reason : "The terminology provider could not say.");
    }
  });
  for (const key of cache.keys()) {
    if (cache.size <= KEPT) break;
    cache.delete(key);
  }
}

const keyOf = ({ valueSet = "", system = "", code } = {}) => JSON.stringify([valueSet, system, code]);
