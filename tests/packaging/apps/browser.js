// In the page itself and in a worker, by way of whatever bundler.

import { load } from "careconnect";
import { load as loadWorker } from "careconnect/worker";
import { exercise } from "./exercise.js";

try {
  window.result = { page: await exercise(load), worker: await exercise(loadWorker) };
} catch (error) {
  window.result = { error: String(error?.stack ?? error) };
}
