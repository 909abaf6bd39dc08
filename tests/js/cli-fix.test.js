// `careconnect validate --fix`: what it puts right, what it leaves, and that it touches nothing else.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { load } from "../../pkg/index.js";
import { unified } from "../../pkg/cli/diff.js";
import { folderWith, lines, runner, zip } from "./command-line.js";

const examples = fileURLToPath(new URL("../../www/examples", import.meta.url));
const names = readdirSync(examples).filter((name) => name.startsWith("faulty"));

/** A folder with the playground's faulty examples. */
function faulty() {
  const folder = mkdtempSync(join(tmpdir(), "careconnect-"));
  after(() => rmSync(folder, { recursive: true }));
  for (const name of names) cpSync(join(examples, name), join(folder, name));
  return folder;
}

const contents = (folder) => Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), "utf8")]));

test("the playground's faulty examples: what is fixed, what is left, and that a second run changes nothing", async () => {
  const folder = faulty();
  const run = runner(folder);
  const before = contents(folder);
  const careconnect = await load();
  const reports = Object.fromEntries(names.map((name) => [name, careconnect.validate(before[name], { fixes: true })]));
  const withFixes = names.filter((name) => reports[name].issues.some(({ fixes }) => fixes));
  assert.deepEqual(withFixes, ["faulty-comma.json", "faulty-patient.json", "faulty-quick-fixes.json"]);

  const first = await run(["validate", ".", "--fix", "--format", "ndjson"]);
  const fixed = contents(folder);
  assert.deepEqual(names.filter((name) => fixed[name] !== before[name]), withFixes);
  // Every change is said, with its place.
  assert.deepEqual(first.stderr.match(/fixed [^\n]*/g), [
    "fixed faulty-comma.json:4:52 Remove the comma before it (json-syntax)",
    "fixed faulty-patient.json:26:13 Write it as true (json-type)",
    "fixed faulty-patient.json:27:51 Put 'given' in an array (array-expected)",
    "fixed faulty-patient.json:35:7 Rename 'postcode' to 'postalCode' (unknown-element)",
    "fixed faulty-quick-fixes.json:3:3 Remove 'colour' (unknown-element)",
    "fixed faulty-quick-fixes.json:4:3 Rename 'actve' to 'active' (unknown-element)",
    "fixed faulty-quick-fixes.json:5:3 Put 'name' in an array (array-expected)",
    "fixed faulty-quick-fixes.json:5:50 Put 'given' in an array (array-expected)",
    "fixed faulty-quick-fixes.json:6:16 Change to '1980-02-13' (primitive-format)",
    "fixed faulty-quick-fixes.json:7:22 Write it as false (json-type)",
    "fixed faulty-quick-fixes.json:7:14 Remove 'telecom' (empty-array)",
  ]);
  assert.equal(fixed["faulty-comma.json"], before["faulty-comma.json"].replace("],", "]"));
  assert.equal(
    fixed["faulty-quick-fixes.json"],
    '{\n  "resourceType": "Patient",\n  "active": true,\n  "name": [{ "use": "official", "family": "Rhys", "given": ["Anwen"] }],\n  "birthDate": "1980-02-13",\n  "deceasedBoolean": false\n}\n',
  );
  // The report is that of what is now there, and what is left are the faults that have no certain fix.
  const left = lines(first.stdout).flatMap(({ file, issues }) => issues.map(({ rule }) => `${file} ${rule}`));
  const certain = names.flatMap((name) => reports[name].issues.filter(({ fixes }) => !fixes).map(({ rule }) => `${name} ${rule}`));
  assert.deepEqual(left, certain);
  assert.match(first.stderr, new RegExp(`11 faults put right in 3 files; ${left.length} issues left\\.`));
  assert.equal(first.code, 1);

  const again = await run(["validate", ".", "--fix", "--format", "ndjson"]);
  assert.deepEqual(contents(folder), fixed);
  assert.equal(again.stdout, first.stdout);
  assert.match(again.stderr, /0 faults put right in 0 files/);
  assert.deepEqual(readdirSync(folder).sort(), [...names].sort(), "nothing is left beside the files");
});

