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
 * - an object, as `JSON.parse` makes it, or of a class that has `resourceType`: written out as JSON first; a function, a `Map`
 *   or another value that JSON would leave out is refused. Exact decimals (`1.0` against `1`), duplicate
 *   keys and the places in your own text are lost by then, so give the text where you have it.
 */
export type Input = string | Uint8Array | Resource | { readonly resourceType?: string; readonly [property: string]: unknown };

/** A resource of any typed kind: `fhir3.Patient` of `@types/fhir`, an interface or a class of your own. */
export interface Resource {
  readonly resourceType: string;
}

/**
 * What every error of the package has that is not another's (a signal's reason, what a getter or a source threw): a sentence,
 * and one of these codes, which stay.
 *
 * - `invalid-argument`: the call is wrong: no {@link Input}, an unknown option, a value that cannot be read.
 * - `invalid-pack`: a pack is damaged, or of another version of careconnect.
 * - `invalid-release`: a file is not as releases of its kind have it.
 * - `not-one-patient`: an input of {@link Careconnect.compareDemographics} has no Patient, or several.
 * - `unreadable-file`: a file of the package, or a pack, cannot be read.
 * - `not-started`: the WebAssembly core cannot be started.
 * - `internal-error`: careconnect failed on the input, a fault of its own. The core is started anew; the next call works.
 * - `timeout`: there was no answer in time; the thread was ended and replaced.
 * - `freed`: the handle was given back.
 */
export interface CareconnectError extends Error {
  code?:
    | "invalid-argument"
    | "invalid-pack"
    | "invalid-release"
    | "not-one-patient"
    | "unreadable-file"
    | "not-started"
    | "internal-error"
    | "timeout"
    | "freed";
}

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
  | "other"
  | "r4"
  | "ukcore"
  | "nhsengland-r4";

/** A release of FHIR: STU3, which CareConnect is, or R4, which UK Core is. */
export type FhirVersion = "3.0" | "4.0";

/**
 * The names of the packs that come with the package. `stu3`, the base of all others of STU3, is the first; `r4`, `ukcore` and
 * `nhsengland-r4` are of FHIR R4.
 */
export const packs: readonly PackName[];

/** A URL: the platform's own fits. These types need no library but that of the language, `es2022`. */
export interface Address {
  readonly href: string;
  readonly protocol: string;
}

/** What cancels a call: the platform's AbortSignal fits. */
export interface Signal {
  readonly aborted: boolean;
  readonly reason: any;
  throwIfAborted(): void;
  addEventListener(type: "abort", listener: () => void, options?: any): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

declare global {
  interface SymbolConstructor {
    /** As newer libraries of TypeScript have it. */
    readonly dispose: unique symbol;
  }
}

export interface LoadOptions {
  /**
   * The definitions to check by. Left out, it is `stu3` and `careconnect`, and whichever other packs of the package an input
   * turns out to need: those with the profiles, extensions, code systems and value sets that it names. In Node.js and in a
   * worker they are read when they are needed; a page's own thread cannot wait for them, so that there `check` and
   * {@link Careconnect.ensure} fetch them, and `validate` says which pack has what it misses.
   *
   * Given, it is these and no others: names of packs, addresses of packs, and packs as bytes. `"all"` is every pack of
   * STU3; those of R4 are given by name. A string that is no name is an address, relative to the page or, in Node.js, to the working directory.
   */
  packs?: "all" | readonly (PackName | "all" | (string & {}) | Address | Uint8Array)[];
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
  wasm?: string | Address | ArrayBuffer | Uint8Array | object;
}

/**
 * Starts the core and loads packs. Finds its own files, in Node.js and in a browser.
 *
 * @throws {@link CareconnectError} if an option is wrong or a file cannot be read, with a sentence that says which.
 */
export function load(options?: LoadOptions): Promise<Careconnect>;

/** The definitions loaded, and what can be done with them. It never changes: {@link Careconnect.ensure} gives another. */
export interface Careconnect {
  /**
   * Checks a resource against its base type, the profiles in its `meta.profile` and those asked for. A bad resource is
   * not an exception: whatever is wrong with it is in the report.
   *
   * @throws {@link CareconnectError} if the call itself is wrong: not an {@link Input}, or an unknown option.
   */
  validate(input: Input, options?: ValidateOptions): Report;

