// The WebAssembly instance of this thread, which everything here shares. Where it fails (memory or stack at an end, a fault of
// its own) nothing in it can be relied on any more: it is thrown away, and made anew from the compiled module.

import { __wbg_reset_state as reset } from "./dist/careconnect.js";
import { failure } from "./errors.js";

let hasFailed = false;
let count = 0;

/** Which instance this is: one that has failed is replaced first. What was made in another is gone with it. */
export function instance() {
  if (hasFailed) {
    try {
      reset();
    } catch (cause) {
      throw failure("internal-error", "careconnect could not start its WebAssembly core anew.", cause);
    }
    count += 1;
    hasFailed = false;
  }
  return count;
}

/** Whether something that was made in an instance is still there. */
export const isThere = (made) => made === count && !hasFailed;

/** Codes that the core itself gives: words with hyphens, as those of systems and of Node.js never are. */
const isOwnCode = (code) => code === undefined || (typeof code === "string" && /^[a-z][a-z-]*$/.test(code));

/** Whether an error is the core's own words. By its name, as a page may have an `Error` of its own in place of the language's. */
const isWords = (cause) => cause instanceof Error && cause.name === "Error" && isOwnCode(cause.code) && !(cause instanceof WebAssembly.RuntimeError);

/** Does something with the instance. What the core says in words is thrown as it is; after anything else it has failed. */
export function within(act) {
  try {
    return act();
  } catch (cause) {
    if (isWords(cause)) throw cause;
    hasFailed = true;
    // The memory of the failed one is let go of soon, though not here, where there may be no room on the stack.
    queueMicrotask(() => {
      try {
        instance();
      } catch {
        // The next call tries again, and says so.
      }
    });
    throw failure("internal-error", "careconnect failed on this input, which is a fault of its own: please report it.", cause);
  }
}
