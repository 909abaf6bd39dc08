/**
 * Validates and displays CareConnect (UK FHIR STU3) resources, on the machine it runs on: nothing is sent anywhere.
 *
 * @example
 * import { load } from "careconnect";
 * const careconnect = await load();
 * const report = careconnect.validate(text);
 * for (const issue of report.issues) console.log(`${issue.line}:${issue.column} ${issue.message}`);
 *
 * @module
 */

/**
 * A resource, in JSON or XML; which of the two is told by its first character.
 *
 * - `string`: offsets in the report are indexes into it.
 * - `Uint8Array`: UTF-8, with or without a byte order mark. Offsets count the UTF-16 code units of its text, the byte
 *   order mark included (so decode it with `new TextDecoder("utf-8", { ignoreBOM: true })` to use them).
 * - a plain object, as `JSON.parse` makes it: written out as JSON first. Exact decimals (`1.0` against `1`), duplicate
 *   keys and the places in your own text are lost by then, so give the text where you have it.
 */
export type Input = string | Uint8Array | { readonly resourceType?: string; readonly [property: string]: unknown };

/** The name of a pack that comes with the package. */
export type PackName =
  | "stu3"
  | "careconnect"
  | "gpconnect"
  | "itk"
  | "nrl"
  | "events"
  | "childhealth"
  | "news2"
  | "ers"
  | "other";

/** The names of the packs that come with the package. `stu3`, the base of all others, is the first. */
export const packs: readonly PackName[];

export interface LoadOptions {
  /**
   * The definitions to check by: names of packs, addresses of packs, and packs as bytes. `"all"` is every pack of the
   * package. A string that is no name is an address, relative to the page or, in Node.js, to the working directory.
   *
   * @defaultValue `["stu3", "careconnect"]`
   */
  packs?: "all" | readonly (PackName | "all" | (string & {}) | URL | Uint8Array)[];
  /**
   * Definitions of your own, on top of the packs: StructureDefinitions (a differential is enough), ValueSets,
   * CodeSystems, Questionnaires, MessageDefinitions and Bundles of these. They may refer to each other, in any order, and take the place of
   * what a pack has under the same URL. What is wrong with them is in {@link Careconnect.definitions}.
   */
  definitions?: readonly Input[];
  /**
   * The core itself: its address, its bytes, or compiled. It is found without; say it where a bundler or an edge runtime
   * puts `careconnect/careconnect.wasm` elsewhere. The first `load()` of a program or worker decides.
   */
  wasm?: string | URL | ArrayBuffer | Uint8Array | WebAssembly.Module;
}

/**
 * Starts the core and loads packs. Finds its own files, in Node.js and in a browser.
 *
 * @throws Error if an option is wrong or a file cannot be read, with a sentence that says which.
 */
export function load(options?: LoadOptions): Promise<Careconnect>;

/** The definitions loaded, and what can be done with them. It never changes: {@link Careconnect.ensure} gives another. */
export interface Careconnect {
  /**
   * Checks a resource against its base type, the profiles in its `meta.profile` and those asked for. A bad resource is
   * not an exception: whatever is wrong with it is in the report.
   *
   * @throws Error if the call itself is wrong: not an {@link Input}, or an unknown option.
   */
  validate(input: Input, options?: ValidateOptions): Report;

  /** The same, as a FHIR STU3 OperationOutcome. */
  outcome(input: Input, options?: ValidateOptions): OperationOutcome;

  /**
   * Displays a resource, valid or not.
   *
   * - `"narrative"` (the default): the XHTML `div` of `Resource.text`
   * - `"fragment"`: HTML for a shadow root
   * - `"page"`: a whole HTML page
   * - `"text"`: plain text
   * - `"markdown"`: Markdown
   * - `"model"`: the display model, plain data
   */
  render(input: Input, options?: RenderOptions & { as?: Exclude<RenderAs, "model"> }): string;
  render(input: Input, options: RenderOptions & { as: "model" }): unknown;

  /**
   * Compares the patients of two inputs by the fields that GP Connect asks consumers to cross-check: family name, given
   * names, gender, date of birth, practice code, and date of death. An input is a Patient or holds just one.
   *
   * @throws if an input has no Patient, or several.
   */
  compareDemographics(a: Input, b: Input, options?: CompareOptions): DemographicsComparison;

  /**
   * Loads the packs of the package that a resource needs and that are not loaded: those with the profiles in its
   * `meta.profile`, with its extensions, the same of everything within it, and those with the profiles asked for.
   *
   * A handle never changes, so this gives another one that has more, or the same where nothing is needed; what is checked
   * with it depends on the resource alone, and not on what was checked before. It shares its memory with this one, and is
   * kept: the next resource that needs the same packs gets it at once. Profiles that no pack has stay unknown.
   *
   * @example
   * const report = (await careconnect.ensure(resource)).validate(resource);
   */
  ensure(input: Input, options?: ValidateOptions): Promise<Careconnect>;

  /** What is wrong with the definitions given to {@link load}: one report for each, in the same order. */
  readonly definitions: DefinitionReport[];

  /** The version of the core. */
  readonly version: string;

  /** Gives back the memory. Any later call throws. */
  free(): void;
  [Symbol.dispose](): void;
}

export interface CompareOptions {
  /** The language of labels and sentences. @defaultValue `"en-GB"` */
  language?: "en-GB" | "cy";
}