  /**
   * As {@link validate}, and asks a terminology provider about the codes that the loaded definitions leave unchecked: all
   * of them at once, each once, and never again what the provider has answered before. Nothing is sent anywhere without a
   * provider, and to a provider nothing but codes with the URLs of their systems and value sets. What the provider cannot
   * say, or fails to, stays in `unchecked` with the reason, and never makes a resource invalid.
   *
   * @example
   * const terminology = terminologyServer({ url: "https://tx.example.org/r4" });
   * const report = await careconnect.check(bundle, { terminology });
   */
  check(input: Input, options?: CheckOptions): Promise<Report>;

  /** The same, as a FHIR STU3 OperationOutcome. */
  outcome(input: Input, options?: ValidateOptions): OperationOutcome;

  /**
   * Displays a resource, valid or not.
   *
   * - `"narrative"` (the default): the XHTML `div` of `Resource.text`
   * - `"fragment"`: HTML for a shadow root, with `careconnect/careconnect.css`
   * - `"page"`: a whole HTML page
   * - `"text"`: plain text
   * - `"markdown"`: Markdown
   * - `"model"`: the display model, plain data
   * - `"coverage"`: where each value of the resource ended, plain data
   */
  render(input: Input, options?: RenderOptions & { as?: Exclude<RenderAs, "model" | "coverage"> }): string;
  render(input: Input, options: RenderOptions & { as: "model" }): unknown;
  render(input: Input, options: RenderOptions & { as: "coverage" }): Coverage;

  /**
   * A copy of a resource without personal data and with the same faults, to be shown to somebody who is to find them. Names,
   * addresses, numbers, dates and identifiers get others of the same shape, the same ones wherever they stand: NHS numbers
   * are of the range that is never issued, right ones right and wrong ones wrong; all dates are shifted together by whole
   * weeks. Free text, comments and whatever is not known are masked: a letter is an x, a digit a 9. Codes, units,
   * quantities, public ODS codes and the displays that are the codes' own stay. Where the input cannot be read to its end,
   * the rest is masked too.
   */
  redact(input: Input, options?: RedactOptions): string;
  /**
   * Compares the patients of two inputs by the fields that GP Connect asks consumers to cross-check: family name, given
   * names, gender, date of birth, practice code, and date of death. An input is a Patient or holds just one.
   *
   * @throws if an input has no Patient, or several.
   */
  compareDemographics(a: Input, b: Input, options?: CompareOptions): DemographicsComparison;

  /**
   * Loads the packs of the package that a resource needs and that are not loaded: those with the profiles, extensions, code
   * systems and value sets that it names, with the message of its event, the same of everything within it, and those with the
   * profiles asked for. Where packs are not restricted (see {@link LoadOptions.packs}) this happens by itself, but in a page's
   * own thread.
   *
   * A handle never changes, so this gives another one that has more, or the same where nothing is needed; what is checked
   * with it depends on the resource alone, and not on what was checked before. It shares its memory with this one, and is
   * kept: the next resource that needs the same packs gets it at once. Profiles that no pack has stay unknown.
   *
   * @example
   * const report = (await careconnect.ensure(resource)).validate(resource);
   */
  ensure(input: Input, options?: ValidateOptions): Promise<Careconnect>;

  /**
   * Tries a FHIRPath expression on a resource, with the resource as its focus.
   *
   * @example careconnect.fhirpath(patient, "name.where(use = 'official').family").results[0]?.value
   */
  fhirpath(input: Input, expression: string, options?: FhirPathOptions): FhirPathResult;

  /**
   * Makes the rows of a flat table of resources, by a ViewDefinition of SQL on FHIR v2. Of a Bundle, the rows of its entries.
   * A resource of another type makes none; one that cannot be read, or that gives what a column does not take, makes none and
   * is in `faults`. A whole number stays one; a decimal number has its digits in the text of `"csv"` and `"ndjson"`, and in
   * `rows` is what JavaScript makes of it.
   *
   * @throws {@link CareconnectError} if something is wrong with the ViewDefinition.
   */
  view(definition: Input, resources: readonly Input[], options: ViewOptions & { as: "csv" | "ndjson" }): ViewText;
  view(definition: Input, resources: readonly Input[], options?: ViewOptions & { as?: "rows" }): ViewRows;

  /** Every type and profile that is loaded, by URL. */
  profiles(): ProfileSummary[];

  /** What a type or profile says, as a tree of elements; `undefined` where it is not loaded. `|version` may follow the URL. */
  profile(url: string): Profile | undefined;

