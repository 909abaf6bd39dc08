// What the command line prints: text for people, and SARIF, JUnit and annotations for the programs that read them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import Ajv from "ajv-draft-04";
import addFormats from "ajv-formats";
import { parse as parseJunit } from "junit2json";
import { excerpt } from "../../pkg/cli/formats/excerpt.js";
import { safe, widthOf, wrap } from "../../pkg/cli/terminal.js";
import { bad, folderWith, good, lines, runner, zip } from "./command-line.js";

const ESCAPE = "\u001b";
/** Everything by which a file could control a terminal or deceive its reader, in places that are quoted. */
const hostile = `{
  "resourceType": "Patient",
  "gender": "${ESCAPE}[31mred${ESCAPE}]0;title\u0007 \u009b2J \u202egnitirw",
  "na\u001b[2Jme\\r\\n::error::forged": 1,
  "birthDate": "2020-13-01\u2028\\n::set-env name=X::y%0A%2C"
}`;
const HOSTILE_NAME = `ho${ESCAPE}[31mstile\n::error::x,y:%.json`;
const XML = `<Patient xmlns="http://hl7.org/fhir">\r\n\t<gender value="F"/>\r\n</Patient>`;
const files = { "good.json": good, "bad.json": bad, "ünd so.json": bad, "hostile.json": hostile, [HOSTILE_NAME]: hostile, "x.xml": XML };
const run = runner(folderWith(files));
const everything = [...Object.keys(files), "nowhere.json"];

/** Control characters and what changes the direction of text, but for the ends of lines. */
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/;

test("text: for each file its issues, with the source, the place and who asks for it", async () => {
  const profile = "https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1";
  const text = `{\n  "resourceType": "Patient",\n  "meta": {"profile": ["${profile}"]},\n  "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9434765919"}]\n}`;
  const { stdout, code } = await runner(folderWith({ "a.json": text }))(["validate", "a.json"], { env: { COLUMNS: "200" } });
  assert.equal(code, 1);
  const line = '  "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9434765919"}]';
  const block = [
    "",
    "  error  There must be at least 1 of the slice 'extension:nhsNumberVerificationStatus'; found 0. It",
    "         is the extension with the url",
    /^ {9}'https:\/\/fhir\.hl7\.org\.uk\/STU3\/StructureDefinition\/Extension-CareConnect-NHSNumberVerificationStatus-1'\.$/,
    /^ {4}╭─ a\.json:4:\d+ {2}Patient\.identifier\[0\]$/,
    `  4 │ ${line}`,
    /^ {4}│ +\^+$/,
    /^ {4}╰─ slice-min · https:\S+\/CareConnect-Patient-1(\|\S+)? · Patient\.identifier:nhsNumber\.extension:nhsNumberVerificationStatus \(slice nhsNumberVerificationStatus\)$/,
  ];
  const printed = stdout.split("\n");
  assert.match(printed[0], /^✗ a\.json: invalid: \d+ errors?/);
  const start = printed.indexOf(block[1]);
  assert.ok(start > 0, stdout);
  block.slice(2).forEach((expected, at) => {
    const text = printed[start + 1 + at];
    if (typeof expected === "string") assert.equal(text, expected);
    else assert.match(text, expected);
  });
});

test("text: what is underlined is what the report says", async () => {
  const [{ issues }] = lines((await run(["validate", "bad.json", "--format", "ndjson"])).stdout);
  const printed = (await run(["validate", "bad.json"])).stdout.split("\n");
  const marks = printed.findIndex((text) => /│ +\^+$/.test(text));
  const [before, after] = [printed[marks - 1], printed[marks]];
  const { offset, length } = issues.find(({ rule }) => rule === "empty-array");
  assert.equal(before.slice(after.indexOf("^"), after.lastIndexOf("^") + 1), bad.slice(offset, offset + length));
});

test("text: issues of one place share its excerpt", async () => {
  const { stdout } = await runner(folderWith({ "m.json": '{"resourceType":"MedicationRequest"}' }))(["validate", "m.json"]);
  assert.match(stdout, /error {2}'intent' is missing.*\n {2}error {2}'medication\[x\]' is missing.*\n {2}error {2}'subject' is missing/);
  assert.equal(stdout.match(/╭─/g).length, 1);
  assert.match(stdout, /├─ required-element\n {4}├─ required-element\n {4}╰─ required-element\n/);
});

