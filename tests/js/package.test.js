// The package as a program in Node.js uses it.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { load, packs } from "../../pkg/index.js";
import { dated } from "./profiles.js";

const careconnect = await load();
const exampleUrl = new URL("../resources/CareConnect-Patient-1.json", import.meta.url);
const example = await readFile(exampleUrl, "utf8");
const faulty = '{\n  "resourceType": "Patient",\n  "name": [{ "text": "é𝒳", "given": [] }]\n}';

test("the same resource gives the same report in each form that keeps its text", () => {
  const report = careconnect.validate(example);
  assert.deepEqual(careconnect.validate(new TextEncoder().encode(example)), report);
  assert.deepEqual(careconnect.validate(Buffer.from(example)), report);
});

test("a plain object is a resource too", () => {
  const { issues } = careconnect.validate(JSON.parse(faulty));
  assert.ok(issues.some(({ rule, line }) => rule === "empty-array" && line === 1));
});

test("a report has exactly what the types say", () => {
  const report = careconnect.validate(faulty);
  assert.deepEqual(Object.keys(report), ["valid", "verdict", "reason", "issues", "fhirVersion", "fhirVersionBy", "profiles", "unchecked"]);
  assert.equal(report.valid, false);
  const issue = report.issues.find(({ rule }) => rule === "empty-array");
  assert.equal(issue.severity, "error");
  assert.equal(issue.code, "structure");
  assert.equal(issue.line, 3);
  // Columns count characters, offsets UTF-16 code units: 𝒳 is one of the first and two of the second.
  assert.equal(faulty.slice(issue.offset, issue.offset + issue.length), "[]");
  assert.equal([...faulty.split("\n")[2]].slice(issue.column - 1, issue.column + 1).join(""), "[]");
  const known = "severity code rule message expression line column offset length profile definition".split(" ");
  for (const each of report.issues) assert.deepEqual(Object.keys(each).filter((key) => !known.includes(key)), []);
});

test("an OperationOutcome says the same as the report", () => {
  const outcome = careconnect.outcome(faulty);
  assert.equal(outcome.resourceType, "OperationOutcome");
  const report = careconnect.validate(faulty);
  const texts = outcome.issue.map(({ details }) => details.text);
  for (const { message } of report.issues) assert.ok(texts.includes(message), message);
  const { extension } = outcome.issue[0];
  assert.deepEqual(extension.map(({ url }) => url.split("-").at(-1)), ["line", "col"]);
});

test("an OperationOutcome is itself a valid resource", () => {
  const { issues } = careconnect.validate(careconnect.outcome(faulty));
  assert.deepEqual(issues.filter(({ severity }) => severity === "fatal" || severity === "error"), []);
});

test("whatever the input, there is a report and a display", () => {
  const inputs = ["", " ", "null", "[]", "{", "<", "<Patient", "\uD800", "\0", "{}", '{"resourceType":1}', "[".repeat(100_000)];
  for (const input of [...inputs, new Uint8Array(), Uint8Array.of(0xff, 0xfe, 0x00), {}]) {
    assert.equal(careconnect.validate(input).valid, false, JSON.stringify(input).slice(0, 40));
    for (const as of ["narrative", "fragment", "page", "text", "markdown"]) {
      assert.equal(typeof careconnect.render(input, { as }), "string");
    }
  }
});

test("each form of the display", () => {
  assert.match(careconnect.render(example), /^<div xmlns="http:\/\/www\.w3\.org\/1999\/xhtml"/);
  assert.equal(careconnect.render(example), careconnect.render(example, { as: "narrative" }));
  assert.match(careconnect.render(example, { as: "page" }), /^<!doctype html>/i);
  assert.equal(typeof careconnect.render(example, { as: "model" }), "object");
  for (const as of ["fragment", "page", "text", "markdown"]) {
    assert.match(careconnect.render(example, { as }), /okonkwo-hughes/i, as);
  }
});

const cyclic = {};
cyclic.self = cyclic;

for (const [what, call, sentence] of [
  ["no input", () => careconnect.validate(), /an object with its resourceType; this is undefined/],
  ["a number", () => careconnect.validate(1), /this is a number/],
  ["an array", () => careconnect.validate([]), /this is an array/],
  ["a Promise", () => careconnect.validate(Promise.resolve("")), /this is an object of the class Promise/],
  ["an ArrayBuffer", () => careconnect.validate(new ArrayBuffer(1)), /of the class ArrayBuffer/],
  ["a resource that contains itself", () => careconnect.validate(cyclic), /contains itself/],
  ["an unknown option", () => careconnect.validate("", { profile: "x" }), /no option 'profile'.*profiles/],
  ["options that are none", () => careconnect.validate("", "x"), /plain object; this is a string/],
  ["a profile that is no array", () => careconnect.validate("", { profiles: "x" }), /'profiles' is an array of strings/],
  ["a profile that is no string", () => careconnect.outcome("", { profiles: [1] }), /'profiles' is an array of strings/],
  ["rules that are no object", () => careconnect.validate("", { rules: ["off"] }), /'rules' is an object, for example .*; this is an array/],
  ["an unknown rule", () => careconnect.validate("", { rules: { "code-requierd": "off" } }), /no rule.*Did you mean 'code-required'/],
  ["an unknown level", () => careconnect.validate("", { rules: { "code-required": 1 } }), /error, warning, information or off; this is/],
  ["a rule that cannot change", () => careconnect.validate("", { rules: { "json-syntax": "off" } }), /could not be read/],
  ["no day", () => careconnect.validate("", { today: "2026-02-30" }), /'today' is a day as text/],
  ["no boolean", () => careconnect.validate("", { testNumbers: "yes" }), /'testNumbers' is true or false; this is a string/],
  ["an unknown form", () => careconnect.render("", { as: "pdf" }), /'as' is one of narrative.*this is 'pdf'/],
  ["an unknown audience", () => careconnect.render("", { audience: 1 }), /clinical, patient; this is a number/],
  ["a Date", () => careconnect.render("", { asOf: new Date() }), /day as text, for example "2026-02-28"/],
]) {
  test(`a bad call says what to do: ${what}`, () => assert.throws(call, { name: "Error", code: "invalid-argument", message: sentence }));
}

