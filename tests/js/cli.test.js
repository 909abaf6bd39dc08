// The command line, as a person and as a script use it.

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { bad, folderWith, good, lines, runner, start, tgz } from "./command-line.js";
import { dated, patientProfile } from "./profiles.js";

const folder = folderWith({ "good.json": good, "bad.json": bad, "ünd so.json": bad });
const run = runner(folder);

test("--help and --version", async () => {
  const help = await run(["--help"]);
  assert.equal(help.code, 0);
  assert.match(help.stdout, /careconnect validate FILE/);
  assert.equal((await run([])).stdout, help.stdout);
  assert.match((await run(["--version"])).stdout, /^\d+\.\d+\.\d+\n$/);
});

test("ndjson: one line for each input, in order, whatever it is", async () => {
  const list = `bad.json\r\n\n# no comments: this is a path\ngood.json\thttp://example.org/a, http://example.org/b\n.\n`;
  const { code, stdout } = await run(["validate", "good.json", "--files-from", "-", "--format", "ndjson"], { input: list });
  // One of the files is not there.
  assert.equal(code, 2);
  const found = lines(stdout);
  assert.deepEqual(
    found.map(({ file }) => file),
    ["good.json", "bad.json", "# no comments: this is a path", "good.json", "."],
  );
  for (const { issues } of found) assert.ok(Array.isArray(issues));
  assert.deepEqual(found[2].issues.map(({ severity, code, rule }) => [severity, code, rule]), [
    ["fatal", "not-found", "unreadable-file"],
  ]);
  assert.match(found[4].issues[0].message, /directory/);
});

test("a list's profiles are those of its line, beside those of --profile", async () => {
  const list = join(folder, "list");
  writeFileSync(list, "good.json\thttp://example.org/one\ngood.json\n");
  const args = ["validate", "--files-from", list, "--format", "ndjson", "--profile", "http://example.org/all"];
  const [first, second] = lines((await run(args)).stdout);
  const said = (result, url) => JSON.stringify(result).includes(url);
  assert.ok(said(first, "http://example.org/one") && said(first, "http://example.org/all"));
  assert.ok(!said(second, "http://example.org/one") && said(second, "http://example.org/all"));
});

test("json is one array", async () => {
  const { code, stdout } = await run(["validate", "bad.json", "good.json", "--format", "json"]);
  assert.equal(code, 1);
  assert.deepEqual(JSON.parse(stdout).map(({ file }) => file), ["bad.json", "good.json"]);
  assert.deepEqual(JSON.parse((await run(["validate", "--files-from", "-", "--format", "json"])).stdout), []);
});

test("outcome is one OperationOutcome a file", async () => {
  const one = await run(["validate", "bad.json", "--format", "outcome"]);
  assert.equal(JSON.parse(one.stdout).resourceType, "OperationOutcome");
  const two = await run(["validate", "bad.json", "nowhere.json", "--format", "outcome"]);
  assert.deepEqual(lines(two.stdout).map(({ issue }) => issue[0].severity), ["error", "fatal"]);
});

test("sarif names files as code hosts want them", async () => {
  const { stdout } = await run(["validate", "bad.json", "ünd so.json", "--format", "sarif"]);
  const { version, runs } = JSON.parse(stdout);
  assert.equal(version, "2.1.0");
  const [{ results, tool }] = runs;
  const { physicalLocation } = results.find(({ ruleId }) => ruleId === "empty-array").locations[0];
  assert.equal(physicalLocation.artifactLocation.uri, "bad.json");
  assert.equal(physicalLocation.region.startLine, 3);
  assert.equal(results.at(-1).locations[0].physicalLocation.artifactLocation.uri, "%C3%BCnd%20so.json");
  const rules = tool.driver.rules.map(({ id }) => id);
  for (const { ruleId, level } of results) {
    assert.ok(rules.includes(ruleId));
    assert.ok(["error", "warning", "note"].includes(level));
  }
});

test("standard input is a file too", async () => {
  const { code, stdout } = await run(["validate", "-", "--format", "ndjson"], { input: bad });
  assert.equal(code, 1);
  assert.equal(lines(stdout)[0].file, "-");
  assert.ok(lines(stdout)[0].issues.some(({ rule }) => rule === "empty-array"));
});

test("exit 0 where there is no error", async () => {
  assert.equal((await run(["validate", "good.json"])).code, 0);
});

