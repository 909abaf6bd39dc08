// Where findings are written, how many of them, and what is said besides: --output, --max-issues, --statistics, --timing,
// --exclude, annotations by themselves in GitHub Actions, the page that serves as evidence, and what --explain shows.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { load } from "../../pkg/index.js";
import { outcomeOf } from "../../pkg/cli/formats/json.js";
import { bad, folderWith, good, lines, runner, zip } from "./command-line.js";

const FORMATS = ["text", "json", "ndjson", "outcome", "sarif", "junit", "github", "html"];
const warned = '{"resourceType":"Patient","generalPractitioner":[{"reference":"Practitoner/7"}],"photo":[]}';
const folder = folderWith({ "good.json": good, "bad.json": bad, "lines.ndjson": `${good}\n${warned}\n`, "dir/x": "" });
const run = runner(folder);
const inputs = ["good.json", "bad.json", "lines.ndjson"];

test("each format is written to its file as it is printed, all in one run", async () => {
  const outputs = FORMATS.flatMap((format) => ["--output", `${format}=out.${format}`]);
  const { code, stdout } = await run(["validate", ...inputs, ...outputs]);
  assert.equal(code, 1);
  for (const format of FORMATS) {
    const alone = await run(["validate", ...inputs, "--format", format]);
    assert.equal(readFileSync(join(folder, `out.${format}`), "utf8"), alone.stdout, format);
    if (format === "text") assert.equal(stdout, alone.stdout);
  }
  // Colours are for terminals.
  await run(["validate", "bad.json", "-o", "text=plain"], { env: { FORCE_COLOR: "1" } });
  assert.doesNotMatch(readFileSync(join(folder, "plain"), "utf8"), /\u001b/);
});

test("a file that is written stays as it was where the end is not come to, and what is written is no input", async () => {
  writeFileSync(join(folder, "kept.json"), "before");
  const { code } = await run(["validate", "good.json", "--output", "json=kept.json", "--output", "sarif=nowhere/x"]);
  assert.equal(code, 2);
  assert.equal(readFileSync(join(folder, "kept.json"), "utf8"), "before");
  assert.deepEqual(readdirSync(folder).filter((name) => name.endsWith(".tmp")), []);
  const own = folderWith({ "good.json": good });
  for (let at = 0; at < 2; at++) {
    const { stdout } = await runner(own)(["validate", ".", "--output", "json=report.json", "--format", "ndjson"]);
    assert.equal(lines(stdout).length, 1);
  }
});

for (const [args, sentence] of [
  [["--output", "json"], /--output is FORMAT=FILE/],
  [["--output", "=x"], /--output is FORMAT=FILE/],
  [["--output", "json="], /--output is FORMAT=FILE/],
  [["--output", "sarf=x"], /--output has no format 'sarf'\. Did you mean 'sarif'\?/],
  [["--output", "constructor=x"], /--output has no format 'constructor'/],
  [["--output", "\u001b[31m=x"], /--output has no format '␛\[31m'/],
  [["--output", "json=x", "--output", "text=./x"], /Two outputs would be written to '\.\/x'/],
  [["--output", "json=nowhere/x"], /The file 'nowhere\/x' cannot be written: there is no such file/],
  [["--output", "json=dir"], /The file 'dir' cannot be written: it is a directory/],
  [["--output", "json=x", "--watch"], /--output does not go with --watch/],
  [["--max-issues", "x"], /--max-issues is a whole number; this is 'x'/],
  [["--max-issues=-1"], /--max-issues is a whole number/],
]) {
  test(`a mistake in ${JSON.stringify(args)}`, async () => {
    const { code, stderr, stdout } = await run(["validate", "good.json", ...args]);
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(stderr, sentence);
  });
}

test("a disk that is full is said, and exit status 2", { skip: !existsSync("/dev/full") }, async () => {
  const { code, stderr } = await run(["validate", "bad.json", "--output", "json=/dev/full"]);
  assert.equal(code, 2);
  assert.match(stderr, /The file '\/dev\/full' cannot be written: there is no space left/);
});

