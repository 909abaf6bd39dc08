// A thread of pool.js: loads once, then answers.

import { parentPort, workerData } from "node:worker_threads";
import { answer } from "../answer.js";
import { Careconnect } from "../handle.js";
import { give } from "../packs.js";

/** The reports of the lines of a batch, as JSON text; for a line on which the core fails, an object that says so. */
function lines(careconnect, { bytes, ends, options }) {
  let from = 0;
  return ends.map((to) => {
    const line = bytes.subarray(from, to);
    from = to;
    try {
      return Careconnect.text(careconnect, "validate", line, options);
    } catch (error) {
      return { failed: error.message, code: error.code ?? "internal-error" };
    }
  });
}

/** What `careconnect serve` asks. Only it needs that module. */
async function operate(careconnect, request) {
  const service = await import("../serve/operate.js");
  return service.operate(careconnect, request);
}

parentPort.on("message", async (message) => parentPort.postMessage(await answer(message, { lines, operate })));

give(workerData.given);
parentPort.postMessage(await answer({ method: "load", values: [workerData.options] }));
