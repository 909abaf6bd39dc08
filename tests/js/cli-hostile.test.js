// The command line, with whatever files, names, configurations and readers it is given: its exit status, what it prints, and
// what it leaves alone.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chownSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { commands } from "../../pkg/cli/commands.js";
import { cli, folderWith, runner } from "./command-line.js";

const NASTY = "\u001b[31mred\u0007\u009b2J\u202eab";
const good = '{"resourceType":"Basic","code":{"text":"x"}}';
const faulty = '{"resourceType":"Patient","gender":"WRONG"}';
const FORMATS = Object.keys(commands.find(({ name }) => name === "validate").options.format.choices);

const folder = folderWith({
  "good.json": good,
  "faulty.json": faulty,
  "many.ndjson": `${faulty}\n`.repeat(5000),
  "late.ndjson": `${good}\n`.repeat(5000) + `${faulty}\n`,
});
const run = runner(folder);

/** Characters that control a terminal; where people read, those too that change the direction of text. */
const CONTROL = /[\0-\x08\x0b-\x1f\x7f-\x9f]/;
const READ = /[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

function isClean({ stdout, stderr }, isRead = false) {
  for (const [name, text, pattern] of [["stdout", stdout, isRead ? READ : CONTROL], ["stderr", stderr, READ]]) {
    const at = text.search(pattern);
    assert.ok(at < 0, `${name}: ${JSON.stringify(text.slice(Math.max(0, at - 40), at + 40))}`);
  }
  assert.doesNotMatch(stdout + stderr, /\n\s+at .*:\d+:\d+/, "a stack trace");
}

/** Runs it with a reader that goes away after the first bytes. */
function closing(args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [cli, ...args], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    let stderr = "";
    child.stderr.on("data", (data) => (stderr += data));
    child.stdout.once("data", () => child.stdout.destroy());
    child.on("close", (code) => resolve({ code, stderr, stdout: "" }));
  });
}

test("whoever closes the pipe, the exit status is what was found", async () => {
  for (const format of FORMATS) {
    const result = await closing(["validate", "many.ndjson", "--format", format]);
    assert.equal(result.code, 1, `${format}: ${result.stderr}`);
    assert.equal(result.stderr, "", format);
  }
  assert.equal((await closing(["validate", "late.ndjson", "--format", "ndjson"])).code, 1);
  assert.equal((await closing(["validate", "good.json", "good.json", "--format", "ndjson"])).code, 0);
  assert.equal((await closing(["validate", "many.ndjson", "--format", "ndjson", "--jobs", "2"])).code, 1);
});

test("what cannot be written is one sentence, and exit status 2", { skip: !existsSync("/dev/full") }, async () => {
  for (const args of [["validate", "many.ndjson"], ["validate", "faulty.json", "--format", "json"], ["render", "good.json", "--as", "page"], ["--help"], ["fhirpath", "id", "good.json"], ["packs"]]) {
    const child = spawn("sh", ["-c", '"$0" "$@" > /dev/full', process.execPath, cli, ...args], { cwd: folder });
    let stderr = "";
    child.stderr.on("data", (data) => (stderr += data));
    const code = await new Promise((resolve) => child.on("close", resolve));
    assert.equal(stderr, "careconnect: What was found cannot be written: there is no space left.\n", args.join(" "));
    assert.equal(code, 2, args.join(" "));
  }
});

const places = {
  value: JSON.stringify({ resourceType: "Patient", gender: NASTY, birthDate: NASTY }),
  name: JSON.stringify({ resourceType: "Patient", [NASTY]: 1 }),
  type: JSON.stringify({ resourceType: NASTY }),
  "a raw value": `{"resourceType":"Patient","gender":"${NASTY}"}`,
  extension: JSON.stringify({ resourceType: "Patient", modifierExtension: [{ url: `http://x/${NASTY}`, valueString: "x" }] }),
  "XML": `<Patient xmlns="http://hl7.org/fhir"><gender value="&#x9b;31m&#x202e;${NASTY.slice(1)}"/><${"x"}\u202e/></Patient>`,
  narrative: JSON.stringify({ resourceType: "Patient", text: { status: "generated", div: `<div xmlns="http://www.w3.org/1999/xhtml"><p style="${NASTY}" id="${NASTY}"><x title="${NASTY}">${NASTY}</x></p></div>` } }),
};

