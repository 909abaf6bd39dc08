/**
 * What `careconnect/worker` and `careconnect/node` share: the calls of `Careconnect`, done in other threads.
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
  FhirPathOptions,
  FhirPathResult,
  Input,
  OperationOutcome,
  OutlineElement,
  PlacedElement,
  Profile,
  ProfileComparison,
  ProfileSummary,
  RedactOptions,
  RenderAs,
  RenderOptions,
  Report,
  RuleSummary,
  Signal,
  ValidateOptions,
  ValueSetCodes,
  ValueSetOptions,
  ValueSetSummary,
  ViewOptions,
  ViewRows,
  ViewText,
} from "./careconnect.js";

/** What every call takes besides its own options. */
export interface CallOptions {
  /**
   * Cancels the call: its Promise rejects at once with the signal's reason. Where the call has not begun it never does;
   * where it runs its thread is ended, and another takes its place. So that a check while somebody types follows what was
   * typed last.
   */
  signal?: Signal;
}

/** The same calls as `Careconnect`, each with a Promise of what it gives. `Own` is what {@link ensure} gives. */
export interface CareconnectThreads<Own> {
  /** As `Careconnect.validate`. */
  validate(input: Input, options?: ValidateOptions & CallOptions): Promise<Report>;
  /** As `Careconnect.check`. The provider is asked by the thread that calls this. */
  check(input: Input, options?: CheckOptions & CallOptions): Promise<Report>;
  /** As `Careconnect.outcome`. */
  outcome(input: Input, options?: ValidateOptions & CallOptions): Promise<OperationOutcome>;
  /** As `Careconnect.render`. */
  render(input: Input, options?: RenderOptions & CallOptions & { as?: Exclude<RenderAs, "model" | "coverage"> }): Promise<string>;
  render(input: Input, options: RenderOptions & CallOptions & { as: "model" }): Promise<unknown>;
  render(input: Input, options: RenderOptions & CallOptions & { as: "coverage" }): Promise<Coverage>;
  /** As `Careconnect.redact`. */
  redact(input: Input, options?: RedactOptions & CallOptions): Promise<string>;
  /** As `Careconnect.compareDemographics`. */
  compareDemographics(a: Input, b: Input, options?: CompareOptions & CallOptions): Promise<DemographicsComparison>;
  /** As `Careconnect.ensure`: a handle in the same threads. */
  ensure(input: Input, options?: ValidateOptions & CallOptions): Promise<Own>;
  /** As `Careconnect.fhirpath`. */
  fhirpath(input: Input, expression: string, options?: FhirPathOptions & CallOptions): Promise<FhirPathResult>;
  /** As `Careconnect.view`. */
  view(definition: Input, resources: readonly Input[], options: ViewOptions & CallOptions & { as: "csv" | "ndjson" }): Promise<ViewText>;
  view(definition: Input, resources: readonly Input[], options?: ViewOptions & CallOptions & { as?: "rows" }): Promise<ViewRows>;
  /** As `Careconnect.profiles`. */
  profiles(options?: CallOptions): Promise<ProfileSummary[]>;
  /** As `Careconnect.profile`. */
  profile(url: string, options?: CallOptions): Promise<Profile | undefined>;
  /** As `Careconnect.compareProfiles`. */
  compareProfiles(a: string, b: string, options?: CallOptions): Promise<ProfileComparison | undefined>;
  /** As `Careconnect.valueSets`. */
  valueSets(options?: CallOptions): Promise<ValueSetSummary[]>;
  /** As `Careconnect.valueSet`. */
  valueSet(url: string, options?: ValueSetOptions & CallOptions): Promise<ValueSetCodes | undefined>;
  /** As `Careconnect.outline`. */
  outline(input: Input, options?: { depth?: number } & CallOptions): Promise<OutlineElement>;
  /** As `Careconnect.elementAt`. */
  elementAt(input: Input, offset: number, options?: ValidateOptions & CallOptions): Promise<ElementAt>;
  /** As `Careconnect.locate`. */
  locate(input: Input, elements: readonly string[], options?: CallOptions): Promise<(PlacedElement | undefined)[]>;
  /** As `Careconnect.complete`. */
  complete(input: Input, offset: number, options?: ValidateOptions & CallOptions): Promise<Completion>;
  /** As `Careconnect.convert`. */
  convert(input: Input, to: "json" | "xml", options?: CallOptions): Promise<Converted>;
  /** As `Careconnect.skeleton`. */
  skeleton(profile: string, options?: CallOptions): Promise<string | undefined>;
  /** As `Careconnect.rules`. */
  rules(options?: CallOptions): Promise<RuleSummary[]>;
  /** As `Careconnect.definitions`. */
  readonly definitions: Promise<DefinitionReport[]>;
  /** As `Careconnect.version`. */
  readonly version: Promise<string>;
  /** Gives the handle back. With the last one the threads end, their memory with them, and calls still waiting are rejected. */
  free(): void;
  [Symbol.dispose](): void;
}
