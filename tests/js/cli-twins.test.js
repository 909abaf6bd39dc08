// What breaks off is said to in every form of the command line; and definitions count alike, whatever they come in.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { folderWith, runner, tgz } from "./command-line.js";
import { dated } from "./profiles.js";

const cases = fileURLToPath(new URL("../cases/render", import.meta.url));

/** The first JSON resource of each of the display's cases. */
const resources = readdirSync(cases)
  .filter((name) => name.endsWith(".md"))
  .map((name) => /```json\n([\s\S]*?)\n```/.exec(readFileSync(join(cases, name), "utf8"))?.[1])
  .filter((text) => text !== undefined)
  .slice(0, 20);

const PLACES = 5;
const halves = resources.flatMap((text) =>
  Array.from({ length: PLACES }, (_, at) => text.slice(0, Math.floor((text.length * (at + 1)) / (PLACES + 1)))),
);

test("validate says of each of a hundred halves that it is one, in every format", async () => {
  assert.ok(resources.length === 20 && halves.length === 100);
  const names = halves.map((_, at) => `${String(at).padStart(3, "0")}.json`);
  const run = runner(folderWith(Object.fromEntries(halves.map((half, at) => [names[at], half]))));
  const says = /only what (comes|stands) before( this)? was checked|could not be read as a FHIR resource/i;
  // How often a format says it: once for each file, whatever else it says.
  const parts = {
    text: (out) => out.split(/^(?=✗ )/m).slice(0, 100),
    json: (out) => JSON.parse(out).map((report) => JSON.stringify(report)),
    ndjson: (out) => out.trim().split("\n"),
    outcome: (out) => out.trim().split("\n"),
    sarif: (out) => names.map((name) => JSON.stringify(JSON.parse(out).runs[0].results.filter((one) => JSON.stringify(one).includes(name)))),
    junit: (out) => out.split("<testcase ").slice(1),
    github: (out) => names.map((name) => out.split("\n").filter((line) => line.includes(name)).join("\n")),
  };
  for (const [format, split] of Object.entries(parts)) {
    const { code, stdout } = await run(["validate", ...names, "--format", format, "--no-config"]);
    assert.equal(code, 1, format);
    const found = split(stdout);
    assert.equal(found.length, 100, format);
    for (const [at, part] of found.entries()) assert.match(part, says, `${format}, ${names[at]}`);
  }
});

test("render of a half has the status 2, and its first line says so", async () => {
  const some = halves.filter((_, at) => at % 10 === 3);
  const run = runner(folderWith(Object.fromEntries(some.map((half, at) => [`${at}.json`, half]))));
  for (const at of some.keys()) {
    const { code, stdout, stderr } = await run(["render", `${at}.json`, "--as", "text"]);
    assert.equal(code, 2, `${at}`);
    assert.match(stdout, /^INCOMPLETE: /, `${at}`);
    assert.match(stderr, /part of the record|could not be read/, `${at}`);
  }
});

test("a profile counts alike in a file, a folder, a Bundle and a package, packed or not, whatever its root folder", async () => {
  const profile = JSON.parse(dated());
  const text = JSON.stringify(profile);
  const patient = JSON.stringify({ resourceType: "Patient", meta: { profile: [profile.url] }, name: [{ text: "A" }] });
  const bundle = JSON.stringify({ resourceType: "Bundle", type: "collection", entry: [{ fullUrl: profile.url, resource: profile }] });
  const manifest = '{"name":"own.profiles","version":"1.0.0","fhirVersions":["3.0.1"]}';
  const folder = folderWith({
    "patient.json": patient,
    "profile.json": text,
    "folder/profile.json": text,
    "bundle.json": bundle,
    "in-folder/bundle.json": bundle,
    "unpacked/package.json": manifest,
    "unpacked/profile.json": text,
    "package.tgz": tgz({ "package/package.json": manifest, "package/profile.json": text }),
    "other-root.tgz": tgz({ "own/package.json": manifest, "own/profile.json": text }),
  });
  const run = runner(folder);
  const reports = {};
  for (const definitions of ["profile.json", "folder", "bundle.json", "in-folder", "unpacked", "package.tgz", "other-root.tgz"]) {
    const { code, stdout } = await run(["validate", "patient.json", "--definitions", definitions, "--format", "json", "--no-config"]);
    assert.equal(code, 1, definitions);
    reports[definitions] = JSON.parse(stdout).find(({ file }) => file === "patient.json");
  }
  const first = reports["profile.json"];
  assert.ok(first.issues.some(({ rule, message }) => rule === "required-element" && message.includes("birthDate")));
  for (const [definitions, report] of Object.entries(reports)) assert.deepEqual(report, first, definitions);
});
