/**
 * The same as `careconnect`, in a Web Worker, so that the page never waits. Every call gives a Promise; calls are
 * answered in order.
 *
 * @module
 */

import type {
  CheckOptions,
  CompareOptions,
  Completion,
  Converted,
  Coverage,
  DefinitionReport,
  DemographicsComparison,
  ElementAt,
  FhirPathResult,
  Input,
  LoadOptions,
  OperationOutcome,
  OutlineElement,
  PlacedElement,
  Profile,
  ProfileComparison,
  ProfileSummary,
  RenderAs,
  RenderOptions,
  Report,
  RuleSummary,
  ValidateOptions,
  ValueSetCodes,
  ValueSetOptions,
  ValueSetSummary,
} from "./careconnect.js";

export { packs, terminologyServer } from "./careconnect.js";

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
  /** As `Careconnect.check`. The provider is asked by the page, not by the worker. */
  check(input: Input, options?: CheckOptions & CallOptions): Promise<Report>;
  /** As `Careconnect.outcome`. */
  outcome(input: Input, options?: ValidateOptions & CallOptions): Promise<OperationOutcome>;
  /** As `Careconnect.render`. */
  render(input: Input, options?: RenderOptions & CallOptions & { as?: Exclude<RenderAs, "model" | "coverage"> }): Promise<string>;
  render(input: Input, options: RenderOptions & CallOptions & { as: "model" }): Promise<unknown>;
  render(input: Input, options: RenderOptions & CallOptions & { as: "coverage" }): Promise<Coverage>;
  /** As `Careconnect.compareDemographics`. */
  compareDemographics(a: Input, b: Input, options?: CompareOptions & CallOptions): Promise<DemographicsComparison>;
  /** As `Careconnect.ensure`: a handle in the same worker. */
  ensure(input: Input, options?: ValidateOptions & CallOptions): Promise<CareconnectWorker>;
  /** As `Careconnect.fhirpath`. */
  fhirpath(input: Input, expression: string): Promise<FhirPathResult>;
  /** As `Careconnect.profiles`. */
  profiles(): Promise<ProfileSummary[]>;
  /** As `Careconnect.profile`. */
  profile(url: string): Promise<Profile | undefined>;
  /** As `Careconnect.compareProfiles`. */
  compareProfiles(a: string, b: string): Promise<ProfileComparison | undefined>;
  /** As `Careconnect.valueSets`. */
  valueSets(): Promise<ValueSetSummary[]>;
  /** As `Careconnect.valueSet`. */
  valueSet(url: string, options?: ValueSetOptions): Promise<ValueSetCodes | undefined>;
  /** As `Careconnect.outline`. */
  outline(input: Input, options?: { depth?: number }): Promise<OutlineElement>;
  /** As `Careconnect.elementAt`. */
  elementAt(input: Input, offset: number, options?: ValidateOptions & CallOptions): Promise<ElementAt>;
  /** As `Careconnect.locate`. */
  locate(input: Input, elements: readonly string[]): Promise<(PlacedElement | undefined)[]>;
  /** As `Careconnect.complete`. */
  complete(input: Input, offset: number, options?: ValidateOptions & CallOptions): Promise<Completion>;
  /** As `Careconnect.convert`. */
  convert(input: Input, to: "json" | "xml"): Promise<Converted>;
  /** As `Careconnect.skeleton`. */
  skeleton(profile: string): Promise<string | undefined>;
  /** As `Careconnect.rules`. */
  rules(): Promise<RuleSummary[]>;
  /** As `Careconnect.definitions`. */
  readonly definitions: Promise<DefinitionReport[]>;
  /** Gives back the memory; with its last handle the worker ends, and calls still waiting are rejected. */
  free(): void;
  [Symbol.dispose](): void;
}