  /** Where two profiles differ, element by element; `undefined` where one of them is not loaded. */
  compareProfiles(a: string, b: string): ProfileComparison | undefined;

  /** Every value set that is loaded, by URL. */
  valueSets(): ValueSetSummary[];

  /** The codes of a value set; `undefined` where it is not loaded. */
  valueSet(url: string, options?: ValueSetOptions): ValueSetCodes | undefined;

  /** The elements of a resource as a tree, with their places; `depth` 0 is the resource alone. */
  outline(input: Input, options?: { depth?: number }): OutlineElement;

  /**
   * The innermost element at an offset, and what the definitions in force say of it: of its base type, and of every
   * profile, slice and extension that applies there.
   */
  elementAt(input: Input, offset: number, options?: ValidateOptions): ElementAt;

  /**
   * Where elements are, each named by its expression as issues give it (`Patient.name[0].family`) or by its JSON pointer
   * (`/name/0/family`), in the same order; `undefined` for one that is not there.
   */
  locate(input: Input, elements: readonly string[]): (PlacedElement | undefined)[];

  /** What may be written at an offset: element names, codes, extensions, profiles. The text need not be well formed. */
  complete(input: Input, offset: number, options?: ValidateOptions): Completion;

  /** A resource in JSON or XML, whichever it came in. What the other form has no place for is in `lost`. */
  convert(input: Input, to: "json" | "xml"): Converted;

  /**
   * A resource in JSON with no more than a type or profile asks for, to start from; `undefined` where the profile is not loaded
   * or is none of a resource. What only an invariant asks for may be missing: validate it.
   */
  skeleton(profile: string): string | undefined;

  /** Every rule that can be reported. */
  rules(): RuleSummary[];

  /** What is wrong with the definitions given to {@link load}: one report for each, in the same order. */
  readonly definitions: DefinitionReport[];

  /** The version of the core. */
  readonly version: string;