for (const [place, text] of Object.entries(places)) {
  test(`no control character of a file is printed: ${place}`, async () => {
    writeFileSync(join(folder, "control.txt"), text);
    for (const format of FORMATS) isClean(await run(["validate", "control.txt", "--format", format]), format === "text");
    for (const as of ["text", "markdown", "page", "narrative", "fragment", "model", "coverage"]) isClean(await run(["render", "control.txt", "--as", as]), as === "text");
    for (const format of ["text", "values", "json", "ndjson"]) isClean(await run(["fhirpath", "descendants()", "control.txt", "--format", format]), format === "text");
  });
}

test("no control character of a file's name is printed, and no line of it as one's own", { skip: process.platform === "win32" }, async () => {
  const name = "a\u001b[31m\n::error::y\u202e.json";
  writeFileSync(join(folder, name), faulty);
  for (const format of FORMATS) {
    const result = await run(["validate", name, "--format", format]);
    assert.equal(result.code, 1);
    isClean(result, format === "text");
    assert.doesNotMatch(result.stdout, /^::error::y/m, format);
  }
  isClean(await run(["fhirpath", "id", name]), true);
  rmSync(join(folder, name));
});

test("no control character of an argument or a configuration is printed", async () => {
  for (const args of [
    [NASTY],
    ["validate", `${NASTY}.json`],
    ["validate", "good.json", `--${NASTY}`],
    ["validate", "good.json", "--format", NASTY],
    ["validate", "good.json", "--today", NASTY],
    ["validate", "good.json", "--jobs", NASTY],
    ["validate", "good.json", "--packs", NASTY],
    ["validate", "good.json", "--definitions", NASTY],
    ["validate", "good.json", "--config", NASTY],
    ["validate", "good.json", "--ignore", NASTY],
    ["validate", "--files-from", NASTY],
    ["validate", "good.json", "--output", NASTY],
    ["validate", "good.json", "--output", `json=${NASTY}/x`],
    ["validate", "good.json", "--output", `${NASTY}=x`],
    ["validate", "good.json", "--baseline", NASTY],
    ["validate", "good.json", "--write-baseline", `${NASTY}/x`],
    ["validate", "good.json", "--max-issues", NASTY],
    ["validate", "good.json", "--profile-for", NASTY],
    ["validate", "good.json", "--profile-for", `Patient=${NASTY}`, "--fail-on", "information", "--definitions", NASTY],
    ["validate", ".", "--exclude", "*", "--exclude", NASTY],
    ["validate", `${NASTY}*.json`],
    ["render", NASTY],
    ["fhirpath", NASTY, "good.json"],
    ["profile", NASTY],
    ["packs", NASTY],
    ["completion", NASTY],
    ["terminology", NASTY],
    ["terminology", "dmd", NASTY, "-o", NASTY],
    ["--explain", NASTY],
  ]) {
    const result = await run(args);
    isClean(result, true);
    assert.notEqual(result.code, 0, JSON.stringify(args));
  }
  for (const text of [
    `{"a":${NASTY}`,
    NASTY,
    ...[{ [NASTY]: 1 }, { rules: { [NASTY]: "off" } }, { rules: { "nhs-postcode": NASTY } }, { packs: [NASTY] }, { definitions: [NASTY] }, { today: NASTY }, { failOn: NASTY }, { baseline: NASTY }, { exclude: [NASTY], failOn: 1 }, { overrides: [{ [NASTY]: 1 }] }, { overrides: [{ paths: [NASTY], rules: { "nhs-postcode": NASTY } }] }, { suppressions: [{ rule: NASTY, reason: NASTY }] }, { suppressions: [{ rule: "nhs-postcode", reason: NASTY, until: NASTY }] }].map((config) => JSON.stringify(config)),
  ]) {
    isClean(await configured(text), true);
  }
});

let count = 0;

/** Runs in a folder that has a configuration; `at` is where in it that is, and where it runs. */
function configured(text, { at = ".", from = ".", args = ["validate", "good.json", "--format", "ndjson"], prepare = () => {} } = {}) {
  const own = join(folder, `configured-${++count}`);
  mkdirSync(join(own, from), { recursive: true });
  mkdirSync(join(own, at), { recursive: true });
  writeFileSync(join(own, from, "good.json"), good);
  writeFileSync(join(own, at, "careconnect.config.json"), typeof text === "string" ? text : JSON.stringify(text));
  prepare(own);
  return runner(join(own, from))(args);
}