test("--dry-run changes nothing and prints a diff that git applies, which does what --fix does", async () => {
  const folder = faulty();
  const run = runner(folder);
  const before = contents(folder);
  const { stdout, stderr } = await run(["validate", ".", "--fix", "--dry-run"]);
  assert.deepEqual(contents(folder), before);
  assert.match(stdout, /^--- a\/faulty-comma\.json\n\+\+\+ b\/faulty-comma\.json\n@@ /);
  assert.match(stderr, /would fix faulty-comma\.json:4:52/);
  execFileSync("git", ["apply", "-"], { cwd: folder, input: stdout, env: { ...process.env, GIT_CEILING_DIRECTORIES: tmpdir() } });
  const applied = contents(folder);
  const other = faulty();
  await runner(other)(["validate", ".", "--fix"]);
  assert.deepEqual(applied, contents(other));
});

const wrong = '{"resourceType":"Patient","telecom":[],"gender":"male"}';
const right = '{"resourceType":"Patient","gender":"male"}';

test("the ends of lines, a byte order mark, the mode and links stay as they are", { skip: process.platform === "win32" }, async () => {
  const folder = folderWith({ "a.json": `\uFEFF{\r\n\t"resourceType": "Patient",\r\n\t"telecom": [],\r\n\t"gender":   "male" }\r\n\r\n`, "b.json": wrong });
  chmodSync(join(folder, "a.json"), 0o640);
  symlinkSync("b.json", join(folder, "c.json"));
  const { code } = await runner(folder)(["validate", "a.json", "c.json", "--fix"]);
  assert.equal(code, 0);
  assert.equal(readFileSync(join(folder, "a.json"), "utf8"), `\uFEFF{\r\n\t"resourceType": "Patient",\r\n\t"gender":   "male" }\r\n\r\n`);
  assert.equal(statSync(join(folder, "a.json")).mode & 0o777, 0o640);
  assert.equal(readFileSync(join(folder, "b.json"), "utf8"), right);
  assert.equal(readFileSync(join(folder, "c.json"), "utf8"), right);
  assert.ok(existsSync(join(folder, "c.json")));
});

test("of NDJSON only the lines that are wrong are changed", async () => {
  const text = `${right}\r\n\n${wrong}\n  ${right}\n${wrong}`;
  const folder = folderWith({ "a.ndjson": text, "b.json": wrong });
  const { stderr } = await runner(folder)(["validate", "a.ndjson", "b.json", "--fix", "--jobs", "2"]);
  assert.equal(readFileSync(join(folder, "a.ndjson"), "utf8"), `${right}\r\n\n${right}\n  ${right}\n${right}`);
  assert.match(stderr, /fixed a\.ndjson:3:37 Remove 'telecom' \(empty-array\)\n.*fixed a\.ndjson:5:37/);
  assert.equal(readFileSync(join(folder, "b.json"), "utf8"), right);
});

test("XML is put right too, and what one fix brings to light the next", async () => {
  const folder = folderWith({
    "a.xml": '<?xml version="1.0"?>\n<Patient xmlns="http://hl7.org/fhir">\n  <actve value="true"/><!-- kept -->\n</Patient>\n',
    "b.json": '{"resourceType":"Patient","name":[{"given":["A",],"familly":"B"}]}',
  });
  await runner(folder)(["validate", ".", "--fix"]);
  assert.equal(readFileSync(join(folder, "a.xml"), "utf8"), '<?xml version="1.0"?>\n<Patient xmlns="http://hl7.org/fhir">\n  <active value="true"/><!-- kept -->\n</Patient>\n');
  assert.equal(readFileSync(join(folder, "b.json"), "utf8"), '{"resourceType":"Patient","name":[{"given":["A"],"family":"B"}]}');
});

test("only what is reported is touched: no rule that is ignored, suppressed, in a baseline or not severe enough", async () => {
  const config = { suppressions: [{ rule: "empty-array", reason: "The sender does this." }] };
  for (const [args, text] of [
    [["--ignore", "empty-array"], wrong],
    [["--config", "careconnect.config.json"], wrong],
    [["--baseline", "b"], wrong],
    [[], right],
  ]) {
    const folder = folderWith({ "a.json": wrong, "careconnect.config.json": JSON.stringify(config) });
    const run = runner(folder);
    await run(["validate", "a.json", "--write-baseline", "b", "--no-config"]);
    await run(["validate", "a.json", "--fix", ...(args.includes("--config") ? args : [...args, "--no-config"])]);
    assert.equal(readFileSync(join(folder, "a.json"), "utf8"), text, args.join(" "));
  }
});

