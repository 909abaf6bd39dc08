// Severities, what fails, rules left out, the configuration file, the words on rules, and completion.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { common, commands } from "../../pkg/cli/commands.js";
import { bad, folderWith, good, lines, runner } from "./command-line.js";
import { dated } from "./profiles.js";

const warned = '{"resourceType":"Patient","generalPractitioner":[{"reference":"Practitoner/7"}]}';
const folder = folderWith({
  "good.json": good,
  "bad.json": bad,
  "warned.json": warned,
  "project/careconnect.config.json": "{}",
  "project/profiles/dated.json": dated(),
  "project/in/side/warned.json": warned,
});
const run = runner(folder);

const rulesOf = ({ stdout }) => lines(stdout).flatMap(({ issues }) => issues.map(({ rule }) => rule));

for (const [args, status, rules] of [
  [["warned.json"], 0, ["reference-type-unknown"]],
  [["warned.json", "--severity", "error"], 0, []],
  [["warned.json", "--fail-on", "warning"], 1, ["reference-type-unknown"]],
  [["warned.json", "--fail-on", "warning", "--severity", "error"], 1, []],
  [["bad.json"], 1, ["empty-array"]],
  [["bad.json", "--fail-on", "never"], 0, ["empty-array"]],
  [["bad.json", "--ignore", "empty-array"], 0, []],
  [["bad.json", "warned.json", "--ignore", "empty-array,reference-type-unknown"], 0, []],
  [["bad.json", "warned.json", "--ignore", "empty-array", "--ignore", "reference-type-unknown"], 0, []],
]) {
  test(`validate ${args.join(" ")}: exit status ${status}`, async () => {
    const result = await run(["validate", ...args, "--format", "ndjson"]);
    assert.equal(result.stderr, "");
    assert.equal(result.code, status);
    assert.deepEqual(rulesOf(result), rules);
  });
}

const own = runner(folderWith({
  "extended.json": '{"resourceType":"Patient","extension":[{"url":"https://example.org/x","valueBoolean":true}]}',
  "born.json": '{"resourceType":"Patient","birthDate":"2026-03-01"}',
  "observed.json": '{"resourceType":"Observation","status":"final","code":{"text":"x"},"effectiveDateTime":"2026-03-01"}',
  "leaping.json": '{"resourceType":"Observation","status":"final","code":{"text":"x"},"issued":"2016-12-31T23:59:60Z"}',
  "numbered.json": '{"resourceType":"Patient","identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"}]}',
}));

// What each option of the core's own validate makes of a resource: the rules found, with their severities, and the exit status.
for (const [file, option, without, found] of [
  ["extended.json", ["--unknown-extensions", "error"], "0 information extension-unknown", "1 error extension-unknown"],
  ["born.json", ["--today", "2026-02-28"], "0", "1 error nhs-birth-future"],
  ["born.json", ["--today", "2026-03-01"], "0", "0"],
  ["observed.json", ["--today", "2026-02-28"], "0", "0 warning nhs-date-future"],
  ["numbered.json", ["--test-numbers"], "0", "0 warning nhs-number-test"],
  // R4 allows the 60th second, and STU3 does not.
  ["leaping.json", ["--fhir-version", "4.0"], "1 error primitive-format", "0"],
]) {
  test(`validate ${file} ${option.join(" ")}: ${found}`, async () => {
    const run = async (args) => {
      const { code, stdout } = await own(["validate", file, "--format", "ndjson", ...args]);
      return [code, ...lines(stdout)[0].issues.map(({ severity, rule }) => `${severity} ${rule}`)].join(" ");
    };
    assert.equal(await run([]), without);
    assert.equal(await run(option), found);
  });
}

test("what is not shown is counted in text, and an OperationOutcome still has an issue", async () => {
  const { stdout } = await run(["validate", "warned.json", "--severity", "error"]);
  assert.match(stdout, /1 issue below 'error' is not shown/);
  const outcome = JSON.parse((await run(["validate", "warned.json", "--severity", "error", "--format", "outcome"])).stdout);
  assert.deepEqual(outcome.issue.map(({ severity }) => severity), ["information"]);
});

/** Runs in a folder below the configuration, with this configuration. */
function configured(config, args = ["validate", "warned.json", "--format", "ndjson"]) {
  writeFileSync(join(folder, "project/careconnect.config.json"), typeof config === "string" ? config : JSON.stringify(config));
  return runner(join(folder, "project/in/side"))(args);
}

