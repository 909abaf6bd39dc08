// Baselines: what is recorded, that what is known stays known when files change around it, and that what is new is shown.

import assert from "node:assert/strict";
import { appendFileSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { folderWith, lines, runner } from "./command-line.js";
import { shared } from "./shared.js";

const patient = (fields) => JSON.stringify({ resourceType: "Patient", ...fields }, null, 2);
const found = ({ stdout }) => lines(stdout).flatMap(({ file, issues }) => issues.map(({ rule, expression }) => `${file} ${rule} ${expression}`));

test("the first run records, the second is silent, and what is new is shown", async () => {
  const folder = folderWith({ "in/a.json": patient({ gender: "x", telecom: [] }), "in/b.ndjson": `${JSON.stringify({ resourceType: "Patient", gender: "y" })}\n` });
  const run = runner(folder);
  const first = await run(["validate", "in", "--write-baseline", "careconnect.baseline.json"]);
  assert.equal(first.code, 0);
  assert.match(first.stderr, /3 issues of 2 resources recorded in 'careconnect\.baseline\.json'/);
  const recorded = readFileSync(join(folder, "careconnect.baseline.json"), "utf8");
  const second = await run(["validate", "in", "--baseline", "careconnect.baseline.json"]);
  assert.equal(second.code, 0);
  assert.equal(second.stdout, "0 errors, 0 warnings, 0 information in 2 resources: 2 invalid.\n");
  assert.equal(second.stderr, "careconnect: 3 issues of the baseline 'careconnect.baseline.json' are not shown.\n");
  // The same recorded again is the same to the byte, and a baseline among what is checked is no resource.
  await run(["validate", "in", "--write-baseline", "careconnect.baseline.json", "--jobs", "2"]);
  assert.equal(readFileSync(join(folder, "careconnect.baseline.json"), "utf8"), recorded);
  assert.equal((await run(["validate", ".", "--baseline", "careconnect.baseline.json"])).code, 0);

  writeFileSync(join(folder, "in/a.json"), `\n\n\n${patient({ active: true, gender: "x", birthDate: "y", telecom: [] })}`);
  appendFileSync(join(folder, "in/b.ndjson"), `${JSON.stringify({ resourceType: "Patient", gender: "y" })}\n`);
  const third = await run(["validate", "in", "--baseline", "careconnect.baseline.json", "--format", "ndjson"]);
  assert.equal(third.code, 1);
  assert.deepEqual(found(third), ["in/a.json primitive-format Patient.birthDate", "in/b.ndjson code-required Patient.gender"]);
  // Each report says what it does not list.
  assert.deepEqual(lines(third.stdout).map(({ known }) => known), [2, 1, undefined]);
  assert.match(lines(third.stdout)[0].reason, /Not reported: 2 in the baseline\.$/);
});

test("what stands elsewhere in a list is still known, and one more of its kind is not", async () => {
  const names = (...uses) => patient({ name: uses.map((use) => ({ use, family: "x" })) });
  const folder = folderWith({ "a.json": names("wrong", "official") });
  const run = runner(folder);
  await run(["validate", "a.json", "--write-baseline", "b"]);
  const rest = async (text) => {
    writeFileSync(join(folder, "a.json"), text);
    return found(await run(["validate", "a.json", "--baseline", "b", "--format", "ndjson"]));
  };
  assert.deepEqual(await rest(names("official", "nickname", "wrong")), []);
  // The one in its place is the known one.
  assert.deepEqual(await rest(names("wrong", "wrong")), ["a.json code-required Patient.name[1].use"]);
  assert.deepEqual(await rest(names("official", "wrong", "wrong")), ["a.json code-required Patient.name[2].use"]);
  writeFileSync(join(folder, "a.json"), names("official"));
  assert.match((await run(["validate", "a.json", "--baseline", "b"])).stderr, /1 issue of the baseline was not found again/);
});

test("a baseline is of the folder that it lies in, and may be named by the configuration", async () => {
  const folder = folderWith({ "in/a.json": patient({ gender: "x" }), "careconnect.config.json": '{"baseline":"known/b.json"}', "known/x": "" });
  assert.equal((await runner(folder)(["validate", "in", "--write-baseline", "known/b.json"])).code, 0);
  assert.equal((await runner(join(folder, "in"))(["validate", "a.json"])).code, 0);
  assert.equal((await runner(join(folder, "in"))(["validate", "a.json", "--no-config"])).code, 1);
});

test("a file that cannot be read, or is not there, is never known", async () => {
  const run = runner(folderWith({}));
  assert.equal((await run(["validate", "gone.json", "--write-baseline", "b"])).code, 2);
  const { code, stdout } = await run(["validate", "gone.json", "--baseline", "b"]);
  assert.equal(code, 2);
  assert.match(stdout, /there is no such file/);
});

for (const [text, sentence] of [
  [undefined, /there is no such file\. --write-baseline makes one/],
  ["{", /it is not JSON/],
  ["[]", /is none, or of another version/],
  ['{"kind":"careconnect baseline","version":2,"issues":[]}', /is none, or of another version/],
  ['{"kind":"careconnect baseline","version":1,"issues":[null]}', /is damaged/],
  ['{"kind":"careconnect baseline","version":1,"issues":[{"file":"a","rule":"constructor","at":[]}]}', /is damaged/],
  ['{"kind":"careconnect baseline","version":1,"issues":[{"file":"__proto__","rule":"x","at":[1]}]}', /is damaged/],
]) {
  test(`a baseline that is none: ${text}`, async () => {
    const run = runner(folderWith({ "a.json": patient({}), ...(text !== undefined && { b: text }) }));
    const { code, stderr, stdout } = await run(["validate", "a.json", "--baseline", "b"]);
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(stderr, sentence);
  });
}

test("names that objects have of themselves are names", async () => {
  const run = runner(folderWith({ "__proto__.json": patient({ gender: "x", constructor: 1, __proto__x: 2 }), "constructor.json": patient({ gender: "x" }) }));
  await run(["validate", ".", "--write-baseline", "b"]);
  assert.equal((await run(["validate", ".", "--baseline", "b"])).code, 0);
});

test("--write-baseline and --baseline do not go together, and a baseline that cannot be written is said", async () => {
  const run = runner(folderWith({ "a.json": patient({}) }));
  assert.match((await run(["validate", "a.json", "--write-baseline", "b", "--baseline", "b"])).stderr, /give it without --baseline/);
  const { code, stderr } = await run(["validate", "a.json", "--write-baseline", "nowhere/b"]);
  assert.equal(code, 2);
  assert.match(stderr, /The baseline 'nowhere\/b' cannot be written/);
});

const corpus = shared("corpus/nhs");
test("the NHS's published examples: recorded, silent, and one new fault is shown", { skip: corpus === undefined }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "careconnect-"));
  after(() => rmSync(folder, { recursive: true }));
  cpSync(corpus, join(folder, "nhs"), { recursive: true });
  const run = runner(folder);
  const first = await run(["validate", "nhs", "--write-baseline", "b.json"]);
  assert.equal(first.code, 0, first.stderr);
  const [, issues] = /([\d,]+) issues? of/.exec(first.stderr);
  const second = await run(["validate", "nhs", "--baseline", "b.json", "--fail-on", "information"]);
  assert.equal(second.code, 0);
  assert.match(second.stdout, /^0 errors,?\s0 warnings,?\s0 information in [\d,]+ resources/);
  t.diagnostic(`${issues} issues recorded in ${(statSync(join(folder, "b.json")).size / 1024).toFixed(0)} KB; ${second.stdout.split("\n").slice(0, 3).join(", ")}`);
  const patients = readdirSync(join(folder, "nhs"), { recursive: true }).filter((name) => /\.json$/.test(name));
  const file = patients.map((name) => join(folder, "nhs", name)).sort().find((path) => {
    const text = readFileSync(path, "utf8");
    return /"resourceType"\s*:\s*"Patient"/.test(text.slice(0, 200)) && /"gender"\s*:\s*"(fe)?male"/.test(text);
  });
  assert.ok(existsSync(file));
  writeFileSync(file, `\n\n${readFileSync(file, "utf8").replace(/("gender"\s*:\s*)"(fe)?male"/, '$1"Xyzzy"')}`);
  const third = await run(["validate", "nhs", "--baseline", "b.json", "--format", "ndjson"]);
  assert.equal(third.code, 1);
  assert.deepEqual(lines(third.stdout).flatMap(({ issues }) => issues.map(({ rule }) => rule)), ["code-required"]);
});