test("an OperationOutcome is the one that the package gives", async () => {
  const careconnect = await load();
  const resources = new URL("../resources/", import.meta.url);
  for (const name of readdirSync(resources).filter((name) => /\.(json|xml)$/.test(name))) {
    const text = readFileSync(new URL(name, resources), "utf8");
    assert.deepEqual(outcomeOf(careconnect.validate(text)), careconnect.outcome(text), name);
  }
  for (const text of [bad, warned, "", "{", good]) assert.deepEqual(outcomeOf(careconnect.validate(text)), careconnect.outcome(text), text);
});

test("--max-issues shows so many, says what is not shown, and changes no exit status", async () => {
  const args = ["validate", ...inputs, "--max-issues", "1"];
  const { code, stdout, stderr } = await run([...args, "--format", "ndjson"]);
  assert.equal(code, 1);
  assert.deepEqual(lines(stdout).map(({ issues, notShown = 0 }) => [issues.length, notShown]), [[0, 0], [1, 0], [0, 0], [0, 2]]);
  assert.equal(stderr, "careconnect: 2 issues beyond --max-issues 1 are not shown.\n");
  // The counts stay those of all.
  assert.match((await run(args)).stdout, /2 errors, 1 warning, 0 information in 4 resources/);
  const none = await run(["validate", "bad.json", "--max-issues", "0", "--format", "ndjson"]);
  assert.equal(none.code, 1);
  assert.deepEqual(lines(none.stdout)[0].issues, []);
});

test("--statistics counts each rule, shown or not", async () => {
  const table = "\nissues  resources  severity  rule\n     2          2  error     empty-array\n     1          1  warning   reference-type-unknown\n3 issues of 2 rules in 4 resources.\n";
  const { stdout } = await run(["validate", ...inputs, "--statistics", "--max-issues", "1"]);
  assert.ok(stdout.endsWith(table), stdout);
  // What programs read stays as it is.
  const data = await run(["validate", ...inputs, "--statistics", "--format", "ndjson"]);
  assert.equal(lines(data.stdout).length, 4);
  assert.equal(data.stderr, table);
});

test("--timing says how long it took, on standard error", async () => {
  const { stderr, stdout } = await run(["validate", ...inputs, "--timing", "--format", "ndjson"]);
  assert.match(stderr, /^careconnect: 4 resources in \d+\.\d\d s\.\n$/);
  assert.equal(lines(stdout).length, 4);
});

test("--exclude and the configuration leave files out, and say how many", async () => {
  const files = { "a/x.json": good, "a/drafts/y.json": bad, "b/drafts/z.json": bad, "b/w.draft.json": bad, "c.zip": zip({ "in/y.json": bad, "in/v.json": good }) };
  const own = folderWith(files);
  const kept = async (args, config = {}, from = own) => {
    writeFileSync(join(own, "careconnect.config.json"), JSON.stringify(config));
    const { stdout, stderr, code } = await runner(from)(["validate", ...args, "--format", "ndjson"]);
    return { files: stdout ? lines(stdout).map(({ file }) => file) : [], stderr, code };
  };
  assert.deepEqual((await kept(["a", "b", "--exclude", "drafts"])).files, ["a/x.json", "b/w.draft.json"]);
  assert.deepEqual((await kept(["a", "b", "--exclude", "a/drafts", "--exclude", "*.draft.json"])).files, ["a/x.json", "b/drafts/z.json"]);
  assert.deepEqual((await kept(["a", "b"], { exclude: ["**/drafts/**", "b/*"] })).files, ["a/x.json"]);
  // Patterns of a configuration are of its folder.
  assert.deepEqual((await kept(["."], { exclude: ["a/drafts"] }, join(own, "a"))).files, ["x.json"]);
  assert.deepEqual((await kept(["c.zip", "--exclude", "y.json"])).files, ["c.zip/in/v.json"]);
  assert.match((await kept(["a", "b", "--exclude", "drafts"])).stderr, /2 files are left out, by --exclude or the configuration\.\n$/);
  // Whoever names files, as a hook does, may name such as are left out; a folder of which nothing is left is a mistake.
  assert.equal((await kept(["a/drafts/y.json", "--exclude", "drafts"])).code, 0);
  const nothing = await kept(["a", "--exclude", "**"]);
  assert.equal(nothing.code, 2);
  assert.match(nothing.stderr, /Everything that was found is left out/);
});