for (const [what, config, status, rules] of [
  ["nothing", {}, 0, ["reference-type-unknown"]],
  ["a rule's severity", { rules: { "reference-type-unknown": "error" } }, 1, ["reference-type-unknown"]],
  ["a rule turned off", { rules: { "reference-type-unknown": "off" } }, 0, []],
  ["what fails", { failOn: "warning" }, 1, ["reference-type-unknown"]],
  ["what is shown", { severity: "error" }, 0, []],
  ["definitions and profiles", { definitions: ["profiles"], profiles: ["https://example.org/dated"] }, 1, ["required-element", "reference-type-unknown"]],
  ["packs", { $schema: "x", packs: ["stu3"], today: "2026-02-28" }, 0, ["reference-type-unknown"]],
]) {
  test(`the nearest configuration above is in force: ${what}`, async () => {
    const result = await configured(config);
    assert.equal(result.stderr, "careconnect: The configuration '../../careconnect.config.json' is in force.\n");
    assert.equal(result.code, status);
    assert.deepEqual(rulesOf(result), rules);
  });
}

test("the command line is over the configuration, which can be another or none", async () => {
  const args = ["validate", "warned.json", "--format", "ndjson"];
  assert.deepEqual(rulesOf(await configured({ severity: "error" }, [...args, "--severity", "warning"])), ["reference-type-unknown"]);
  assert.deepEqual(rulesOf(await configured({ severity: "error" }, [...args, "--no-config"])), ["reference-type-unknown"]);
  writeFileSync(join(folder, "other.json"), '{"failOn":"warning"}');
  assert.equal((await configured({}, [...args, "--config", "../../../other.json"])).code, 1);
});

for (const [config, sentence] of [
  ["{", /it is not JSON/],
  ["[]", /it is not an object/],
  [{ pack: "all" }, /there is no 'pack'. Did you mean 'packs'\? There is: \$schema, packs/],
  [{ constructor: 1 }, /there is no 'constructor'/],
  [{ packs: "stu3" }, /'packs' is an array of names or paths of packs, or "all"/],
  [{ failOn: "warn" }, /'failOn' is one of "error", "warning", "information", "unchecked", "never"/],
  [{ rules: { "empty-aray": "off" } }, /there is no rule 'empty-aray'. Did you mean 'empty-array'\?/],
  [{ rules: { "empty-array": "no" } }, /the rule 'empty-array' is error, warning, information, off; this is "no"/],
  [{ today: 1 }, /'today' is a day/],
  [{ today: "tomorrow" }, /The day to judge by is written as 2026-02-28; this is 'tomorrow'/],
]) {
  test(`a configuration that is wrong: ${JSON.stringify(config)}`, async () => {
    const { code, stdout, stderr } = await configured(config);
    assert.equal(code, 2);
    assert.equal(stdout, "");
    assert.match(stderr, sentence);
  });
}

for (const [args, sentence] of [
  [["--severity", "warn"], /--severity cannot be 'warn'. Did you mean 'warning'\? It is one of: error, warning, information/],
  [["--ignore", "json-syntax"], /json-syntax/],
  [["--ignore", "nothing"], /--ignore: there is no rule 'nothing'/],
  [["--today", "2026-02-30"], /The day to judge by is written as 2026-02-28; this is '2026-02-30'/],
  [["--config", "nowhere.json"], /The configuration 'nowhere.json' cannot be read: there is no such file/],
  [["--explain", "nothing"], /--explain: there is no rule 'nothing'/],
]) {
  test(`a mistake in ${args.join(" ")}`, async () => {
    const { code, stderr } = await run(["validate", "good.json", ...args]);
    assert.equal(code, 2);
    assert.match(stderr, sentence);
  });
}