test("the configuration in force is named, and is looked for within the repository", async () => {
  assert.equal((await configured({})).stderr, "careconnect: The configuration 'careconnect.config.json' is in force.\n");
  assert.match((await configured({}, { from: "a/b" })).stderr, /'..\/..\/careconnect\.config\.json' is in force/);
  assert.equal((await configured({}, { args: ["validate", "good.json", "--no-config"] })).stderr, "");
  // A worktree and a submodule have a file of that name.
  for (const root of [".git", ".hg"]) {
    const above = await configured({ failOn: "warn" }, { from: "repository/a", prepare: (own) => mkdirSync(join(own, "repository", root)) });
    assert.deepEqual([above.code, above.stderr], [0, ""]);
  }
  const worktree = await configured({ failOn: "warn" }, { from: "a", prepare: (own) => writeFileSync(join(own, "a/.git"), "gitdir: x") });
  assert.deepEqual([worktree.code, worktree.stderr], [0, ""]);
  const inside = await configured({}, { at: "repository", from: "repository/a", prepare: (own) => mkdirSync(join(own, "repository/.git")) });
  assert.match(inside.stderr, /is in force/);
});

test("the configuration of another user is not used, and that is said", { skip: process.getuid?.() !== 0 }, async () => {
  const theirs = { prepare: (own) => chownSync(join(own, "careconnect.config.json"), 12345, 12345) };
  const { code, stderr } = await configured({ failOn: "warn" }, theirs);
  assert.match(stderr, /'careconnect.config.json' belongs to another user and is not used\. Name it with --config/);
  assert.equal(code, 0);
  const named = await configured({ severity: "error" }, { ...theirs, args: ["validate", "good.json", "--config", "careconnect.config.json"] });
  assert.match(named.stderr, /is in force/);
});

