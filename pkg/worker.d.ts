/**
 * The same as `careconnect`, in a Web Worker, so that the page never waits. Every call gives a Promise; calls are
 * answered in order.
 *
 * @module
 */

import type { LoadOptions } from "./careconnect.js";
import type { CareconnectThreads } from "./threads.js";

export { packs, terminologyServer } from "./careconnect.js";
export type { CallOptions } from "./threads.js";

/** A worker, as far as it is used here: the platform's own fits. */
export interface WorkerLike {
  postMessage(message: any): void;
  terminate(): void;
}

export interface WorkerOptions extends LoadOptions {
  /**
   * A function that makes a worker of `careconnect/worker-thread` as a module: where a bundler does not see it, or where
   * Trusted Types are required and the page must trust its address. It is called again where a worker was ended (a call that
   * ran was aborted) or has failed. A worker that is given itself cannot be replaced: an aborted call keeps it busy, and
   * when it fails so does every later call. It is ended with the last handle.
   */
  worker?: WorkerLike | (() => WorkerLike);
}

/** Starts a worker of its own and loads packs there. */
export function load(options?: WorkerOptions): Promise<CareconnectWorker>;

/** As `Careconnect`, in one worker. A terminology provider is asked by the page, not by the worker. */
export interface CareconnectWorker extends CareconnectThreads<CareconnectWorker> {}