  /** Gives back the memory. Any later call throws. */
  free(): void;
  [Symbol.dispose](): void;
}

export interface RedactOptions {
  /**
   * The same key gives the same copy, and copies made with one key fit together. Keep it secret: whoever has it can find out
   * whether a name or number that they guess was in the resource. Without one it is random.
   */
  key?: string | Uint8Array;
}

export interface CompareOptions {
  /** The language of labels and sentences. @defaultValue `"en-GB"` */
  language?: "en-GB" | "cy";
}

/** Two patients compared. Plain data. */
export interface DemographicsComparison {
  /** Whether all seven fields are the same. */
  same: boolean;
  /** What is different or could not be compared, in one sentence. */
  words: string;
  /** All seven fields, always in this order. */
  fields: {
    field: "nhsNumber" | "family" | "given" | "gender" | "birthDate" | "practiceCode" | "deceased";
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
  /** Gives issues their {@link Issue.fixes} and {@link Issue.hint}. Only for `validate`; it takes a second look at the input. */
  fixes?: boolean;
  /**
   * Profiles to check against besides those in `meta.profile`: their canonical URLs, or the end of them where only one has
   * it (`CareConnect-Patient-1`); `|version` may follow. One that is not known is an error.
   */
  profiles?: readonly string[];
  /**
   * The same for the resources of a type, wherever in the input they are: in a Bundle, or contained.
   * `{ Patient: ["https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1"] }`
   */
  profilesFor?: { readonly [type: string]: readonly string[] | undefined };
  /**
   * The release of FHIR that the resource is of, where its profiles, its `fhirVersion` and its types of resource do not say so.
   * Without it the elements that only one release has are looked at; what says nothing is taken for STU3 if that is loaded.
   */
  fhirVersion?: FhirVersion;
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
  /**
   * The MESH workflow id that a message was sent with, or is to be, such as `"TOC_FHIR_IP_DISCH"`. It is checked against the
   * message's event; without it nothing is said of it.
   */
  workflow?: string;
  /** What somebody else has said of codes that the loaded definitions cannot decide; {@link Careconnect.check} gives these. */
  answers?: readonly (CodeQuestion & CodeVerdict & { result: boolean })[];
}

/** How bad a rule is to be; `"off"` leaves it out. */
export type RuleLevel = "error" | "warning" | "information" | "off";

/** What is to be known of a code. */
export interface CodeQuestion {
  /** The value set it is to be in; without it the question is whether the code system has the code. */
  valueSet?: string;
  /** The code system; absent for an element of the type `code`, whose system the value set implies. */
  system?: string;
  code: string;
}

/** What is known of a code. */
export interface CodeVerdict {
  /** Whether the code is in the value set, or in its code system; absent where that cannot be said. */
  result?: boolean;
  /** What the code is called: a display in the resource is compared with it. */
  display?: string;
  /** Whether the code is no longer for new entries. */
  inactive?: boolean;
  /** Why there is no result, as a sentence. */
  reason?: string;
}

/** Decides codes that the loaded definitions cannot: a terminology server, a database, a table. */
export interface TerminologyProvider {
  /** Answers many questions at once, in their order. If it throws, the codes stay unchecked. */
  validateCodes(questions: CodeQuestion[]): Promise<readonly CodeVerdict[]> | readonly CodeVerdict[];
}

export interface CheckOptions extends ValidateOptions {
  /** Who is asked about codes that are left unchecked. The answers are kept for as long as the provider itself. */
  terminology?: TerminologyProvider;
}

export interface TerminologyServerOptions {
  /** The address of the server's FHIR API: `https://tx.example.org/r4`. */
  url: string | Address;
  /** The version of FHIR that the server speaks. @defaultValue `"r4"` */
  version?: "stu3" | "r4";
  /** Headers for every request, such as `authorization`. */
  headers?: Record<string, string>;
  /** How long a request may take, in milliseconds. @defaultValue `30000` */
  timeout?: number;
  /** How many codes one request asks about. @defaultValue `200` */
  batchSize?: number;
  /** Instead of the global `fetch`. */
  fetch?: (
    url: string,
    init: { method?: string; headers: Record<string, string>; body?: string; signal?: any; redirect: "error" },
  ) => Promise<{ readonly ok: boolean; readonly status: number; text(): Promise<string> }>;
}

/**
 * A provider that asks a FHIR terminology server by `ValueSet/$validate-code` and `CodeSystem/$validate-code`, many codes in
 * a Bundle of the type batch, or one by one where the server takes no batch. A code counts as wrong only where the server
 * says so: a server that is not reached, is late, or does not know a value set or code system leaves it unchecked; so does
 * one that has not found a code without a system, which not every server looks for.
 */
export function terminologyServer(options: TerminologyServerOptions): TerminologyProvider;

/** A file of a release: its name, which says what it holds, and its bytes, piece by piece. */
export interface ReleaseFile {
  name: string;
  chunks(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** What is in a release. */
export interface ReleaseSummary {
  /** The newest date in it, `20260401`; empty if there is none. */
  version: string;
  concepts: number;
  inactive: number;
  /** How often a concept is said to be a kind of another. */
  isA: number;
  /** Concepts with a term. */
  terms: number;
  referenceSets: number;
  /** The members of all reference sets. */
  members: number;
}

/**
 * Makes a pack for {@link load} of a release of SNOMED CT (`"snomed"`: the Snapshot files of RF2, of one or several
 * packages) or of the dictionary of medicines and devices (`"dmd"`: its XML files) that you are licensed to use. Files of
 * other kinds are passed over, and none is kept in memory as a whole.
 *
 * @throws {@link CareconnectError} if a file is not as its format says, with the file and the line.
 */
export function makeRelease(
  kind: "snomed" | "dmd",
  files: readonly ReleaseFile[],
): Promise<{ pack: Uint8Array; summary: ReleaseSummary }>;

export type RenderAs = "narrative" | "fragment" | "page" | "text" | "markdown" | "model" | "coverage";

/**
 * Where each primitive value of a resource ended when it was displayed, by JSON pointer: each is in exactly one list, and
 * none is ever in `missing`.
 */
export interface Coverage {
  /** How many there are of each; `leaves` is all of them. */
  counts: { leaves: number; shown: number; listed: number; technical: number; withheld: number; missing: number };
  /** Displayed by the type's own view. */
  shown: string[];
  /** Displayed under "Other recorded information", or as a detail of another value. */
  listed: string[];
  /** Under "Technical details". */
  technical: string[];
  /** Not displayed, with the reason. */
  withheld: { pointer: string; reason: string }[];
  /** Not accounted for: always empty. */
  missing: string[];
}

/** A file that came with a resource, by its bytes. */
export interface AttachedFile {
  /** The JSON pointer of the Attachment or Binary. Not for patients, whose display is counted without what is withheld. */
  pointer?: string;
  /** The type that was stated; may be empty. */
  contentType: string;
  /** What it is by its bytes: `"a PDF"`, `"text"`. */
  found: string;
  /** How many bytes it has. */
  bytes: number;
  /** Its check sum, in hexadecimal, by which you find the bytes in what you rendered. */
  sha256: string;
  /** Whether its content is displayed. */
  shown: boolean;
}

export interface RenderOptions {
  /** What to make. @defaultValue `"narrative"` */
  as?: RenderAs;
  /**
   * For whom it is. `"clinical"` follows the NHS Common User Interface (`05-Apr-2008 14:30`), `"patient"` the NHS service
   * manual (`5 April 2008 at 2:30pm`), without codes and ids, an instant of another zone by UK time.
   *
   * For a patient what is labelled NOPAT is left out, with what belongs to it or would betray it, and so are flags (warnings
   * to staff), drafts, other people's contact details and restricted addresses; every output says that something may be
   * missing. What is not labelled cannot be judged here: whoever shows a record to a patient must first take out what may
   * harm, and what is about third parties. {@link Coverage} tells you, not the patient, what was withheld and why.
   *
   * @defaultValue `"clinical"`
   */
  audience?: "clinical" | "patient";
  /**
   * How a Bundle is laid out. `"auto"` makes a letter of a document, a record by clinical area of what was collected or
   * searched for about a patient, and shows anything else by its entries; `"entries"` keeps the order of the file. A
   * narrative is always of entries. What is worked out (ages, counts, the time of capture, until when a supply lasts,
   * "above the range", authorisations that ended without being stopped) says so. The areas are elements with the ids
   * `cannot-tell`, `allergies`, `medicines`, `problems`, `immunisations`, `consultations`, `results`, `other-entries`,
   * `referrals`, `documents`, `recalls`, `appointments`, `family-history`, `vital-signs`, `people` and `technical`; those of
   * a letter `actions`, `medicines`, `allergies`, `contents`, `body` and `appendix`. A fragment puts `careconnect-` before.
   *
   * @defaultValue `"auto"`
   */
  view?: "auto" | "record" | "letter" | "entries";
  /** Whether the page of a record has a small picture of results over time beside their numbers. @defaultValue `false` */
  trends?: boolean;
  /**
   * How much is displayed: the warnings and one line, or of a record what must be known first; for print and for reading
   * aloud, all that is read without technical details; everything but technical details, which are counted; everything.
   *
   * @defaultValue `"standard"`
   */
  mode?: "summary" | "brief" | "standard" | "full" | "diff";
  /**
   * Of a page or fragment: asked once for each file in it, for the address under which you let it be opened (a `blob:` or a
   * route of yours), or `undefined` for no link. Files are told apart by their bytes: text, RTF, HTML and small images are
   * shown, a PDF and everything else is only named. Not in a worker or pool, to which functions cannot be given.
   */
  attachment?: (file: AttachedFile) => string | undefined;
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
  /** Which of three it is; `valid` is true for all but `"invalid"`. */
  verdict: Verdict;
  /** Why, in a line: `Not fully checked: 2 codes (http://snomed.info/sct). No errors in the rest.` */
  reason: string;
  /** What is wrong, in the order of the source. */
  issues: Issue[];
  /** The release of FHIR that it was checked as. */
  fhirVersion: FhirVersion;
  /** By what that was told, as the end of a sentence: `only R4 has the resource type ServiceRequest`. */
  fhirVersionBy: string;
  /** The canonical URLs of the profiles checked against. */
  profiles: string[];
  /** What could not be decided offline: neither right nor wrong. */
  unchecked: Unchecked[];
}

/**
 * What a validation comes to: everything was checked and there is no error; there is an error; or there is no error in what was
 * checked, and something in {@link Report.unchecked} was not.
 */
export type Verdict = "valid" | "invalid" | "not-fully-checked";

/** What is wrong with a definition of your own. Places and expressions are those of its own text. */
export interface DefinitionReport {
  /** Its canonical URL; absent for a Bundle. */
  url?: string;
  /** Whether there is no issue of severity `fatal` or `error`. What can be used of a faulty definition is used. */
  valid: boolean;
  /** As in a {@link Report}. */
  verdict: Verdict;
  /** Why, in a line. */
  reason: string;
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
  /**
   * `"exchange"` where it is about a document or message as a whole, by the guide of whoever sends and receives it; absent of
   * what is about a resource.
   */
  scope?: "exchange";
  /** The profile that asks for it; absent where none does. */
  profile?: string;
  /** The element of that profile: `Patient.identifier:nhsNumber.system`. */
  definition?: string;
  /** With the option `fixes`: what puts it right, the likeliest first. Absent where nothing is certain. */
  fixes?: Fix[];
  /** With the option `fixes`: what is worth knowing where nothing is certain, such as the check digit that nine digits have. */
  hint?: string;
}

/** One way to put a fault right, given where it is certain. */
export interface Fix {
  /** What it does: `Remove 'foo'`. */
  title: string;
  /** What to change, in the order of the text; edits do not overlap, and offsets are those of the text as it was. */
  edits: TextEdit[];
}

/** A change of the text, in UTF-16 code units. */
export interface TextEdit {
  offset: number;
  length: number;
  /** What comes in place of what goes. */
  text: string;
}

export interface FhirPathOptions {
  /** The day that `today()` is, `"2026-02-28"`. Without it an expression that asks for it has no result. */
  today?: string;
}

export interface ViewOptions {
  /** How the rows are given: as arrays of cells, or as text of a line for each. @defaultValue `"rows"` */
  as?: "rows" | "csv" | "ndjson";
  /** The day that `today()` is, `"2026-02-28"`. */
  today?: string;
}

/** What a view has made, besides the rows. */
export interface ViewMade {
  /** The columns, in their order; `type` where the ViewDefinition says it. */
  columns: { name: string; type?: string; collection: boolean }[];
  /** How many rows there are. */
  count: number;
  /** Which of the resources, from 0, made no rows, and why. */
  faults: { input: number; message: string }[];
}

export interface ViewRows extends ViewMade {
  /** The cells of each row, in the order of the columns: text, numbers, Booleans, `null`, and lists of these. */
  rows: unknown[][];
}

export interface ViewText extends ViewMade {
  /** The rows, a line each: of CSV (RFC 4180) without the line of names, or of NDJSON. */
  text: string;
}

/** What a FHIRPath expression gives. */
export interface FhirPathResult {
  results: FhirPathItem[];
  /** Why it gives nothing, and where in the expression that is, as far as it is known. */
  error?: { message: string; offset?: number; length?: number };
  /** What would have to be known, for example today's date: there is then no result, rather than a wrong one. */
  unknown?: string;
}

/** One item of a result. */
export interface FhirPathItem {
  /** `HumanName`, `code`; of a value that the expression made, `System.Integer` and its like. */
  type: string;
  /** The value as text, where it has one. */
  value?: string;
  /** Where it stands, if it is an element of the resource. */
  expression?: string;
  pointer?: string;
  offset?: number;
  length?: number;
}

export interface ProfileSummary {
  /** The canonical URL. */
  url: string;
  version?: string;
  name: string;
  /** The type defined or constrained: `Patient`. */
  type: string;
  kind: "primitive-type" | "complex-type" | "resource" | "logical";
  abstract?: true;
  /** `constraint` for a profile, `specialization` for a type. */
  derivation: "constraint" | "specialization";
  /** The canonical URL of what it is derived from. */
  base?: string;
  /** The pack that it came in; absent for a definition of your own. */
  pack?: string;
}

export interface Profile extends ProfileSummary {
  /** Of an extension: what {@link contexts} name. */
  contextType?: "resource" | "datatype" | "extension";
  /** Of an extension: where it may stand. */
  contexts?: string[];
  /** Of an extension: FHIRPath that must be true there. */
  contextInvariants?: string[];
  /** The root of the tree. */
  element: ProfileElement;
}

/** What is said of an element. */
export interface ElementFacts {
  /** `Patient.identifier:nhsNumber.system`. */
  id: string;
  slice?: string;
  min: number;
  /** A number, or `*`. */
  max: string;
  types?: { code: string; profiles?: string[]; targets?: string[]; aggregation?: string[] }[];
  /** The id of the element whose content this one shares: `#Questionnaire.item`. */
  contentReference?: string;
  /** The URL of the extension, where the element is one. */
  extension?: string;
  mustSupport?: true;
  isModifier?: true;
  isSummary?: true;
  slicing?: { discriminators: { type: string; path: string }[]; ordered: boolean; rules: "open" | "closed" | "openAtEnd" };
  /** Values are JSON text, as which decimals stay exact. */
  fixed?: StatedValue;
  pattern?: StatedValue;
  minValue?: StatedValue;
  maxValue?: StatedValue;
  maxLength?: number;
  binding?: { strength: "required" | "extensible" | "preferred" | "example"; valueSet?: string; maxValueSet?: string };
  invariants?: ElementInvariant[];
}

export interface StatedValue {
  type: string;
  json: string;
}

export interface ElementInvariant {
  key: string;
  severity: "error" | "warning";
  /** FHIRPath. */
  expression?: string;
  /** The definition that states it. */
  source?: string;
  /** What is wrong where it is not kept, in words. */
  words?: string;
}

export interface ProfileElement extends ElementFacts {
  path: string;
  slices?: ProfileElement[];
  children?: ProfileElement[];
}

export interface ProfileComparison {
  /** Both profiles' URLs with versions. */
  a: string;
  b: string;
  elements: (
    | { id: string; change: "added"; b: ElementFacts }
    | { id: string; change: "removed"; a: ElementFacts }
    | { id: string; change: "changed"; differences: { field: string; a?: unknown; b?: unknown }[] }
  )[];
}

export interface ValueSetSummary {
  url: string;
  version?: string;
  name?: string;
  /** Whether every code is listed. */
  complete: boolean;
  /** How many codes are listed. */
  codes: number;
}

export interface ValueSetOptions {
  /** Keeps codes whose code or display has all of these words. */
  search?: string;
  /** How many codes of each system to give at most. @defaultValue 1000 */
  limit?: number;
}

export interface ValueSetCodes {
  url: string;
  version?: string;
  name?: string;
  complete: boolean;
  systems: {
    system: string;
    /** How many there are, of which at most `limit` are given. */
    total: number;
    codes: { code: string; display?: string }[];
    /** Whether that is all of this system. */
    complete: boolean;
    /** How codes that cannot be listed are selected; an empty selection is the whole system. */
    selections?: { property: string; operator: string; value: string }[][];
  }[];
  /** Value sets that it is made of and that are not loaded. */
  missing?: string[];
  /** Whether {@link ValueSetOptions.search} left some out. */
  filtered?: true;
}

/** An element with its place, in UTF-16 code units. */
export interface PlacedElement {
  /** As written: `valueQuantity`. */
  name: string;
  type?: string;
  expression: string;
  pointer: string;
  /** Where its value starts. */
  offset: number;
  length: number;
  /** Where its name stands. */
  nameOffset: number;
  /** The value of a primitive. */
  text?: string;
}

export interface OutlineElement extends PlacedElement {
  children?: OutlineElement[];
  /** How many children are left out, where all would be many times as long as the input. */
  more?: number;
}

export interface ElementAt extends PlacedElement {
  /** The elements around it, from the resource on. */
  ancestors: PlacedElement[];
  /** What each definition in force says. */
  definitions: (ElementFacts & { profile: string })[];
  /** Of a reference: the resource in the input that it leads to. */
  target?: PlacedElement;
}

export interface Completion {
  /** The part of the text that an option takes the place of. */
  offset: number;
  length: number;
  /** The likeliest first. */
  options: CompletionOption[];
}

export interface CompletionOption {
  label: string;
  /** What is to stand there. */
  insert: string;
  kind: "element" | "code" | "extension" | "profile";
  detail?: string;
  /** A required element that is not there yet. */
  missing?: true;
}

export interface Converted {
  /** Absent where the input could not be read to its end. */
  text?: string;
  /** What could not be carried over, and why. */
  lost: { message: string; expression: string; offset: number; length: number }[];
}

export interface RuleSummary {
  /** The permanent code. */
  rule: string;
  severity: Severity;
  explanation: string;
}

export interface Unchecked {
  /** The element, as a FHIRPath expression. */
  expression: string;
  /**
   * What sort of thing it is: what lies beyond a limit; a profile; a MessageDefinition or Questionnaire; an extension; an
   * invariant; a code; whatever else a definition asks for; what is not FHIR, such as the body of a CDA document.
   */
  kind: "limit" | "profile" | "definition" | "extension" | "invariant" | "code" | "rule" | "content";
  /**
   * What was to be decided: the URL of a value set, profile or extension, or an invariant's key. Absent where it is whether
   * the code system has the code.
   */
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
  /** The verdict, and why, in a line: {@link Report.reason}. */
  text: { status: "generated"; div: string };
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
