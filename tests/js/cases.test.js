// The cases in tests/cases, through the package: the same files as the native tests read, and the same answers.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { load } from "../../pkg/index.js";

const careconnect = await load();
const cases = new URL("../cases/", import.meta.url);

/** A case: its list of `- name: value`, and its fences by the word that opens them. */
function read(url) {
  const text = readFileSync(url, "utf8");
  const list = [...text.matchAll(/^- ([^:\n]+): (.*)$/gm)].map(([, name, value]) => [name, value]);
  const fences = new Map();
  for (const [, word, content] of text.matchAll(/^```(\S+)\n([^]*?)^```$/gm)) if (!fences.has(word)) fences.set(word, content);
  return { list, fences, option: (name) => list.find(([key]) => key === name)?.[1] };
}

const files = (folder) => {
  const url = new URL(folder, cases);
  return existsSync(url) ? readdirSync(url).filter((name) => name.endsWith(".md")).map((name) => new URL(name, url)) : [];
};

for (const url of files("render/")) {
  const name = url.pathname.split("/").at(-1);
  test(`display: ${name}`, () => {
    const { list, fences, option } = read(url);
    const input = fences.get("json") ?? fences.get("xml");
    const output = careconnect.render(input, { as: "text", mode: "full", asOf: option("as of"), view: option("view") });
    assert.equal(output, fences.get("text"));
    const flat = output.split(/\s+/).join(" ");
    for (const [, words] of list.filter(([key]) => key === "must say")) assert.ok(flat.includes(words), words);
  });
}

/** The packs of a case file: those of R4 too, where its name says so. */
const packsOf = (name) => (name.startsWith("r4") ? ["all", "r4", "ukcore", "nhsengland-r4"] : "all");

const [stu3, both] = [await load({ packs: "all" }), await load({ packs: packsOf("r4") })];

/** A text with the lines replaced that a fence `diff` says, from top to bottom. */
function putRight(text, diff) {
  const lines = text.split("\n");
  const out = [];
  for (const line of diff.split("\n").slice(0, -1)) {
    if (line.startsWith("+")) {
      out.push(line.slice(1));
      continue;
    }
    const wanted = line.slice(1);
    while (lines.length > 0 && lines[0] !== wanted) out.push(lines.shift());
    assert.ok(lines.length > 0, `the diff's line is not there: ${line}`);
    if (line.startsWith(" ")) out.push(lines[0]);
    lines.shift();
  }
  return [...out, ...lines].join("\n");
}

/** A report as the case files write it. */
function written(report) {
  const lines = report.issues.map((issue) => {
    const { line, column, severity, rule, expression, message, profile = "", definition = "" } = issue;
    const said = `${line}:${column} ${severity} ${rule} ${expression}: ${message}\n`;
    const isBase = profile.startsWith("http://hl7.org/fhir/StructureDefinition/") && !definition.includes(":");
    return profile === "" || isBase ? said : `${said}    asked for by ${profile} ${definition}\n`;
  });
  return lines.join("") || "none\n";
}

for (const url of [...files("check/"), new URL("../../docs/profile-author.md", import.meta.url)]) {
  const name = url.pathname.split("/").at(-1);
  test(`check: ${name}`, async () => {
    const text = readFileSync(url, "utf8");
    const fences = [...text.matchAll(/^```(json|xml|definition|issues|diff)(?: (.*))?\n([^]*?)```/gm)];
    assert.ok(fences.length > 0);
    // A fence `definition` is loaded on top for what follows in its file.
    const definitions = [];
    const packs = packsOf(name);
    const every = name.startsWith("r4") ? both : stu3;
    let careconnect = every;
    for (const [at, [, kind, options = "{}", content]] of fences.entries()) {
      if (kind === "issues") continue;
      if (kind === "diff") {
        const [, before, options = "{}", input] = fences.slice(0, at).findLast(([, kind]) => kind !== "issues");
        const text = putRight(input, content);
        let report;
        if (before === "definition") {
          const withIt = await load({ packs, definitions: [...definitions.slice(0, -1), text] });
          report = withIt.definitions.at(-1);
          withIt.free();
        } else report = careconnect.validate(text, JSON.parse(options));
        assert.deepEqual(report.issues.filter(({ severity }) => severity !== "information"), []);
        continue;
      }
      const expected = fences[at + 1]?.[1] === "issues" ? fences[at + 1][3] : undefined;
      if (kind !== "definition") {
        assert.equal(written(careconnect.validate(content, JSON.parse(options))), expected);
        continue;
      }
      definitions.push(content);
      if (careconnect !== every) careconnect.free();
      careconnect = await load({ packs, definitions });
      assert.equal(written(careconnect.definitions.at(-1)), expected ?? "none\n");
    }
  });
}