test("text: the counts at the end", async () => {
  const { stdout } = await run(["validate", "bad.json", "good.json"]);
  assert.match(stdout, /\n✓ good\.json: valid: no errors\n\n1 error, 0 warnings, 0 information in 2 resources: 1 valid, 1 invalid\.\n$/);
  assert.doesNotMatch((await run(["validate", "bad.json", "good.json", "--quiet"])).stdout, /good\.json/);
});

test("text: what could not be decided is counted, by what it is about", async () => {
  const coding = (code) => `{"coding":[{"system":"http://snomed.info/sct","code":"${code}"}]}`;
  const profile = "https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Condition-1";
  const coded = `{"resourceType":"Condition","meta":{"profile":["${profile}"]},"clinicalStatus":"active","code":${coding("195967001")},"subject":{"display":"x"}}`;
  const { stdout } = await runner(folderWith({ "o.json": coded }))(["validate", "o.json"]);
  assert.match(stdout, /checks? could not be decided offline: http:\/\/snomed\.info\/sct \(\d+\)/);
});

test("text: colour for terminals, and where it is forced; never where it is refused", async () => {
  const coloured = new RegExp(`${ESCAPE}\\[31m`);
  assert.doesNotMatch((await run(["validate", "bad.json"])).stdout, coloured);
  assert.match((await run(["validate", "bad.json"], { env: { FORCE_COLOR: "1" } })).stdout, coloured);
  assert.doesNotMatch((await run(["validate", "bad.json"], { env: { FORCE_COLOR: "0" } })).stdout, coloured);
  assert.doesNotMatch((await run(["validate", "bad.json"], { env: { NO_COLOR: "1" } })).stdout, coloured);
});

test("text: no line is longer than the terminal is wide, as far as what it has can be broken", async () => {
  for (const columns of [40, 60, 100]) {
    const { stdout } = await run(["validate", ...everything], { env: { COLUMNS: String(columns) } });
    const breakable = stdout.split("\n").filter((line) => !/^[✗✓!?] |╭─/.test(line));
    for (const line of breakable) assert.ok(widthOf(line) <= columns, `${columns}: ${line}`);
  }
});

for (const [format, allowed] of [
  ["text", CONTROL],
  ["json", CONTROL],
  ["ndjson", CONTROL],
  ["outcome", CONTROL],
  ["sarif", CONTROL],
  ["junit", CONTROL],
  ["github", CONTROL],
]) {
  test(`${format}: nothing of a file or of its name controls the terminal`, async () => {
    const { stdout } = await run(["validate", ...everything, "--format", format]);
    assert.doesNotMatch(stdout, allowed);
    assert.ok(stdout.length > 100);
  });
}

test("render and the other outputs of a person's terminal are as safe", async () => {
  const { stdout } = await run(["--explain", "primitive-format"]);
  assert.doesNotMatch(stdout, CONTROL);
});

/** The published schema, as a function that says whether it accepts, with `errors` where not. */
function sarifSchema() {
  const schema = JSON.parse(readFileSync(new URL("node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json", import.meta.url)));
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats(ajv);
  return ajv.compile(schema);
}

test("SARIF is accepted by the published schema, whatever the files", async () => {
  const accepts = sarifSchema();
  // The check can fail.
  assert.equal(accepts({ version: "2.1.0", runs: [{}] }), false);
  for (const names of [["good.json"], everything]) {
    const { stdout } = await run(["validate", ...names, "--format", "sarif"]);
    assert.ok(accepts(JSON.parse(stdout)), JSON.stringify(accepts.errors, null, 2));
  }
});