for (const [what, options, sentence] of [
  ["no object", "all", /plain object, for example/],
  ["an unknown option", { pack: [] }, /no option 'pack'/],
  ["one name alone", { packs: "stu3" }, /an array of names/],
  ["no pack", { packs: [] }, /is empty/],
  ["an unknown name", { packs: ["stu4"] }, /no pack 'stu4'. The packs are: stu3/],
  ["a pack of another type", { packs: [1] }, /a name, a URL or a Uint8Array/],
  ["a file that is not there", { packs: [new URL("file:///nowhere.pack")] }, /could not read file:\/\/\/nowhere.pack/],
  ["bytes that are no pack", { packs: [Uint8Array.of(1, 2, 3)] }, /pack/],
]) {
  test(`load() says what is wrong: ${what}`, () => assert.rejects(load(options), { message: sentence }));
}

test("a rule is as bad as it is set", () => {
  const severities = (level) =>
    careconnect.validate('{ "resourceType": "Patient", "gender": "woman" }', { rules: { "code-required": level } }).issues.map(
      ({ severity }) => severity,
    );
  assert.deepEqual(severities(undefined), ["error"]);
  assert.deepEqual(severities("information"), ["information"]);
  assert.deepEqual(severities("off"), []);
});

test("packs come by name, path, URL and bytes", async () => {
  const url = new URL("../../pkg/dist/packs/stu3.pack", import.meta.url);
  const expected = (await load({ packs: ["stu3"] })).validate(example);
  for (const pack of [url, url.href, fileURLToPath(url), await readFile(url)]) {
    assert.deepEqual((await load({ packs: [pack] })).validate(example), expected);
  }
  assert.equal(packs[0], "stu3");
  const all = await load({ packs: "all" });
  assert.deepEqual((await load({ packs: ["all"] })).validate(example), all.validate(example));
});

test("after free() a call says so, and another handle goes on", async () => {
  const other = await load();
  other.free();
  other.free();
  assert.throws(() => other.validate(""), /was freed/);
  assert.equal(careconnect.validate("").valid, false);
});

test("using frees", { skip: !Symbol.dispose && "Symbol.dispose is not here" }, async () => {
  const other = await load();
  other[Symbol.dispose]();
  assert.throws(() => other.validate(""), /was freed/);
});

test("the options that are undefined count as left out", () => {
  assert.deepEqual(careconnect.validate(example, { profiles: undefined }), careconnect.validate(example));
  const unknown = { resourceType: "Patient", extension: [{ url: "https://example.org/extension", valueBoolean: true }] };
  for (const severity of ["information", "error"]) {
    const { valid, issues } = careconnect.validate(unknown, { unknownExtensions: severity });
    assert.deepEqual([valid, issues.map((issue) => issue.severity)], [severity !== "error", [severity]]);
  }
  assert.deepEqual(careconnect.validate(example, undefined), careconnect.validate(example, null));
});

test("the versions agree", async () => {
  const { version } = JSON.parse(await readFile(new URL("../../pkg/package.json", import.meta.url)));
  assert.equal(careconnect.version, version);
});

test("every file that the package names is there", async () => {
  const pkg = new URL("../../pkg/", import.meta.url);
  const { exports, bin, main } = JSON.parse(await readFile(new URL("package.json", pkg)));
  const named = (entry) => (typeof entry === "string" ? [entry] : Object.values(entry).flatMap(named));
  for (const name of [main, ...named(bin), ...named(exports)].filter((name) => !name.includes("*"))) await readFile(new URL(name, pkg));
});

