// What a configuration says of single files and types, what it suppresses, and that its schema says what its reader does.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import Ajv from "ajv";
import { commands } from "../../pkg/cli/commands.js";
import { inSection, ITEMS, KEYS, keyOf as optionKey, RULE_SEVERITIES } from "../../pkg/cli/config.js";
import { folderWith, lines, runner } from "./command-line.js";
import { dated } from "./profiles.js";

const patient = { resourceType: "Patient", contained: [{ resourceType: "Practitioner", id: "p", telecom: [] }], generalPractitioner: [{ reference: "#p" }], gender: "x", photo: [] };
const bundle = { resourceType: "Bundle", type: "collection", entry: [{ fullUrl: "urn:uuid:6b3a8e0c-5f0e-4c39-9d8e-0d3a6e7f1a11", resource: { ...patient, contained: undefined, generalPractitioner: undefined } }], link: [] };
const files = { "old/a.json": JSON.stringify(patient), "new/a.json": JSON.stringify(patient), "new/b.json": JSON.stringify(bundle) };

/** What is found with a configuration, by file: `severity rule expression`. */
async function found(config, args = []) {
  const folder = folderWith({ ...files, "careconnect.config.json": JSON.stringify(config), "own/dated.json": dated() });
  const result = await runner(folder)(["validate", "old", "new", "--format", "ndjson", ...args]);
  const reports = result.stdout === "" ? [] : lines(result.stdout);
  const of = ({ issues }) => issues.filter(({ rule }) => /empty-array|code-required|required-element/.test(rule)).map(({ severity, rule, expression }) => `${severity[0]} ${rule} ${expression}`);
  return { ...result, reports, folder, ...Object.fromEntries(reports.map((report) => [report.file, of(report)])) };
}

const A = ["e empty-array Patient.contained[0].telecom", "e code-required Patient.gender", "e empty-array Patient.photo"];
const B = ["e code-required Bundle.entry[0].resource.gender", "e empty-array Bundle.entry[0].resource.photo", "e empty-array Bundle.link"];

for (const [what, config, expected, args] of [
  ["nothing", {}, [A, A, B]],
  ["a rule for some files", { overrides: [{ paths: ["old/**"], rules: { "empty-array": "off" } }] }, [[A[1]], A, B]],
  ["a rule for names, wherever they are", { overrides: [{ paths: ["a.json"], rules: { "empty-array": "warning" } }] }, [A.map((one) => one.replace("e empty", "w empty")), A.map((one) => one.replace("e empty", "w empty")), B]],
  ["a rule for a type, wherever it is", { overrides: [{ types: ["Patient"], rules: { "empty-array": "off" } }] }, [A.slice(0, 2), A.slice(0, 2), [B[0], B[2]]]],
  ["a type that is contained", { overrides: [{ types: ["Practitioner"], rules: { "empty-array": "information" } }] }, [[A[0].replace("e ", "i "), A[1], A[2]], [A[0].replace("e ", "i "), A[1], A[2]], B]],
  ["a type in some files", { overrides: [{ paths: ["new"], types: ["Bundle"], rules: { "empty-array": "off" } }] }, [A, A, B.slice(0, 2)]],
  ["off for all and on for a type", { rules: { "empty-array": "off" }, overrides: [{ types: ["Bundle"], rules: { "empty-array": "warning" } }] }, [[A[1]], [A[1]], [B[0], B[2].replace("e ", "w ")]]],
  ["the later over the earlier", { overrides: [{ paths: ["**"], rules: { "empty-array": "off" } }, { paths: ["old/*.json"], rules: { "empty-array": "warning" } }] }, [A.map((one) => one.replace("e empty", "w empty")), [A[1]], [B[0]]]],
  ["the command line over all", { overrides: [{ types: ["Patient"], rules: { "empty-array": "error" } }, { paths: ["**"], rules: { "empty-array": "error" } }] }, [[A[1]], [A[1]], [B[0]]], ["--ignore", "empty-array"]],
  ["a suppression", { suppressions: [{ rule: "empty-array", reason: "x" }] }, [[A[1]], [A[1]], [B[0]]]],
  ["a suppression of an element", { suppressions: [{ rule: "empty-array", expression: "Patient.photo", reason: "x" }] }, [A.slice(0, 2), A.slice(0, 2), [B[0], B[2]]]],
  ["a suppression of a whole expression", { suppressions: [{ rule: "empty-array", expression: "Bundle.entry[0].resource", reason: "x" }] }, [A, A, [B[0], B[2]]]],
  ["a suppression of a type in a file", { suppressions: [{ rule: "empty-array", types: ["Practitioner"], paths: ["old"], reason: "x" }] }, [A.slice(1), A, B]],
  ["a suppression until a day", { today: "2026-02-28", suppressions: [{ rule: "empty-array", reason: "x", until: "2026-02-28" }] }, [[A[1]], [A[1]], [B[0]]]],
  ["a suppression that is over", { today: "2026-03-01", suppressions: [{ rule: "empty-array", reason: "x", until: "2026-02-28" }] }, [A, A, B]],
]) {
  test(`a configuration with ${what}`, async () => {
    const result = await found(config, args);
    assert.deepEqual([result["old/a.json"], result["new/a.json"], result["new/b.json"]], expected, result.stderr);
  });
}