/** Two patients compared. Plain data. */
export interface DemographicsComparison {
  /** Whether all six fields are the same. */
  same: boolean;
  /** What is different or could not be compared, in one sentence. */
  words: string;
  /** All six fields, always in this order. */
  fields: {
    field: "family" | "given" | "gender" | "birthDate" | "practiceCode" | "deceased";
    label: string;
    /** What the first record says, as recorded. */
    a?: string;
    /** What the second record says, as recorded. */
    b?: string;
    /** `"missing"` where one does not say it, or not as exactly, so that nothing is decided. */
    result: "same" | "different" | "missing";
    /** The result in a sentence. */
    words: string;
  }[];
}

export interface ValidateOptions {
  /** Canonical URLs of profiles to check against besides those in `meta.profile`; `|version` may follow. */
  profiles?: readonly string[];
  /**
   * How bad single rules are, by their codes: `{ "nhs-postcode": "off", "code-extensible": "error" }`. Every rule is in
   * docs/rules.md. It changes what is reported, never which slice or profile something fits. Those few rules that say that
   * the input could not be read cannot be changed.
   */
  rules?: { readonly [rule: string]: RuleLevel | undefined };
  /** The day on which the resource is judged, `"2026-02-28"`. Without it nothing is said to be in the future. */
  today?: string;
  /** Whether NHS numbers of the range set aside for tests (999…) are reported. @defaultValue `false` */
  testNumbers?: boolean;
  /**
   * How bad an extension is that no loaded definition describes. It is allowed by FHIR, and its content is not checked.
   * Modifier extensions that are not known are always errors.
   *
   * @defaultValue `"information"`
   */
  unknownExtensions?: "information" | "error";
}

/** How bad a rule is to be; `"off"` leaves it out. */
export type RuleLevel = "error" | "warning" | "information" | "off";

export type RenderAs = "narrative" | "fragment" | "page" | "text" | "markdown" | "model";

export interface RenderOptions {
  /** What to make. @defaultValue `"narrative"` */
  as?: RenderAs;
  /**
   * For whom it is. `"clinical"` follows the NHS Common User Interface (`05-Apr-2008 14:30`), `"patient"` the NHS service
   * manual (`5 April 2008 at 2:30pm`).
   *
   * @defaultValue `"clinical"`
   */
  audience?: "clinical" | "patient";
  /**
   * How much is displayed: the warnings and one line; everything but technical details, which are counted; everything.
   *
   * @defaultValue `"standard"`
   */
  mode?: "summary" | "standard" | "full" | "diff";
  /** For the mode `"diff"`: the older version, with which this one is compared. */
  against?: Input;
  /** The day for which ages are given, `"2026-02-28"`. Without it no age of a living person is shown. */
  asOf?: string;
  /** The language of labels and fixed phrases: British English, or Welsh where there is a translation. */
  language?: "en-GB" | "cy";
}

/** What a validation found. Plain data. */
export interface Report {
  /** Whether there is no issue of severity `fatal` or `error`. What could not be checked does not count against it. */
  valid: boolean;
  /** What is wrong, in the order of the source. */
  issues: Issue[];
  /** The canonical URLs of the profiles checked against. */
  profiles: string[];
  /** What could not be decided offline: neither right nor wrong. */
  unchecked: Unchecked[];
}

/** What is wrong with a definition of your own. Places and expressions are those of its own text. */
export interface DefinitionReport {
  /** Its canonical URL; absent for a Bundle. */
  url?: string;
  /** Whether there is no issue of severity `fatal` or `error`. What can be used of a faulty definition is used. */
  valid: boolean;
  /** What is wrong, in the order of the source. */
  issues: Issue[];
}

export type Severity = "fatal" | "error" | "warning" | "information";

export interface Issue {
  /** `fatal`: could not be read to its end. `error`: breaks a rule. `warning`: probably a mistake. `information`. */
  severity: Severity;
  /** FHIR's kind of issue (`issue-type`), for example `structure`, `required`, `value`, `code-invalid`. */
  code: string;
  /** The rule's own permanent code, for example `unknown-element`. */
  rule: string;
  /** What is wrong, what was expected and how to put it right. */
  message: string;
  /** The element, as a FHIRPath expression: `Patient.name[0].family`. Empty where the input could not be read at all. */
  expression: string;
  /** The line, from 1. */
  line: number;
  /** The column, from 1, in Unicode characters. */
  column: number;
  /** Where it starts in the text, from 0, in UTF-16 code units: an index into a JavaScript string. */
  offset: number;
  /** How long it is, in UTF-16 code units. */
  length: number;
  /** The profile that asks for it; absent where none does. */
  profile?: string;
  /** The element of that profile: `Patient.identifier:nhsNumber.system`. */
  definition?: string;
}

export interface Unchecked {
  /** The element, as a FHIRPath expression. */
  expression: string;
  /** What was to be decided: the URL of a value set or profile, or an invariant's key. */
  subject?: string;
  /** The code system, where it is about a code. */
  system?: string;
  /** The code. */
  code?: string;
  /** Why it could not be decided. */
  reason: string;
}

/** An STU3 OperationOutcome, as far as it is used here. */
export interface OperationOutcome {
  resourceType: "OperationOutcome";
  issue: OperationOutcomeIssue[];
}

export interface OperationOutcomeIssue {
  /** The line and the column, from 1: `operationoutcome-issue-line` and `-col`. */
  extension?: { url: string; valueInteger: number }[];
  severity: Severity;
  code: string;
  /** The message, and as a code without a system the {@link Issue.rule}. */
  details: { coding?: { code: string }[]; text: string };
  /** Place, profile and element in words. */
  diagnostics?: string;
  expression?: string[];
}