test("SARIF has what code hosts show: regions, rules with their words, fingerprints that last", async () => {
  const { runs } = JSON.parse((await run(["validate", "bad.json", "x.xml", "--format", "sarif"])).stdout);
  const [{ results, tool, columnKind }] = runs;
  assert.equal(columnKind, "unicodeCodePoints");
  assert.match(tool.driver.semanticVersion, /^\d+\.\d+\.\d+/);
  for (const { ruleId, ruleIndex } of results) assert.equal(tool.driver.rules[ruleIndex].id, ruleId);
  const rule = tool.driver.rules.find(({ id }) => id === "empty-array");
  assert.match(rule.fullDescription.text, /A JSON array is empty/);
  assert.equal(rule.defaultConfiguration.level, "error");
  const [first] = results;
  assert.deepEqual(first.locations[0].physicalLocation.region, { startLine: 3, startColumn: 11, endLine: 3, endColumn: 13 });
  const fingerprints = results.map(({ partialFingerprints }) => partialFingerprints["careconnectIssue/v1"]);
  assert.equal(new Set(fingerprints).size, results.length);
  const moved = runner(folderWith({ "bad.json": `\n\n${bad}` }));
  const [later] = JSON.parse((await moved(["validate", "bad.json", "--format", "sarif"])).stdout).runs[0].results;
  assert.equal(later.locations[0].physicalLocation.region.startLine, 5);
  assert.equal(later.partialFingerprints["careconnectIssue/v1"], fingerprints[0]);
});

/** The files after what SARIF's first fix of each result says, all at once and from the end, so that places stay. */
function repaired(sarif, files) {
  const changes = sarif.runs[0].results.flatMap(({ fixes }) => fixes?.[0].artifactChanges ?? []);
  const texts = { ...files };
  for (const name of new Set(changes.map(({ artifactLocation }) => decodeURIComponent(artifactLocation.uri)))) {
    const mark = texts[name].startsWith("\uFEFF") ? "\uFEFF" : "";
    const starts = [0];
    const text = texts[name].slice(mark.length);
    for (const { index, 0: end } of text.matchAll(/\r\n|\n/g)) starts.push(index + end.length);
    const at = (line, column) => starts[line - 1] + [...text.slice(starts[line - 1])].slice(0, column - 1).join("").length;
    const edits = changes.filter(({ artifactLocation }) => decodeURIComponent(artifactLocation.uri) === name).flatMap(({ replacements }) => replacements);
    const placed = edits.map(({ deletedRegion: { startLine, startColumn, endLine, endColumn }, insertedContent }) => ({
      from: at(startLine, startColumn), to: at(endLine, endColumn), text: insertedContent.text,
    }));
    placed.sort((a, b) => b.from - a.from);
    texts[name] = mark + placed.reduce((text, edit) => text.slice(0, edit.from) + edit.text + text.slice(edit.to), text);
  }
  return texts;
}

