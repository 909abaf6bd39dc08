// The worker's side of worker.js: does what the messages ask, one after another, and answers each.

import { load } from "./index.js";

let careconnect;

self.onmessage = async ({ data: { id, method, values } }) => {
  try {
    let result;
    if (method === "load") careconnect = await load(...values);
    else if (method === "definitions") result = careconnect.definitions;
    else result = careconnect[method](...values);
    self.postMessage({ id, result });
  } catch (error) {
    self.postMessage({ id, error: error?.message ?? String(error) });
  }
};
