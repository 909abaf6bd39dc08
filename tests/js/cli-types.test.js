// `careconnect types`: what it makes compiles, takes resources that are valid, and refuses those that are not.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { load } from "../../pkg/index.js";
import { folderWith, runner } from "./command-line.js";
import { dated } from "./profiles.js";

const compiler = fileURLToPath(new URL("node_modules/typescript/bin/tsc", import.meta.url));

/** What the compiler says of these files; nothing where they are right. */
function compiled(folder, ...files) {
  const options = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--noUnusedLocals", "--target", "es2022", "--lib", "es2022", "--module", "nodenext", "--types", ""];
  try {
    execFileSync(process.execPath, [compiler, ...options, ...files], { cwd: folder, encoding: "utf8" });
    return "";
  } catch (error) {
    return error.stdout || error.message;
  }
}

const PATIENT = "https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1";

test("a profile's types: cardinalities, choices, codes, what is inside, and where it is from", async () => {
  const folder = folderWith({});
  const run = runner(folder);
  const { stdout, code } = await run(["types", "--profile", "CareConnect-Patient-1"]);
  assert.equal(code, 0);
  for (const part of [
    /^\/\/ Made by careconnect [\d.]+ of https:\/\/fhir\.hl7\.org\.uk\/STU3\/StructureDefinition\/CareConnect-Patient-1\|/,
    /export interface CareConnectPatient1 \{\n {2}resourceType: "Patient";/,
    /\n {2}deceasedBoolean\?: boolean;\n {2}_deceasedBoolean\?: Element;\n/,
    /\n {2}deceasedDateTime\?: string;\n/,
    /\n {2}gender\?: "[a-z]+"( \| "[a-z]+")*;\n/,
    /\n {2}animal\?: never;\n/,
    /\n {2}telecom\?: CareConnectPatient1Telecom\[\];\n/,
    /export interface CareConnectPatient1Telecom \{[^}]*\n {2}system: "email"/,
    /\* Slice nhsNumber 0\.\.1\n/,
  ]) assert.match(stdout, part);
  // The same each time, in a file as printed, by any of its names.
  assert.equal((await run(["types", PATIENT, "-o", "fhir.ts"])).stdout, "");
  assert.equal(readFileSync(join(folder, "fhir.ts"), "utf8"), stdout);
  assert.equal(compiled(folder, "fhir.ts"), "");
});

test("every type and profile of the packs has types that compile, all in one file", async () => {
  const careconnect = await load({ packs: ["stu3", "careconnect"] });
  const urls = careconnect.profiles().filter(({ kind, abstract }) => kind === "resource" && !abstract).map(({ url }) => url);
  assert.ok(urls.length > 150);
  const folder = folderWith({});
  const { stdout, code, stderr } = await runner(folder)(["types", ...urls, "--packs", "stu3,careconnect"]);
  assert.equal(code, 0, stderr);
  writeFileSync(join(folder, "all.ts"), stdout);
  assert.equal(compiled(folder, "all.ts"), "");
  assert.equal(stdout.match(/^export interface /gm).length, new Set(stdout.match(/^export interface \w+/gm)).size);
});

test("the playground's examples, which keep their profiles, are of their types", async () => {
  const careconnect = await load({ packs: "all" });
  const examples = new URL("../../www/examples/", import.meta.url);
  const profiles = new Set();
  const lines = [];
  for (const file of readdirSync(examples).filter((name) => /\.json$/.test(name) && !/^(faulty|index|toc-)/.test(name))) {
    const text = readFileSync(new URL(file, examples), "utf8");
    const [url] = JSON.parse(text).meta?.profile ?? [];
    if (!url?.includes("CareConnect-") || !careconnect.validate(text).valid) continue;
    profiles.add(url);
    const name = url.slice(url.lastIndexOf("/") + 1).split("-").join("");
    lines.push(`export const ${file.replace(/\W/g, "_")}: fhir.${name} = ${text};`);
  }
  assert.ok(lines.length > 20, String(lines.length));
  const folder = folderWith({ "examples.ts": `import type * as fhir from "./fhir.js";\n${lines.join("\n")}\n` });
  await runner(folder)(["types", ...profiles, "-o", "fhir.ts"]);
  assert.equal(compiled(folder, "examples.ts"), "");
});

test("what breaks the profile does not compile", async () => {
  const right = 'resourceType: "Patient", birthDate: "1980-02-13"';
  const folder = folderWith({
    "own/dated.json": dated(),
    "use.ts": `import type { CareConnectPatient1, Dated } from "./fhir.js";
export const a: Dated = { ${right} };
// @ts-expect-error The profile asks for the birth date.
export const b: Dated = { resourceType: "Patient" };
// @ts-expect-error Another resource.
export const c: Dated = { resourceType: "Person", birthDate: "x" };
// @ts-expect-error A code that there is not.
export const d: CareConnectPatient1 = { resourceType: "Patient", gender: "m" };
// @ts-expect-error The profile takes the element out.
export const e: CareConnectPatient1 = { resourceType: "Patient", animal: {} };
// @ts-expect-error A list.
export const f: CareConnectPatient1 = { resourceType: "Patient", name: { family: "x" } };
export const g: CareConnectPatient1 = { resourceType: "Patient", _birthDate: { extension: [{ url: "x", valueString: "y" }] } };
`,
  });
  await runner(folder)(["types", "https://example.org/dated", "CareConnect-Patient-1", "--definitions", "own", "--output", "fhir.ts"]);
  assert.equal(compiled(folder, "use.ts"), "");
});

test("names and texts of a definition are names and comments, whatever they are", async () => {
  const hostile = {
    resourceType: "StructureDefinition",
    url: "https://example.org/1*/export const x = 1;/*\u2028",
    name: "x",
    status: "draft",
    kind: "resource",
    abstract: false,
    type: "Basic",
    baseDefinition: "http://hl7.org/fhir/StructureDefinition/Basic",
    derivation: "constraint",
    differential: {
      element: [
        { id: "Basic", path: "Basic" },
        { id: "Basic.extension", path: "Basic.extension", slicing: { discriminator: [{ type: "value", path: "url" }], rules: "open" } },
        { id: "Basic.extension:a", path: "Basic.extension", sliceName: "*/ } export const y = 1; /*\n" },
        { id: "Basic.created", path: "Basic.created", fixedDate: '2020"; export const z = 1;' },
      ],
    },
  };
  const folder = folderWith({ "own/a.json": JSON.stringify(hostile) });
  const { stdout } = await runner(folder)(["types", hostile.url, "--definitions", "own"]);
  writeFileSync(join(folder, "a.ts"), stdout);
  assert.equal(compiled(folder, "a.ts"), "");
  assert.doesNotMatch(stdout.replace(/\/\*\*[^]*?\*\/|\/\/.*|"(?:[^"\\]|\\.)*"/g, ""), /const/);
});

for (const [args, sentence] of [
  [[], /For which profiles\?/],
  [["nothing-1"], /There is no profile 'nothing-1'/],
  [["--profile", "\u001b[31m"], /There is no profile '␛\[31m'/],
  [["CareConnect-Patient-1", "-o", "nowhere/x"], /The file 'nowhere\/x' cannot be written: there is no such file/],
]) {
  test(`a mistake in ${JSON.stringify(args)}`, async () => {
    const { code, stderr, stdout } = await runner(folderWith({}))(["types", ...args]);
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(stderr, sentence);
  });
}