test("SARIF has fixes that put right what they say, whatever the lines and characters before", async () => {
  const faulty = '{"resourceType":"Patient","name":[{"text":"日😀"}],"photo":[]}';
  const files = {
    "bad.json": bad,
    "mark.json": `\uFEFF${faulty}`,
    "windows.json": '{\r\n  "resourceType": "Patient",\r\n  "name": [{ "text": "日😀" }], "photo": []\r\n}',
    "lines.ndjson": `${good}\n${faulty}\n`,
  };
  const formatted = async (files, ...options) => JSON.parse((await runner(folderWith(files))(["validate", ".", "--format", "sarif", ...options])).stdout);
  const before = await formatted(files);
  const fixed = before.runs[0].results.filter(({ fixes }) => fixes);
  assert.deepEqual(fixed.map(({ ruleId }) => ruleId), Array(4).fill("empty-array"));
  for (const { fixes, locations } of fixed) {
    assert.match(fixes[0].description.text, /^Remove '/);
    assert.deepEqual(fixes[0].artifactChanges.map(({ artifactLocation }) => artifactLocation), [locations[0].physicalLocation.artifactLocation]);
  }
  const accepts = sarifSchema();
  assert.ok(accepts(before), JSON.stringify(accepts.errors, null, 2));
  assert.deepEqual((await formatted(repaired(before, files))).runs[0].results.filter(({ ruleId }) => ruleId === "empty-array"), []);
  // What may quote the resource is left out, and what cannot be changed in place too.
  const fixesIn = ({ runs }) => runs[0].results.some(({ fixes }) => fixes);
  assert.equal(fixesIn(await formatted(files, "--redact")), false);
  const archive = await runner(folderWith({ "a.zip": zip(files) }))(["validate", "a.zip", "--format", "sarif"]);
  assert.equal(fixesIn(JSON.parse(archive.stdout)), false);
  const piped = await run(["validate", "-", "--format", "sarif"], { input: bad });
  assert.equal(fixesIn(JSON.parse(piped.stdout)), false);
});

test("SARIF has a rule's words and its example, so that nobody needs a network for them", async () => {
  const { tool } = JSON.parse((await run(["validate", "bad.json", "--format", "sarif"])).stdout).runs[0];
  const { help, helpUri } = tool.driver.rules.find(({ id }) => id === "empty-array");
  assert.equal(helpUri, undefined);
  assert.match(help.text, /^A JSON array is empty.*\n\nFor example\n\n\{.*\n\ngives\n\n\d+:\d+ error empty-array/s);
  assert.match(help.markdown, /\n```\n\{.*\n```\n/s);
});

test("JUnit is read by a parser, and says the same as the report", async () => {
  const { stdout, code } = await run(["validate", ...everything, "--format", "junit"]);
  // One of the files is not there.
  assert.equal(code, 2);
  const suites = await parseJunit(stdout);
  const [suite] = suites.testsuite;
  const reports = lines((await run(["validate", ...everything, "--format", "ndjson"])).stdout);
  assert.deepEqual([suite.tests, suite.failures, suite.errors], [reports.length, reports.length - 2, 1]);
  assert.deepEqual([suites.tests, suites.failures, suites.errors], [suite.tests, suite.failures, suite.errors]);
  reports.forEach(({ file, issues, valid }, at) => {
    const found = suite.testcase[at];
    assert.equal(found.name.replaceAll("\uFFFD", ""), file.replaceAll(ESCAPE, ""));
    if (valid) return assert.equal(found.failure, undefined);
    const [problem] = found.failure ?? found.error;
    assert.equal(problem.type, issues[0].rule);
    for (const { rule, line, column } of issues) {
      assert.ok(problem.inner.includes(`:${line}:${column}: `) && problem.inner.includes(`[${rule}]`), `${file}: ${rule}`);
    }
  });
});

test("JUnit: what does not fail is output", async () => {
  const patient = '{"resourceType":"Patient","generalPractitioner":[{"reference":"Practitoner/7"}]}';
  const own = runner(folderWith({ "p.json": patient }));
  const [passed] = (await parseJunit((await own(["validate", "p.json", "--format", "junit"])).stdout)).testsuite[0].testcase;
  assert.equal(passed.failure, undefined);
  assert.match(passed["system-out"][0], /warning: .*\[reference-type-unknown\]/);
  const { stdout, code } = await own(["validate", "p.json", "--format", "junit", "--fail-on", "warning"]);
  assert.equal(code, 1);
  assert.equal((await parseJunit(stdout)).testsuite[0].testcase[0].failure[0].type, "reference-type-unknown");
});

test("GitHub's annotations: one command a line, whatever the file says", async () => {
  const { stdout } = await run(["validate", "bad.json", "x.xml", "hostile.json", HOSTILE_NAME, "--format", "github"]);
  const commands = stdout.trimEnd().split("\n");
  const issues = lines((await run(["validate", "bad.json", "x.xml", "hostile.json", HOSTILE_NAME, "--format", "ndjson"])).stdout).flatMap(
    ({ file, issues }) => issues.map((issue) => ({ file, ...issue })),
  );
  assert.equal(commands.length, issues.length);
  assert.match(commands[0], /^::error file=bad\.json,line=3,endLine=3,col=11,endColumn=12,title=empty-array::'name' is an empty array/);
  commands.forEach((command, at) => {
    const [, level, properties, message] = /^::(error|warning|notice) ((?:[^:])*)::(.*)$/.exec(command);
    assert.equal(level, issues[at].severity === "fatal" ? "error" : issues[at].severity);
    assert.equal(properties.split(",").length, 6, command);
    assert.ok(message.length > 0);
  });
});

for (const [what, text, issue, width, line, mark] of [
  ["a short line", 'a "b" c', { offset: 2, length: 3 }, 40, 'a "b" c', "  ^^^"],
  ["the second line", 'x\n  "b"', { offset: 4, length: 3 }, 40, '  "b"', "  ^^^"],
  ["lines that end as on Windows", 'x\r\n"b"\r\ny', { offset: 3, length: 3 }, 40, '"b"', "^^^"],
  ["a byte order mark", '\ufeff{"a"}', { offset: 2, length: 3 }, 40, '{"a"}', " ^^^"],
  ["tabs", '\t\t"b"', { offset: 2, length: 3 }, 40, '        "b"', "        ^^^"],
  ["wide characters", '日本 "b本"', { offset: 3, length: 4 }, 40, '日本 "b本"', "     ^^^^^"],
  ["marks that take no column", 'e\u0301 "b"', { offset: 3, length: 3 }, 40, 'e\u0301 "b"', "  ^^^"],
  ["pairs of surrogates", '😀 "b"', { offset: 3, length: 3 }, 40, '😀 "b"', "   ^^^"],
  ["escape sequences", `"${ESCAPE}[2J"`, { offset: 0, length: 6 }, 40, '"␛[2J"', "^^^^^^"],
  ["text from right to left", '"\u202eb"', { offset: 0, length: 4 }, 40, '"‹U+202E›b"', "^^^^^^^^^^^"],
  ["several lines: the first", "{\n}", { offset: 0, length: 3 }, 40, "{", "^"],
  ["nothing", "ab", { offset: 1, length: 0 }, 40, "ab", " ^"],
  ["the end of the text", "ab", { offset: 2, length: 0 }, 40, "ab", "  ^"],
  ["beyond the text", "ab", { offset: 9, length: 9 }, 40, "ab", "  ^"],
  ["a long line", `${"x".repeat(50)}"b"${"y".repeat(50)}`, { offset: 50, length: 3 }, 20, '…xxxx"b"yyyyyyyyyyy…', "     ^^^"],
  ["a long line's end", `${"x".repeat(50)}"b"`, { offset: 50, length: 3 }, 20, '…xxxxxxxxxxxxxxxx"b"', "                 ^^^"],
  ["a long line's beginning", `"b"${"y".repeat(50)}`, { offset: 0, length: 3 }, 20, `"b"${"y".repeat(16)}…`, "^^^"],
  ["more than fits", `ab${"y".repeat(50)}`, { offset: 1, length: 50 }, 20, `ab${"y".repeat(17)}…`, ` ${"^".repeat(18)}`],
]) {
  test(`an excerpt of ${what}`, () => {
    const found = excerpt(text, issue, width);
    assert.deepEqual([found.line, found.indent + found.mark], [line, mark]);
  });
}

test("an excerpt of a very long line is made at once, and fits", () => {
  const text = `{"a":"${"日x".repeat(5_000_000)}"}`;
  const started = performance.now();
  for (const offset of [0, 1000, 5_000_000, text.length - 3]) {
    const { line, indent, mark } = excerpt(text, { offset, length: 5_000_000 }, 80);
    assert.ok(widthOf(line) <= 80 && indent.length + mark.length <= 80);
  }
  assert.ok(performance.now() - started < 1_000);
});

test("wrapping breaks at spaces, and long words only where they must be", () => {
  assert.deepEqual(wrap("aa bb cc", 5), ["aa bb", "cc"]);
  assert.deepEqual(wrap("日本 日本", 5), ["日本", "日本"]);
  assert.deepEqual(wrap("a bbbbbbb c", 4), ["a", "bbbb", "bbb", "c"]);
  assert.deepEqual(wrap("a bbbbbbb c", 4, 10), ["a", "bbbbbbb", "c"]);
  assert.deepEqual(wrap("", 4), [""]);
});

test("half of a surrogate pair, and each control character, is shown and not printed", () => {
  for (let code = 0; code <= 0x10ffff; code += code < 0x3000 ? 1 : 257) assert.doesNotMatch(safe(String.fromCodePoint(code)), CONTROL);
  assert.equal(safe("\ud800"), "‹U+D800›");
  assert.equal(safe("a\u0007"), "a␇");
});