const SECRET = "Xyzzy";
const secrets = `{
  "resourceType": "Patient",
  "id": "${SECRET} ${SECRET}",
  "meta": { "profile": ["https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1"] },
  "text": { "status": "generated", "div": "<div xmlns=\\"http://www.w3.org/1999/xhtml\\"><script>${SECRET}</script><img src=\\"x:${SECRET}\\"/></div>" },
  "contained": [{ "resourceType": "${SECRET}", "id": "${SECRET}" }, { "resourceType": "Organization", "id": "${SECRET}" }],
  "extension": [{ "url": "${SECRET}", "valueString": "${SECRET}" }, { "url": "http://example.org/${SECRET}", "value${SECRET}": 1 }],
  "identifier": [{ "system": "https://fhir.nhs.uk/Id/nhs-number", "value": "${SECRET}" }, { "system": "${SECRET}" }],
  "active": "${SECRET}",
  "name": [{ "use": "${SECRET}", "family": ["${SECRET}"], "${SECRET}": "${SECRET}" }],
  "telecom": [{ "system": "${SECRET}", "value": "${SECRET}" }],
  "gender": "${SECRET}",
  "birthDate": "${SECRET}",
  "address": [{ "postalCode": "${SECRET}" }],
  "maritalStatus": { "coding": [{ "system": "http://${SECRET}", "code": "${SECRET}", "display": "${SECRET}" }, { "system": "http://hl7.org/fhir/v3/MaritalStatus", "code": "M", "display": "${SECRET}" }] },
  "photo": [{ "contentType": "${SECRET}", "data": "${SECRET}!" }],
  "generalPractitioner": [{ "reference": "${SECRET}/7" }, { "reference": "#${SECRET}${SECRET}" }],
  "${SECRET}": { "${SECRET}": "${SECRET}" }
}`;
const hidden = runner(folderWith({ "a.json": secrets, "b.json": `{"resourceType":"${SECRET}"}`, "c.json": `{${SECRET}`, "d.xml": `<${SECRET} xmlns="${SECRET}">${SECRET}</x>` }));

for (const format of ["text", "json", "ndjson", "outcome", "sarif", "junit", "github"]) {
  test(`--redact quotes nothing of a resource: ${format}`, async () => {
    const args = ["validate", "a.json", "b.json", "c.json", "d.xml", "--format", format];
    const plain = (await hidden(args)).stdout;
    assert.ok(plain.split(SECRET).length > 10, "what is to be hidden is there to begin with");
    const { stdout, code } = await hidden([...args, "--redact"]);
    assert.equal(code, 1);
    assert.ok(!stdout.includes(SECRET), stdout.slice(Math.max(0, stdout.indexOf(SECRET) - 300)).slice(0, 400));
    // As many issues as before, with their rules.
    const rules = (text) => text.match(/primitive-format|code-required|unknown-element/g)?.length;
    if (format !== "text") assert.equal(rules(stdout), rules(plain));
  });
}

test("several jobs say the same as one, in the same order", async () => {
  const files = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`r/${String(at).padStart(2, "0")}.json`, at % 3 ? good : at % 2 ? bad : warned]));
  const own = runner(folderWith({ ...files, "lines.ndjson": `${good}\n${warned}\n`.repeat(50), "own/dated.json": dated() }));
  for (const format of ["text", "ndjson", "outcome"]) {
    const args = ["validate", "r", "lines.ndjson", "nowhere.json", "--format", format, "--definitions", "own"];
    const one = await own(args);
    const three = await own([...args, "--jobs", "3"]);
    // One of the files is not there.
    assert.equal(one.code, 2);
    assert.deepEqual(three, one);
  }
});

for (const jobs of ["0", "x", "1.5", "257"]) {
  test(`--jobs ${jobs} is a mistake`, async () => {
    const { code, stderr } = await run(["validate", "good.json", "--jobs", jobs]);
    assert.equal(code, 2);
    assert.match(stderr, /--jobs is a whole number from 1/);
  });
}

