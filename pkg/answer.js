// The threads' side of jobs.js: does what a message asks, and answers it.

import { CALLS } from "./calls.js";
import { Careconnect } from "./handle.js";
import { load } from "./index.js";
import { give } from "./packs.js";

/** What was loaded first. What handles add to it, it keeps. */
let loaded;

/** `own` are calls that only this kind of thread has. */
export async function answer({ id, ...message }, own = {}) {
  try {
    return { id, result: await run(message, own) };
  } catch (error) {
    return { id, error: error?.message ?? String(error), ...(typeof error?.code === "string" && { code: error.code }) };
  }
}

async function run({ added, method, values }, own) {
  if (method === "load") {
    loaded = await load(...values);
    return undefined;
  }
  if (added?.bytes) give(added.names.map((name, at) => [name, added.bytes[at]]));
  const careconnect = added ? await Careconnect.withPacks(loaded, added.names) : loaded;
  if (Object.hasOwn(own, method)) return own[method](careconnect, ...values);
  if (method === "needs") return Careconnect.needs(careconnect, ...values);
  if (method === "definitions" || method === "version") return careconnect[method];
  if (!CALLS.has(method)) throw new Error(`There is no call '${method}'.`);
  return Careconnect.answer(careconnect, method, values);
}
