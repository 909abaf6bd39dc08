/**
 * Matchers for tests of what a program makes: for `expect` of Vitest and Jest, and assertions for `node:test`.
 *
 * @example
 * // Vitest, in a setup file; for Jest the same with "@jest/globals"
 * import { expect } from "vitest";
 * import { matchers } from "careconnect/matchers";
 * expect.extend(await matchers({ today: "2026-02-28" }));
 * // in a test
 * expect(patient).toBeValid({ profiles: ["CareConnect-Patient-1"] });
 *
 * @example
 * // node:test
 * import { assertions } from "careconnect/matchers";
 * const fhir = await assertions();
 * test("a patient", () => fhir.valid(patient));
 *
 * @module
 */

import type { Input, LoadOptions, ValidateOptions } from "./careconnect.js";

/** What {@link matchers} and {@link assertions} take: which definitions are loaded, and how every resource is judged. */
export interface MatcherOptions extends LoadOptions, Omit<ValidateOptions, "fixes"> {}

/** What a matcher gives to the test runner. */
export interface MatcherResult {
  pass: boolean;
  message: () => string;
}

/**
 * The matchers, as `expect` has them once they are added. So that TypeScript knows them, in a file of your project:
 *
 * @example
 * import type { CareconnectMatchers } from "careconnect/matchers";
 * declare module "vitest" {
 *   interface Assertion<T = any> extends CareconnectMatchers<void> {}
 *   interface AsymmetricMatchersContaining extends CareconnectMatchers<any> {}
 * }
 *
 * @example
 * import type { CareconnectMatchers } from "careconnect/matchers";
 * declare module "expect" {
 *   interface Matchers<R extends void | Promise<void>> extends CareconnectMatchers<R> {}
 * }
 */
export interface CareconnectMatchers<R = unknown> {
  /** No issue is an error. What could not be checked does not count against it: {@link toBeFullyValid} asks for that. */
  toBeValid(options?: ValidateOptions): R;
  /** No issue is an error, and everything was checked. */
  toBeFullyValid(options?: ValidateOptions): R;
  /** There is an issue of this rule, such as `code-required`, at this expression if one is given, such as `Patient.gender`. */
  toHaveIssue(rule: string, expression?: string, options?: ValidateOptions): R;
}

/**
 * The matchers, to be given to `expect.extend`.
 *
 * @throws CareconnectError if an option is wrong or a file cannot be read. A matcher throws if what it is given is no
 * resource at all, or a rule's code is none.
 */
export function matchers(options?: MatcherOptions): Promise<{
  toBeValid(resource: Input, options?: ValidateOptions): MatcherResult;
  toBeFullyValid(resource: Input, options?: ValidateOptions): MatcherResult;
  toHaveIssue(resource: Input, rule: string, expression?: string, options?: ValidateOptions): MatcherResult;
}>;

/** Each throws an AssertionError with the issues found, where what it says is not so. */
export interface Assertions {
  valid(resource: Input, options?: ValidateOptions): void;
  notValid(resource: Input, options?: ValidateOptions): void;
  /** Valid, and everything was checked. */
  fullyValid(resource: Input, options?: ValidateOptions): void;
  hasIssue(resource: Input, rule: string, expression?: string, options?: ValidateOptions): void;
  hasNoIssue(resource: Input, rule: string, expression?: string, options?: ValidateOptions): void;
}

/**
 * The same as plain functions, for `node:test` and any other runner.
 *
 * @throws CareconnectError as {@link matchers}.
 */
export function assertions(options?: MatcherOptions): Promise<Assertions>;