test("in GitHub Actions annotations are printed where nothing else is asked for", async () => {
  const env = { GITHUB_ACTIONS: "true" };
  assert.match((await run(["validate", "bad.json"], { env })).stdout, /^::error file=bad\.json,line=3/);
  for (const args of [["--format", "text"], ["--output", "json=x.json"], ["--fix", "--dry-run"]]) {
    assert.doesNotMatch((await run(["validate", "warned.json", ...args], { env })).stdout, /^::/m, args.join(" "));
  }
  assert.doesNotMatch((await run(["validate", "bad.json"], { env: { GITHUB_ACTIONS: "false" } })).stdout, /^::/m);
});

test("--explain shows an example and how it is put right", async () => {
  const { stdout } = await run(["--explain", "empty-array"]);
  assert.match(stdout, /For example\n[^]*\ngives\n[^]*\nPut right\n {2}- {2}"name": \[\],\n/);
});

const secret = { resourceType: "Patient", id: "p", name: [{ family: "Xyzzy" }], gender: "Plugh", identifier: [{ system: "https://fhir.nhs.uk/Id/nhs-number", value: "9434765919" }], photo: [], meta: { profile: ["https://example.org/<none>"] } };

test("the page says what was checked, by what, what was found and what was not checked, and is the same each time", async () => {
  const text = JSON.stringify(secret);
  const config = { rules: { "code-extensible": "off" }, overrides: [{ types: ["Bundle"], rules: { "empty-array": "warning" } }], suppressions: [{ rule: "empty-array", reason: "Known & <accepted>." }], exclude: ["left"] };
  const own = folderWith({ "a&b.json": text, "left.json": good, "left/x.json": good, "careconnect.config.json": JSON.stringify(config) });
  const of = async (...args) => (await runner(own)(["validate", "a&b.json", "left", "left.json", "--format", "html", ...args])).stdout;
  const page = await of();
  assert.ok((await of()) === page && (await of("--jobs", "2")) === page);
  assert.ok(page.includes(createHash("sha256").update(text).digest("hex")));
  for (const name of ["careconnect.wasm", "packs/stu3.pack"]) {
    const bytes = readFileSync(new URL(`../../pkg/dist/${name}`, import.meta.url));
    assert.ok(page.includes(createHash("sha256").update(bytes).digest("hex")), name);
  }
  for (const words of [
    "a&amp;b.json",
    "<strong>1</strong> invalid",
    "What was not checked (1)",
    "https://example.org/&lt;none&gt;",
    "<td>careconnect</td><td>",
    "Known &amp; &lt;accepted&gt;.",
    "<code>code-extensible</code></td><td>warning</td><td>off</td>",
    "<td>Bundle</td><td>empty-array: warning</td>",
    "1 issue suppressed by the configuration",
    "1 file left out by a pattern: left",
  ]) assert.ok(page.includes(words), words);
  // What no issue quotes is not in it, nothing is fetched, and there is no clock in it.
  assert.doesNotMatch(page, /Xyzzy|9434765919|<script|<link|src=|@import|url\(/);
  assert.doesNotMatch(page, /20[2-9]\d-\d\d-\d\dT|\d\d:\d\d:\d\d/);
  assert.doesNotMatch(await of("--redact"), /Plugh/);
});

const chromium = process.env.CHROMIUM;
let browser;
before(async () => {
  if (chromium) browser = await (await import("playwright-core")).chromium.launch({ executablePath: chromium, args: ["--no-sandbox"] });
});
after(() => browser?.close());

for (const scheme of ["light", "dark"]) {
  test(`the page in ${scheme} colours has no fault that axe finds, and fits a telephone`, { skip: !chromium }, async () => {
    const own = folderWith({ "a.json": JSON.stringify(secret), "b.json": good, "c.json": "{", "d.ndjson": `${warned}\n` });
    const { stdout } = await runner(own)(["validate", ".", "--format", "html", "--ignore", "nhs-postcode"]);
    const context = await browser.newContext({ colorScheme: scheme, viewport: { width: 320, height: 640 }, bypassCSP: true });
    const page = await context.newPage();
    await page.setContent(stdout);
    await page.addScriptTag({ path: createRequire(import.meta.url).resolve("axe-core") });
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
    assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`), []);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
    await context.close();
  });
}
