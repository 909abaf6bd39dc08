/**
 * The same as `careconnect`, in a Web Worker, so that the page never waits. Every call gives a Promise; calls are
 * answered in order.
 *
 * @module
 */

import type {
  CompareOptions,
  DefinitionReport,
  DemographicsComparison,
  Input,
  LoadOptions,
  OperationOutcome,
  RenderAs,
  RenderOptions,
  Report,
  ValidateOptions,
} from "./careconnect.js";

export { packs } from "./careconnect.js";

export interface WorkerOptions extends LoadOptions {
  /**
   * A worker of the page's own making, from `careconnect/worker-thread` as a module: where a bundler does not see it, or
   * where Trusted Types are required and the page must trust its address. It is ended with the last handle.
   */
  worker?: Worker;
}

/** Starts a worker of its own and loads packs there. */
export function load(options?: WorkerOptions): Promise<CareconnectWorker>;

/** What a call in another thread takes besides its own options. */
export interface CallOptions {
  /**
   * Cancels the call: its Promise rejects at once with the signal's reason, and where the call has not begun it never
   * does. So that a check while somebody types follows what was typed last.
   */
  signal?: AbortSignal;
}

export interface CareconnectWorker {
  /** As `Careconnect.validate`. */
  validate(input: Input, options?: ValidateOptions & CallOptions): Promise<Report>;
  /** As `Careconnect.outcome`. */
  outcome(input: Input, options?: ValidateOptions & CallOptions): Promise<OperationOutcome>;
  /** As `Careconnect.render`. */
  render(input: Input, options?: RenderOptions & CallOptions & { as?: Exclude<RenderAs, "model"> }): Promise<string>;
  render(input: Input, options: RenderOptions & CallOptions & { as: "model" }): Promise<unknown>;
  /** As `Careconnect.compareDemographics`. */
  compareDemographics(a: Input, b: Input, options?: CompareOptions & CallOptions): Promise<DemographicsComparison>;
  /** As `Careconnect.ensure`: a handle in the same worker. */
  ensure(input: Input, options?: ValidateOptions & CallOptions): Promise<CareconnectWorker>;
  /** As `Careconnect.definitions`. */
  readonly definitions: Promise<DefinitionReport[]>;
  /** Gives back the memory; with its last handle the worker ends, and calls still waiting are rejected. */
  free(): void;
  [Symbol.dispose](): void;
}
