// The worker's side of worker.js.

import { answer } from "./answer.js";

self.onmessage = async ({ data }) => self.postMessage(await answer(data));