test("definitions of one's own, and what is wrong with them", async () => {
  const definition = JSON.parse(dated());
  const faulty = JSON.stringify({ ...definition, url: "https://example.org/other", baseDefinition: "https://example.org/nowhere" });
  const own = await load({ definitions: [definition, faulty] });
  const [fine, wrong] = own.definitions;
  assert.deepEqual(fine, { url: "https://example.org/dated", valid: true, verdict: "valid", reason: "Valid: no errors.", issues: [] });
  assert.equal(wrong.valid, false);
  assert.deepEqual(wrong.issues.map(({ rule, expression }) => [rule, expression]), [
    ["definition-base-unknown", "StructureDefinition.baseDefinition"],
  ]);
  const patient = { resourceType: "Patient", name: [{ family: "Smith" }] };
  const profiles = ["https://example.org/dated"];
  assert.deepEqual(own.validate(patient, { profiles }).issues.map(({ rule }) => rule), ["required-element"]);
  assert.deepEqual(careconnect.definitions, []);
  await assert.rejects(load({ definitions: [1] }), /A definition is a string, a Uint8Array or an object with its resourceType; this is a number/);
  await assert.rejects(load({ definitions: definition }), /'definitions' is an array/);
});

test("Welsh labels, the difference of two versions, two patients compared", () => {
  const older = '{ "resourceType": "Patient", "id": "1", "birthDate": "1980-01-02" }';
  const newer = '{ "resourceType": "Patient", "id": "1", "birthDate": "1980-01-03" }';
  assert.match(careconnect.render(newer, { as: "text", language: "cy" }), /Ganwyd: 03-Jan-1980/);
  const difference = careconnect.render(newer, { as: "text", mode: "diff", against: older });
  assert.match(difference, /Born: was 02-Jan-1980\s+now 03-Jan-1980/);
  assert.throws(() => careconnect.render(newer, { mode: "diff" }), /needs the option 'against'/);
  assert.throws(() => careconnect.render(newer, { against: older }), /goes with the mode 'diff'/);
  assert.throws(() => careconnect.render(newer, { language: "fr" }), /one of en-GB, cy; this is 'fr'/);
  const compared = careconnect.compareDemographics(JSON.parse(newer), older);
  assert.equal(compared.same, false);
  const date = compared.fields.find(({ field }) => field === "birthDate");
  assert.deepEqual([date.result, date.a, date.b], ["different", "1980-01-03", "1980-01-02"]);
  assert.match(compared.words, /^CHECK THE PATIENT: the records differ in date of birth; /);
  assert.throws(() => careconnect.compareDemographics(newer, '{ "resourceType": "Observation" }'), {
    message: "The second input has no Patient.",
  });
});

test("an error says what kind of mistake it is, and lists every option that there is", async () => {
  const caught = (call) => {
    try {
      call();
    } catch (error) {
      return error;
    }
    return assert.fail("nothing was thrown");
  };
  const calls = {
    "profiles, profilesFor, fhirVersion, rules, today, testNumbers, unknownExtensions, workflow, answers, fixes": (options) => careconnect.validate("{}", options),
    "profiles, profilesFor, fhirVersion, rules, today, testNumbers, unknownExtensions, workflow, answers": (options) => careconnect.outcome("{}", options),
    "as, audience, mode, trends, view, asOf, language, against": (options) => careconnect.render("{}", options),
    "search, limit": (options) => careconnect.valueSet("urn:v", options),
    depth: (options) => careconnect.outline("{}", options),
    today: (options) => careconnect.fhirpath("{}", "today()", options),
    language: (options) => careconnect.compareDemographics(faulty, faulty, options),
  };
  for (const [known, call] of Object.entries(calls)) {
    const { code, message } = caught(() => call({ nothing: 1 }));
    assert.equal(code, "invalid-argument");
    assert.equal(message, `There is no option 'nothing' here. The options are: ${known}.`);
    // What it lists is taken, whatever it says of the value.
    for (const option of known.split(", ")) {
      try {
        call({ [option]: undefined });
      } catch (error) {
        assert.doesNotMatch(error.message, /There is no option/, option);
      }
    }
  }
  assert.match(caught(() => careconnect.validate("{}", { profile: [] })).message, /Did you mean 'profiles'\?/);
  assert.equal(caught(() => careconnect.validate(1)).code, "invalid-argument");
  assert.equal(caught(() => careconnect.compareDemographics(faulty, "{}")).code, "not-one-patient");
});

test("an object of any class is a resource, if it says of which type", () => {
  class Base {
    id = "1";
  }
  class Patient extends Base {
    resourceType = "Patient";
  }
  class Observed extends Base {
    get resourceType() {
      return "Patient";
    }
  }
  const expected = careconnect.validate({ id: "1", resourceType: "Patient" });
  assert.equal(expected.valid, true);
  assert.deepEqual(careconnect.validate(new Patient()), expected);
  assert.equal(careconnect.validate(new Observed()).valid, true);
  assert.throws(() => careconnect.validate(new Base()), { code: "invalid-argument" });
});

test("today() of FHIRPath is the day that is given", () => {
  assert.match(careconnect.fhirpath("{}", "today()").unknown ?? "", /Today/);
  assert.equal(careconnect.fhirpath('{"resourceType":"Basic"}', "today()", { today: "2026-02-28" }).results[0].value, "2026-02-28");
});

test("check() lists its own options, too", async () => {
  await assert.rejects(careconnect.check("{}", { terminolgy: {} }), /The options are: .*answers, fixes, terminology\.$/);
});