test("--explain says what a rule is about, and all lists them", async () => {
  const { stdout, code } = await run(["--explain", "empty-array"]);
  assert.equal(code, 0);
  assert.match(stdout, /^empty-array \(usually of severity error\)\n\nA JSON array is empty/);
  assert.match(stdout, /For example\n {2}\{/);
  const all = (await run(["--explain", "all"])).stdout.trimEnd().split("\n");
  const documented = readFileSync(new URL("../../docs/rules.md", import.meta.url), "utf8").match(/^## .*$/gm);
  assert.deepEqual(all.map((line) => `## ${line.split(" ")[0]}`), documented);
});

test("each command has help of its own, with all its options and choices", async () => {
  for (const { name, options } of commands) {
    const { stdout, code } = await run([name, "--help"]);
    assert.equal(code, 0);
    for (const option of Object.keys({ ...options, ...common })) assert.ok(stdout.includes(`--${option}`), `${name} --${option}`);
    for (const { choices } of Object.values(options)) for (const choice of Object.keys(choices ?? {})) assert.ok(stdout.includes(choice));
    assert.ok(stdout.split("\n").every((line) => line.length <= 100));
  }
});

test("an option that two commands have takes a value in both or in neither", () => {
  const seen = new Map();
  for (const options of [common, ...commands.map(({ options }) => options)]) {
    for (const [name, { value, short }] of Object.entries(options)) {
      const shape = `${Boolean(value)} ${short}`;
      assert.equal(seen.get(name) ?? shape, shape, name);
      seen.set(name, shape);
    }
  }
});

test("each option of each command is in a test of the command line", () => {
  const here = new URL("./", import.meta.url);
  const files = readdirSync(here).filter((name) => /^(cli.*|terminology|serve)\.test\.js$/.test(name));
  const tests = files.map((name) => readFileSync(new URL(name, here), "utf8")).join("");
  for (const [name, { short }] of [...commands.flatMap(({ options }) => Object.entries(options)), ...Object.entries(common)]) {
    assert.ok([`"--${name}"`, `"-${short}"`].some((option) => tests.includes(option)), `--${name}`);
  }
});

test("what render takes is what its types say", () => {
  const types = readFileSync(new URL("../../pkg/careconnect.d.ts", import.meta.url), "utf8");
  const words = (declaration) => [...declaration.matchAll(/"([\w-]+)"/g)].map(([, word]) => word).sort();
  const { as, audience, mode } = commands.find(({ name }) => name === "render").options;
  assert.deepEqual(Object.keys(as.choices).sort(), words(/type RenderAs =([^;]*);/.exec(types)[1]));
  assert.deepEqual(Object.keys(audience.choices).sort(), words(/audience\?:([^;]*);/.exec(types)[1]));
  assert.deepEqual(Object.keys(mode.choices).sort(), words(/mode\?:([^;]*);/.exec(types)[1]));
});

test("completion for bash completes commands, options, values and files", async () => {
  const { stdout } = await run(["completion", "bash"]);
  writeFileSync(join(folder, "completion.bash"), stdout);
  const complete = (...words) => {
    const script = `source completion.bash; COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}; _careconnect; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync("bash", ["-c", script], { cwd: folder, encoding: "utf8" }).split("\n").filter(Boolean);
  };
  assert.deepEqual(complete("careconnect", "va"), ["validate"]);
  assert.ok(complete("careconnect", "--").includes("--version"));
  assert.deepEqual(complete("careconnect", "validate", "--fo"), ["--format"]);
  assert.deepEqual(complete("careconnect", "validate", "x", "--format", "s"), ["sarif"]);
  assert.deepEqual(complete("careconnect", "render", "--as", "p"), ["page"]);
  assert.deepEqual(complete("careconnect", "validate", "go"), ["good.json"]);
  assert.deepEqual(complete("careconnect", "validate", "--files-from", "ba"), ["bad.json"]);
  assert.deepEqual(complete("careconnect", "completion", "z"), ["zsh"]);
});

for (const [shell, check] of [
  ["zsh", ["zsh", "-n"]],
  ["fish", ["fish", "-n"]],
  ["powershell", undefined],
]) {
  test(`completion for ${shell} names every command and option`, async (t) => {
    const { stdout } = await run(["completion", shell]);
    for (const { name, options } of commands) {
      for (const word of [name, ...Object.keys(options)]) assert.ok(stdout.includes(word), word);
    }
    if (!check) return;
    const [program, ...args] = check;
    writeFileSync(join(folder, `completion.${shell}`), stdout);
    try {
      execFileSync(program, [...args, `completion.${shell}`], { cwd: folder, stdio: "pipe" });
    } catch (error) {
      if (error.code !== "ENOENT") throw error;
      t.diagnostic(`${program} is not here, so that its syntax was not checked`);
    }
  });
}

test("completion for a shell that there is none for", async () => {
  const { code, stderr } = await run(["completion", "csh"]);
  assert.equal(code, 2);
  assert.match(stderr, /There is no completion for 'csh'. Did you mean 'zsh'\?/);
});
