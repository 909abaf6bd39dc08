// A thread of pool.js: loads once, then answers.

import { parentPort, workerData } from "node:worker_threads";
import { answer, loaded } from "../answer.js";
import { Careconnect } from "../handle.js";

/** The reports of the lines of a batch, as JSON text; for a line on which the core fails, an object that says so. */
function lines({ bytes, ends, options }) {
  let from = 0;
  return ends.map((to) => {
    const line = bytes.subarray(from, to);
    from = to;
    try {
      return Careconnect.text(loaded(), "validate", line, options);
    } catch (error) {
      return { failed: error.message };
    }
  });
}

parentPort.on("message", async (message) => {
  const { id, method, values } = message;
  parentPort.postMessage(method === "lines" ? { id, result: lines(...values) } : await answer(message));
});

parentPort.postMessage(await answer({ method: "load", values: [workerData] }));
