// The threads' side of jobs.js: does what a message asks, and answers it.

import { load } from "./index.js";

/** The handles of this thread by number; 0 is the one loaded first, the others come of ensure(). */
const handles = new Map();
const numbers = new Map();

export async function answer({ id, handle = 0, method, values }) {
  try {
    return { id, result: await run(handle, method, values) };
  } catch (error) {
    return { id, error: error?.message ?? String(error) };
  }
}

/** The handle that was loaded. */
export function loaded() {
  return handles.get(0);
}

async function run(handle, method, values) {
  if (method === "load") return number(await load(...values));
  const careconnect = handles.get(handle);
  if (!careconnect) throw new Error("This careconnect was freed. Call load() for a new one.");
  if (method === "definitions") return careconnect.definitions;
  if (method === "ensure") return number(await careconnect.ensure(...values));
  if (method === "free") {
    handles.delete(handle);
    numbers.delete(careconnect);
    return careconnect.free();
  }
  return careconnect[method](...values);
}

function number(careconnect) {
  if (!numbers.has(careconnect)) {
    const next = numbers.size === 0 ? 0 : Math.max(...handles.keys()) + 1;
    numbers.set(careconnect, next);
    handles.set(next, careconnect);
  }
  return numbers.get(careconnect);
}