test("a configuration makes no request, and names no device or share", async () => {
  const asked = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    response.writeHead(404).end();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${server.address().port}`;
  for (const [config, code, words] of [
    [{ packs: [`${address}/a`] }, 2, /'packs' names 'http:.*', which is not on this computer. Name it on the command line, with --packs/],
    [{ definitions: [`${address}/a`] }, 2, /'definitions' names/],
    [{ packs: ["file:///etc/passwd"] }, 2, /'packs' names/],
    [{ packs: ["//127.0.0.1/share/a.pack"] }, 2, /'packs' names/],
    [{ packs: ["\\\\127.0.0.1\\share\\a.pack"] }, 2, /'packs' names/],
    [{ packs: ["HTTP:\\\\127.0.0.1/a"] }, 2, /'packs' names/],
    // A profile that was asked for and is not known is an error, and is not fetched.
    [{ baseline: `${address}/a` }, 2, /'baseline' names/],
    [{ baseline: "//127.0.0.1/share/a" }, 2, /'baseline' names/],
    [{ profiles: [`${address}/a`], $schema: `${address}/b` }, 1, /in force/],
    ...(process.platform === "win32" ? [] : [[{ definitions: ["/dev/zero"] }, 2, /'\/dev\/zero' is neither a file nor a folder/], [{ packs: ["/dev/zero"] }, 2, /neither a file/], [{ baseline: "/dev/zero" }, 2, /neither a file/]]),
    [`{"x":"${"x".repeat(2 << 20)}"}`, 2, /longer than 1048576 bytes/],
  ]) {
    const result = await configured(config);
    assert.match(result.stderr, words);
    assert.equal(result.code, code, result.stderr);
  }
  server.close();
  assert.deepEqual(asked, []);
});

test("what is checked out cannot lead to what has no end", { skip: !existsSync("/dev/zero") }, async () => {
  mkdirSync(join(folder, "links"));
  writeFileSync(join(folder, "links/good.json"), good);
  for (const name of ["a.json", "b.ndjson", "c.xml"]) symlinkSync("/dev/zero", join(folder, "links", name));
  for (const args of [["validate", "links"], ["validate", "links/*"], ["validate", "good.json", "--definitions", "links"]]) assert.equal((await run(args)).code, 0, args.join(" "));
  const { code, stderr } = await configured("{}", { prepare: (own) => (rmSync(join(own, "careconnect.config.json")), symlinkSync("/dev/zero", join(own, "careconnect.config.json"))) });
  assert.match(stderr, /is no file/);
  assert.equal(code, 2);
});

test("the names of every object's own properties are no commands, choices, rules or keys", async () => {
  for (const name of ["constructor", "__proto__", "toString", "valueOf", "hasOwnProperty"]) {
    for (const args of [
      [name],
      ["validate", "good.json", `--${name}`],
      ["validate", "good.json", "--format", name],
      ["validate", "good.json", "--severity", name],
      ["validate", "good.json", "--fail-on", name],
      ["validate", "good.json", "--ignore", name],
      ["validate", "good.json", "--packs", name],
      ["render", "good.json", "--as", name],
      ["render", "good.json", "--language", name],
      ["fhirpath", "id", "good.json", "--format", name],
      ["profile", name],
      ["packs", name],
      ["completion", name],
      ["terminology", name],
      ["--explain", name],
    ]) {
      const result = await run(args);
      assert.equal(result.code, 2, `${args.join(" ")}: ${result.stderr}`);
      isClean(result, true);
    }
    for (const config of [`{"${name}":1}`, `{"rules":{"${name}":"off"}}`, `{"packs":["${name}"]}`, `{"failOn":"${name}"}`]) {
      const result = await configured(config);
      assert.equal(result.code, 2, config);
      isClean(result, true);
    }
  }
});

test("definitions that are made to take long do not", async () => {
  for (const [at, text] of [
    "<!---->".repeat(5000),
    "<!-- -->\n".repeat(5000),
    "<?x?>".repeat(5000),
    `${"<!--<!---->".repeat(5000)}x`,
    `${"<!-- ".repeat(5000)}`,
    " ".repeat(200_000),
    `{${'"resourceType":'.repeat(20_000)}`,
    `${'{"resourceType"'.repeat(20_000)}`,
  ].entries()) {
    const own = `slow-${at}`;
    mkdirSync(join(folder, own));
    for (const name of ["x.xml", "y.json"]) writeFileSync(join(folder, own, name), text);
    const started = performance.now();
    isClean(await run(["validate", "good.json", "--definitions", own]), true);
    assert.ok(performance.now() - started < 20_000, `definitions ${at} took ${performance.now() - started} ms`);
  }
});

test("a long run in JUnit's form is printed as it comes, in several suites", async () => {
  writeFileSync(join(folder, "long.ndjson"), `${faulty}\n${good}\n`.repeat(12_500));
  const { code, stdout } = await run(["validate", "long.ndjson", "--format", "junit"]);
  assert.equal(code, 1);
  const suites = [...stdout.matchAll(/<testsuite [^>]*tests="(\d+)" failures="(\d+)"/g)].map(([, tests, failures]) => [Number(tests), Number(failures)]);
  assert.ok(suites.length > 1);
  assert.deepEqual([suites.reduce((sum, [tests]) => sum + tests, 0), suites.reduce((sum, [, failures]) => sum + failures, 0)], [25_000, 12_500]);
  assert.equal(stdout.match(/<testsuites/g).length, 1);
  assert.ok(stdout.endsWith("  </testsuite>\n</testsuites>\n"));
  assert.equal(stdout.match(/<testcase /g).length, 25_000);
});

/** A resource with a canary wherever something of a person, or of a sender's own making, may stand. */
const canaries = {
  resourceType: "Patient", CANARYkey: { CANARYinner: [null], birthDate: "CANARY" }, id: "CANARY id!", gender: "CANARY", birthDate: "CANARY",
  name: [{ family: "CANARY", use: "CANARY", CANARYpart: 1 }], _name: [{ CANARYunder: 1 }], contact: [{ CANARYcontact: [{ CANARYdeep: 1 }] }, "CANARY"],
  meta: { profile: ["http://CANARY/x"], tag: [{ system: "http://CANARY", code: "CANARY" }], CANARYmeta: 1 },
  identifier: [{ system: "https://fhir.nhs.uk/Id/nhs-number", value: "CANARY9434765919" }],
  extension: [{ url: "http://CANARY/x", valueString: "CANARY", CANARYextension: 1 }, { url: "CANARYrelative", valueCANARY: 1 }, { CANARYalone: 1 }],
  modifierExtension: [{ url: "http://CANARY/y", extension: [{ url: "CANARYnested", valueString: "CANARY" }] }],
  contained: [{ resourceType: "CANARYType", id: "a", CANARYsecond: 1 }, { resourceType: "Observation", id: "CANARYid", CANARYthird: 1, valueCANARY: 1 }, { CANARYfourth: 1 }],
  managingOrganization: { reference: "CANARY/1", CANARYreference: 1 }, generalPractitioner: [{ reference: "#CANARY" }], deceasedCANARY: true, multipleBirthString: "CANARY",
  text: { status: "generated", div: "<div xmlns='http://www.w3.org/1999/xhtml'><CANARYtag CANARYattribute='x'>CANARY&CANARYentity;</CANARYtag><a href='javascript:CANARY'>x</a></div>" },
};
const canariesXml = `<Patient xmlns="http://hl7.org/fhir" CANARYattribute="1"><CANARYel value="1"><CANARYsub value="2"/></CANARYel><CANARYpre:x xmlns:CANARYpre="http://CANARY"><b/></CANARYpre:x><gender value="CANARY" CANARYother="x"/>CANARYtext<contained><CANARYType><x value="1"/></CANARYType></contained>&CANARYentity;<?CANARYpi x?><name><CANARYname/></name></Patient>`;

test("redacted, nothing of a resource is printed, nor a name that FHIR does not have", async () => {
  const text = JSON.stringify(canaries);
  for (const [name, content] of Object.entries({
    "redacted.json": text,
    "redacted.xml": canariesXml,
    "redacted-cut.json": text.slice(0, 700),
    "redacted-bundle.json": JSON.stringify({ resourceType: "Bundle", type: "collection", CANARYbundle: 1, entry: [{ fullUrl: "urn:CANARY", CANARYentry: 1, resource: canaries, CANARYafter: { CANARYin: 1 } }, { CANARYonly: 1 }] }),
    "redacted.ndjson": `${text}\n{"CANARYraw":\n"CANARYalone"\n[{"CANARYarray":1}]\n{"resourceType":["CANARY"],"CANARYlist":1}\n`,
  })) {
    writeFileSync(join(folder, name), content);
    for (const format of FORMATS) {
      const { stdout, stderr } = await run(["validate", name, "--redact", "--format", format]);
      const found = [...new Set((stdout + stderr).match(/.{0,60}CANARY.{0,20}/g))];
      assert.deepEqual(found.slice(0, 3), [], `${name}, ${format}`);
    }
  }
});

test("--fix says and prints nothing that controls a terminal but in a diff for programs, and names any file", async () => {
  const name = process.platform === "win32" ? "a.json" : "a\u001b[31m\n+++ b.json";
  const own = folderWith({ [name]: JSON.stringify({ resourceType: "Patient", [NASTY]: 1 }, null, 1) });
  const diff = await runner(own)(["validate", name, "--fix", "--dry-run"]);
  assert.doesNotMatch(diff.stdout.split("\n", 2).join(""), /[\0-\x1f\x7f-\x9f]/);
  isClean({ ...diff, stdout: "" }, true);
  const fixed = await runner(own)(["validate", name, "--fix"]);
  isClean(fixed, true);
  assert.equal(fixed.code, 0);
});

test("a reader that goes away keeps no file from being put right, and no report from being written", async () => {
  const own = folderWith(Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`f${String(at).padStart(3, "0")}.json`, `{"resourceType":"Patient","gender":"${"x".repeat(4000)}","photo":[]}`])));
  const child = spawn("sh", ["-c", '"$0" "$@" | true', process.execPath, cli, "validate", ".", "--fix", "--output", "ndjson=all.ndjson"], { cwd: own });
  child.stderr.resume();
  await new Promise((resolve) => child.on("close", resolve));
  const texts = readdirSync(own).filter((name) => name.startsWith("f")).map((name) => readFileSync(join(own, name), "utf8"));
  assert.equal(texts.length, 300);
  assert.ok(texts.every((text) => !text.includes("photo")));
  assert.equal(readFileSync(join(own, "all.ndjson"), "utf8").trimEnd().split("\n").length, 300);
});