test("render, as its options say", async () => {
  writeFileSync(join(folder, "newer.json"), '{"resourceType":"Patient","gender":"female","birthDate":"1980-01-03"}');
  writeFileSync(join(folder, "older.json"), '{"resourceType":"Patient","gender":"female","birthDate":"1980-01-02"}');
  const text = async (...options) => (await run(["render", "newer.json", "--as", "text", ...options])).stdout;
  const plain = await text();
  assert.match(plain, /Born: 03-Jan-1980(?! \()/);
  for (const [options, said] of [
    [["--as-of", "2026-02-28"], /Born: 03-Jan-1980 \(46y\)/],
    [["--language", "cy"], /Ganwyd: 03-Jan-1980/],
    [["--audience", "patient"], /3 January 1980/],
    [["--mode", "diff", "--against", "older.json"], /was 02-Jan-1980\s+now 03-Jan-1980/],
  ]) {
    assert.doesNotMatch(plain, said);
    assert.match(await text(...options), said, options.join(" "));
  }
  const { code, stderr } = await run(["render", "newer.json", "--mode", "diff", "--against", "nowhere.json"]);
  assert.equal(code, 2);
  assert.match(stderr, /'nowhere\.json' cannot be read/);
});

test("render, in each form", async () => {
  assert.match((await run(["render", "bad.json"])).stdout, /^<div xmlns=/);
  assert.match((await run(["render", "-", "--as", "page", "--audience", "patient"], { input: bad })).stdout, /<html/);
  assert.equal(typeof JSON.parse((await run(["render", "bad.json", "--as", "model", "--mode", "full"])).stdout), "object");
});

test("a reader that goes away is no failure", async () => {
  const list = "bad.json\n".repeat(5_000);
  const child = start(folder, ["validate", "--files-from", "-", "--format", "ndjson"]);
  let stderr = "";
  child.stderr.on("data", (text) => (stderr += text));
  child.stdin.on("error", () => {}).end(list);
  child.stdout.once("data", () => child.stdout.destroy());
  await new Promise((resolve) => child.on("close", resolve));
  assert.equal(stderr, "");
});

for (const [args, sentence] of [
  [["frobnicate"], /no command 'frobnicate'/],
  [["validate"], /What is to be validated/],
  [["validate", "x", "--frob"], /Unknown option '--frob'/],
  [["validate", "x", "--as", "text"], /'validate' has no option --as/],
  [["validate", "x", "--format", "xml"], /--format cannot be 'xml'. It is one of: text, json/],
  [["validate", "x", "--format"], /--format needs a value: --format FORMAT/],
  [["validate", "x", "--formt=json"], /Unknown option '--formt'. Did you mean '--format'\?/],
  [["validate", "x", "--constructor"], /Unknown option '--constructor'/],
  [["validte"], /Did you mean 'validate'\? The commands are: validate, render/],
  [["validate", "x", "--packs", "stu4"], /no pack 'stu4'/],
  [["validate", "--files-from", "nowhere"], /list 'nowhere' cannot be read: there is no such file/],
  [["render"], /name of one file/],
  [["render", "bad.json", "--as", "pdf"], /--as cannot be 'pdf'. It is one of: narrative/],
  [["render", "nowhere.json"], /'nowhere.json' cannot be read: there is no such file/],
]) {
  test(`exit 2 where it could not run: ${args.join(" ")}`, async () => {
    const { code, stdout, stderr } = await run(args);
    assert.equal(code, 2);
    assert.equal(stdout, "");
    assert.match(stderr, sentence);
  });
}

const faultyProfile = JSON.stringify(patientProfile("faulty", { id: "Patient.birthdate", path: "Patient.birthdate", min: 1 }));
writeFileSync(join(folder, "dated.json"), dated());
mkdirSync(join(folder, "definitions"));
writeFileSync(join(folder, "definitions/dated.json"), dated());
writeFileSync(join(folder, "definitions/example.json"), good);
writeFileSync(join(folder, "definitions/faulty.json"), faultyProfile);
writeFileSync(join(folder, "package.tgz"), tgz({ "package/package.json": "{}", "package/dated.json": dated(), "package/example.json": good }));
writeFileSync(join(folder, "undated.json"), '{"resourceType":"Patient","meta":{"profile":["https://example.org/dated"]},"name":[{"family":"Smith"}]}');

for (const [what, said] of [
  ["dated.json", []],
  ["package.tgz", []],
  ["definitions", [join("definitions", "faulty.json")]],
]) {
  test(`definitions from ${what}`, async () => {
    const { code, stdout } = await run(["validate", "undated.json", "--definitions", what, "--format", "ndjson"]);
    assert.equal(code, 1);
    const found = lines(stdout);
    // Of the definitions only what is wrong is said, before what was asked for.
    assert.deepEqual(found.map(({ file }) => file), [...said, "undated.json"]);
    assert.deepEqual(found.at(-1).issues.map(({ rule }) => rule), ["required-element"]);
    if (said.length > 0) assert.deepEqual(found[0].issues.map(({ rule }) => rule), ["definition-path"]);
  });
}

test("definitions alone are checked themselves", async () => {
  const { code, stdout } = await run(["validate", "--definitions", "definitions", "--format", "outcome"]);
  assert.equal(code, 1);
  assert.deepEqual(lines(stdout).map(({ issue }) => issue[0].severity), ["information", "error"]);
  assert.equal((await run(["validate", "--definitions", "dated.json"])).code, 0);
});

test("definitions that cannot be read", async () => {
  writeFileSync(join(folder, "broken.tgz"), gzipSync("x".repeat(600)));
  for (const [what, sentence] of [["nowhere", /there is no such file/], ["broken.tgz", /it is no tar archive, or it is damaged/]]) {
    const { code, stderr } = await run(["validate", "good.json", "--definitions", what]);
    assert.equal(code, 2);
    assert.match(stderr, sentence);
  }
});

test("half a record, several or none: the first line says so, and the status is 2", async () => {
  const whole = '{"resourceType":"Patient","name":[{"family":"Okonkwo"}],"gender":"female"}';
  const own = runner(
    folderWith({
      "half.json": whole.slice(0, 60),
      "lines.ndjson": `${whole}\n${whole.replace("Okonkwo", "Hughes")}\n`,
      "none.txt": "hello",
      "gp2gp.xml": '<RCMR_IN010000UK05 xmlns="urn:hl7-org:v3"><title>Okonkwo</title></RCMR_IN010000UK05>',
      "cda.xml": '<ClinicalDocument xmlns="urn:hl7-org:v3"><title>Okonkwo</title></ClinicalDocument>',
      "whole.json": whole,
    }),
  );
  for (const file of ["half.json", "lines.ndjson", "none.txt", "gp2gp.xml"]) {
    const { code, stdout, stderr } = await own(["render", file, "--as", "text"]);
    assert.equal(code, 2, file);
    assert.match(stdout.split("\n")[0], /^INCOMPLETE: /, file);
    assert.match(stderr, new RegExp(`^careconnect: ${file.replace(".", "\\.")}: .*\\.\n$`));
  }
  assert.match((await own(["render", "lines.ndjson", "--as", "text"])).stdout, /OKONKWO[^]*HUGHES/i);
  assert.doesNotMatch((await own(["render", "gp2gp.xml", "--as", "text"])).stdout, /Okonkwo/i);
  // A CDA document is no FHIR, and displayed.
  const { code, stdout } = await own(["render", "cda.xml", "--as", "text"]);
  assert.deepEqual([code, /^Okonkwo\n/.test(stdout), /not FHIR/.test(stdout)], [0, true, true], stdout);
  assert.deepEqual([(await own(["render", "whole.json"])).code, (await own(["validate", "half.json"])).code], [0, 1]);
});

test("what may be checked further decides the exit status where that is asked for", async () => {
  const coded = JSON.stringify({
    resourceType: "Patient",
    active: true,
    extension: [{ url: "https://example.org/nobody-knows", valueBoolean: true }],
  });
  const own = runner(folderWith({ "open.json": coded, "good.json": '{"resourceType":"Patient","active":true}' }));
  for (const format of ["text", "json", "ndjson", "outcome", "sarif", "junit", "github"]) {
    const args = ["validate", "open.json", "--format", format];
    const { code, stdout } = await own(args);
    assert.equal(code, 0, format);
    assert.match(stdout, /not[- ]fully[- ]checked/i, format);
    assert.match(stdout, /https:\/\/example\.org\/nobody-knows/, format);
    assert.equal((await own([...args, "--fail-on", "unchecked"])).code, 1, format);
    assert.equal((await own(["validate", "good.json", "--fail-on", "unchecked", "--format", format])).code, 0, format);
  }
  assert.match((await own(["validate", "open.json", "--redact"])).stdout, /not fully checked: 1 check could not be made/);
  assert.doesNotMatch((await own(["validate", "open.json", "--redact"])).stdout, /nobody-knows/);
});

test("definitions count by whichever way they come, and what was not used is said", async () => {
  const definition = {
    resourceType: "MessageDefinition",
    url: "https://example.org/MessageDefinition/m",
    status: "active",
    date: "2024-01-01",
    event: { system: "https://example.org/events", code: "e" },
    category: "Notification",
    focus: [{ code: "Patient", min: 1, max: "1" }],
  };
  const message = {
    resourceType: "Bundle",
    type: "message",
    entry: [
      {
        fullUrl: "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0",
        resource: {
          resourceType: "MessageHeader",
          event: { system: "https://example.org/events", code: "e" },
          timestamp: "2024-01-01T00:00:00Z",
          source: { endpoint: "https://example.org/" },
        },
      },
    ],
  };
  const text = JSON.stringify(definition);
  const folder = folderWith({
    "message.json": JSON.stringify(message),
    "one.json": text,
    "folder/m.json": text,
    "folder/patient.json": '{"resourceType":"Patient"}',
    "bundle.json": JSON.stringify({ resourceType: "Bundle", type: "collection", entry: [{ resource: definition }] }),
  });
  writeFileSync(join(folder, "package.tgz"), tgz({ "other/package.json": "{}", "other/m.json": text, "other/example/patient.json": "{}" }));
  const own = runner(folder);
  for (const definitions of ["one.json", "folder", "bundle.json", "package.tgz"]) {
    const { code, stdout, stderr } = await own(["validate", "message.json", "--definitions", definitions, "--format", "json"]);
    assert.match(stdout, /"rule": "message-focus-min"/, definitions);
    assert.equal(code, 1, definitions);
    assert.equal(stderr, definitions === "folder" ? "careconnect: not used of 'folder', as it defines nothing to check by: Patient (1).\n" : "", definitions);
  }
});