test("of two values for one name none is taken away", async () => {
  const text = '{"resourceType":"Patient","gender":"male","gender":"female","photo":[]}';
  const folder = folderWith({ "a.json": text });
  const { code } = await runner(folder)(["validate", "a.json", "--fix"]);
  assert.equal(readFileSync(join(folder, "a.json"), "utf8"), text.replace(',"photo":[]', ""));
  assert.equal(code, 1);
});

test("what cannot be written stays, and that is said", async () => {
  const folder = folderWith({ "a.zip": zip({ "x.json": wrong }), "utf16.json": Buffer.from(`\uFEFF${wrong}`, "utf16le") });
  const before = readFileSync(join(folder, "utf16.json"));
  const { stderr, code } = await runner(folder)(["validate", "a.zip", "utf16.json", "-", "--fix"], { input: wrong });
  assert.match(stderr, /1 fix of 'a\.zip\/x\.json' cannot be written, as it is packed or piped/);
  assert.match(stderr, /1 fix of '-' cannot be written/);
  assert.match(stderr, /0 faults put right in 0 files/);
  assert.deepEqual(readFileSync(join(folder, "utf16.json")), before);
  assert.equal(code, 1);
});

test("a file that may not be written is not replaced", { skip: process.platform === "win32" || process.getuid() === 0 }, async () => {
  const folder = folderWith({ "a.json": wrong });
  chmodSync(join(folder, "a.json"), 0o444);
  const { stderr, code } = await runner(folder)(["validate", "a.json", "--fix"]);
  assert.match(stderr, /The file 'a\.json' cannot be written and stays as it is: permission is refused/);
  assert.equal(code, 2);
  assert.equal(readFileSync(join(folder, "a.json"), "utf8"), wrong);
});

test("with --redact no fix names what a resource holds", async () => {
  const folder = folderWith({ "a.json": '{"resourceType":"Patient","Xyzzy":1}' });
  const { stderr } = await runner(folder)(["validate", "a.json", "--fix", "--redact"]);
  assert.match(stderr, /fixed a\.json:1:27 \(unknown-element\)/);
  assert.doesNotMatch(stderr, /Xyzzy/);
});

for (const [args, sentence] of [
  [["--dry-run"], /--dry-run goes with --fix/],
  [["--fix", "--watch"], /--fix does not go with --watch/],
  [["--fix", "--dry-run", "--format", "json"], /--dry-run prints a diff/],
  [["--fix", "--dry-run", "--redact"], /it does not go with --redact/],
]) {
  test(`a mistake in ${args.join(" ")}`, async () => {
    const folder = folderWith({ "a.json": wrong });
    const { code, stderr, stdout } = await runner(folder)(["validate", "a.json", ...args]);
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(stderr, sentence);
    assert.equal(readFileSync(join(folder, "a.json"), "utf8"), wrong);
  });
}

test("a diff of any two texts is applied by git to give the second", () => {
  const folder = folderWith({});
  let state = 7;
  const random = (most) => (state = (state * 1103515245 + 12345) % 2147483648) % most;
  const text = () => Array.from({ length: random(30) }, () => "abcd"[random(4)]).join("\n") + (random(2) ? "\n" : "");
  for (let at = 0; at < 60; at++) {
    const [before, after] = [text(), text()];
    if (before === "" || after === "") continue;
    const diff = unified("x.json", before, after);
    writeFileSync(join(folder, "x.json"), before);
    if (diff) execFileSync("git", ["apply", "--unidiff-zero", "-"], { cwd: folder, input: diff, env: { ...process.env, GIT_CEILING_DIRECTORIES: tmpdir() } });
    assert.equal(readFileSync(join(folder, "x.json"), "utf8"), after, diff);
  }
});
