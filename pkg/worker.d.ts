/**
 * The same as `careconnect`, in a Web Worker, so that the page never waits. Every call gives a Promise; calls are
 * answered in order.
 *
 * @module
 */

import type {
  DefinitionReport,
  Input,
  LoadOptions,
  OperationOutcome,
  RenderAs,
  RenderOptions,
  Report,
  ValidateOptions,
} from "./careconnect.js";

export { packs } from "./careconnect.js";

/** Starts a worker of its own and loads packs there. */
export function load(options?: LoadOptions): Promise<CareconnectWorker>;

export interface CareconnectWorker {
  /** As `Careconnect.validate`. */
  validate(input: Input, options?: ValidateOptions): Promise<Report>;
  /** As `Careconnect.outcome`. */
  outcome(input: Input, options?: ValidateOptions): Promise<OperationOutcome>;
  /** As `Careconnect.render`. */
  render(input: Input, options?: RenderOptions & { as?: Exclude<RenderAs, "model"> }): Promise<string>;
  render(input: Input, options: RenderOptions & { as: "model" }): Promise<unknown>;
  /** As `Careconnect.definitions`. */
  readonly definitions: Promise<DefinitionReport[]>;
  /** Ends the worker. Calls still waiting are rejected. */
  free(): void;
  [Symbol.dispose](): void;
}