test("what is suppressed is counted and said, with its reason, and does not make a resource valid", async () => {
  const config = { rules: { "code-required": "off" }, suppressions: [{ rule: "empty-array", reason: "The sender does this,\u001b[31m until May." }, { rule: "empty-object", reason: "unused" }] };
  const { code, reports, stderr, folder } = await found(config);
  assert.equal(code, 0);
  assert.match(stderr, /careconnect: 6 issues suppressed by the configuration: empty-array \(6: The sender does this,\ufffd\[31m until May\.\)\.\n$/);
  for (const report of reports) {
    assert.equal(report.verdict, "invalid");
    assert.match(report.reason, /Not reported: 2 suppressed\.$/);
    assert.deepEqual(report.suppressed.map(({ rule, reason }) => [rule, reason]), Array(2).fill(["empty-array", config.suppressions[0].reason]));
  }
  const again = async (...args) => (await runner(folder)(["validate", "old", "new", ...args])).stdout;
  assert.match(await again(), /✗ old\/a\.json: invalid: 2 errors. Not reported: 2 suppressed\n/);
  assert.match(await again("--format", "outcome"), /Not reported: 2 suppressed/);
  assert.match(await again("--format", "junit"), /failures="0"[^]*Not reported: 2 suppressed/);
  assert.match(await again("--format", "sarif"), /Not reported: 2 suppressed/);
  assert.match(await again("--format", "html"), /The sender does this,␛\[31m until May\.[^]*<td class="number">6<\/td>/);
});

test("what cannot be read is never suppressed", async () => {
  const folder = folderWith({ "a.json": "{", "careconnect.config.json": '{"suppressions":[{"rule":"json-syntax","reason":"x"}]}' });
  assert.equal((await runner(folder)(["validate", "a.json"])).code, 1);
});

test("a verdict is that of the severities by type", async () => {
  const all = { "empty-array": "warning", "code-required": "warning" };
  const { reports, code } = await found({ overrides: [{ types: ["Patient", "Practitioner", "Bundle"], rules: all }] });
  assert.equal(code, 0);
  assert.deepEqual(reports.map(({ valid, verdict, reason }) => [valid, verdict, reason]), Array(3).fill([true, "valid", "Valid: no errors, 3 warnings."]));
});

test("profiles for some files, and for types, also in a Bundle", async () => {
  const url = "https://example.org/dated";
  const birth = (prefix) => `e required-element ${prefix}`;
  for (const [config, args, expected] of [
    [{ overrides: [{ paths: ["old"], profiles: [url] }] }, [], [true, false, false]],
    [{ overrides: [{ types: ["Patient"], profiles: [url] }] }, [], [true, true, true]],
    [{ overrides: [{ paths: ["new/b.json"], types: ["Patient"], profiles: [url] }] }, [], [false, false, true]],
    [{ profilesFor: { Patient: [url] } }, [], [true, true, true]],
    [{}, ["--profile-for", `Patient=${url}`, "--profile-for", "Observation=http://example.org/none"], [true, true, true]],
  ]) {
    const result = await found(config, ["--definitions", "own", ...args]);
    const has = ["Patient", "Patient", "Bundle.entry[0].resource"].map((prefix, at) => result[["old/a.json", "new/a.json", "new/b.json"][at]].includes(birth(prefix)));
    assert.deepEqual(has, expected, JSON.stringify([config, args]));
  }
  const unknown = await found({}, ["--profile-for", "Patient=https://example.org/none"]);
  assert.ok(unknown.reports.every(({ issues }) => issues.some(({ rule }) => rule === "profile-asked-unknown")));
});

for (const value of ["Patient", "=x", "Patient=", "1=x", "\u001b[31m=x"]) {
  test(`--profile-for ${JSON.stringify(value)} is a mistake`, async () => {
    const { code, stderr } = await runner(folderWith(files))(["validate", "new", `--profile-for=${value}`]);
    assert.equal(code, 2);
    assert.match(stderr, /--profile-for is TYPE=URL/);
  });
}

const schema = JSON.parse(readFileSync(new URL("../../pkg/careconnect.schema.json", import.meta.url)));

test("the schema has the keys that the reader has", () => {
  assert.deepEqual(Object.keys(schema.properties).sort(), Object.keys(KEYS).sort());
  for (const [list, { keys, required }] of Object.entries(ITEMS)) {
    const { items } = schema.properties[list];
    assert.deepEqual(Object.keys(items.properties).sort(), Object.keys(keys).sort());
    assert.deepEqual(items.required ?? [], required);
    assert.equal(items.additionalProperties, false);
    for (const { description, $ref } of Object.values(items.properties)) assert.ok(description || $ref);
  }
  assert.equal(schema.additionalProperties, false);
  for (const command of commands.filter(({ settings }) => settings)) {
    const { properties, additionalProperties } = schema.properties[command.settings];
    assert.equal(additionalProperties, false);
    assert.deepEqual(Object.keys(properties), inSection(command).map(([name]) => optionKey(name)));
    for (const [name, { number }] of inSection(command)) if (number) assert.deepEqual([properties[optionKey(name)].minimum, properties[optionKey(name)].maximum], number);
  }
  assert.deepEqual(schema.definitions.rules.additionalProperties.enum, RULE_SEVERITIES);
});

const judge = new Ajv({ allErrors: true, strictRequired: false }).compile(schema);

// Each is right or wrong for both: the schema, and whoever reads the file.
for (const [isRight, config] of [
  [true, {}],
  [true, { $schema: "./node_modules/careconnect/careconnect.schema.json", packs: "all", definitions: ["own"], profiles: ["x"], profilesFor: { Patient: ["x"] }, rules: { "empty-array": "off" } }],
  [true, { exclude: ["x/**"], overrides: [{ paths: ["a"], profiles: [], rules: {}, unknownExtensions: "error", testNumbers: true, workflow: "x" }, { types: ["Patient"], rules: { "empty-array": "error" } }] }],
  [true, { suppressions: [{ rule: "empty-array", reason: "x", paths: ["a"], types: ["b"], expression: "c", until: "2026-02-28" }] }],
  [true, { severity: "error", failOn: "unchecked", unknownExtensions: "information", today: "2026-02-28", testNumbers: false, workflow: "x", redact: true, packs: ["stu3"] }],
  [true, { serve: { port: 0, threads: 2, quiet: true } }],
  [false, { serve: [] }],
  [false, { serve: { port: "1" } }],
  [false, { serve: { port: 65_536 } }],
  [false, { serve: { prot: 1 } }],
  [false, { serve: { constructor: 1 } }],
  [false, []],
  [false, { pack: "all" }],
  [false, { packs: "stu3" }],
  [false, { constructor: {} }],
  [false, { profilesFor: { Patient: "x" } }],
  [false, { profilesFor: [] }],
  [false, { rules: { "empty-array": "fatal" } }],
  [false, { rules: [] }],
  [false, { exclude: "x" }],
  [false, { overrides: {} }],
  [false, { overrides: [null] }],
  [false, { overrides: [{}] }],
  [false, { overrides: [{ rules: {} }] }],
  [false, { overrides: [{ paths: [] }] }],
  [false, { overrides: [{ paths: ["a"], packs: [] }] }],
  [false, { overrides: [{ types: ["Patient"], workflow: "x" }] }],
  [false, { overrides: [{ paths: ["a"], types: ["Patient"], testNumbers: true }] }],
  [false, { overrides: [{ paths: ["a"], rules: { "empty-array": 1 } }] }],
  [false, { suppressions: [{ rule: "empty-array" }] }],
  [false, { suppressions: [{ reason: "x" }] }],
  [false, { suppressions: [{ rule: "empty-array", reason: " " }] }],
  [false, { suppressions: [{ rule: "empty-array", reason: "x", until: "tomorrow" }] }],
  [false, { suppressions: [{ rule: "empty-array", reason: "x", file: "y" }] }],
  [false, { baseline: 1 }],
  [false, { severity: "fatal" }],
  [false, { failOn: "warn" }],
  [false, { testNumbers: "yes" }],
  [false, { today: 20260228 }],
]) {
  test(`the schema and the reader find ${isRight ? "right" : "wrong"}: ${JSON.stringify(config)}`, async () => {
    assert.equal(judge(config), isRight, JSON.stringify(judge.errors));
    const folder = folderWith({ "good.json": '{"resourceType":"Basic","code":{"text":"x"}}', "own/dated.json": dated() });
    writeFileSync(join(folder, "careconnect.config.json"), JSON.stringify(config));
    const { code, stderr } = await runner(folder)(["validate", "good.json"]);
    // A profile that there is not is found, and no mistake in the configuration.
    if (isRight) assert.notEqual(code, 2, stderr);
    else assert.equal(code, 2, stderr);
  });
}
