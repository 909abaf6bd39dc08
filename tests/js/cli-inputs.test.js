// What the command line takes: folders, patterns, archives, NDJSON and standard input.

import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { bad, folderWith, good, lines, runner, tar, tgz, zip } from "./command-line.js";
import { matcher } from "../../pkg/cli/pattern.js";

const flat = bad.replaceAll("\n", "");
const ndjson = `${good}\n\n${flat}\r\nnot json\n${good}`;
/** What is to be found of an NDJSON file: the line of each resource, and whether it is valid. */
const NDJSON = [[1, true], [3, false], [4, false], [5, true]];

const folder = folderWith({
  "good.json": good,
  "bad.json": bad,
  "data/a.json": good,
  "data/b.xml": '<Basic xmlns="http://hl7.org/fhir"><code><text value="x"/></code></Basic>',
  "data/deep/er/c.JSON": bad,
  "data/deep/d.ndjson": ndjson,
  "data/deep/[odd].json": good,
  "data/notes.txt": "no resource",
  "data/package.json": "{}",
  "data/.hidden.json": "{}",
  "data/.git/e.json": "{}",
  "data/node_modules/f.json": "{}",
  "export.ndjson": ndjson,
  "export.ndjson.gz": gzipSync(ndjson),
  "one.json.gz": gzipSync(bad),
  "empty.ndjson": "\n \n",
});
symlinkSync(".", join(folder, "data/deep/loop"));
const run = runner(folder);

/** The inputs found, each as its name, with its line where it has one, and whether it is valid. */
async function found(args, options) {
  const { stdout, stderr, code } = await run(["validate", "--format", "ndjson", ...args], options);
  assert.equal(stderr, "");
  assert.ok(code === 0 || code === 1);
  return stdout === "" ? [] : lines(stdout).map(({ file, line, valid }) => [line ? `${file}:${line}` : file, valid]);
}

const inData = [
  ["data/a.json", true],
  ["data/b.xml", true],
  ["data/deep/[odd].json", true],
  ...NDJSON.map(([line, valid]) => [`data/deep/d.ndjson:${line}`, valid]),
  ["data/deep/er/c.JSON", false],
];

test("a folder is the resources below it, in the order of their names; links, hidden and other files are left", async () => {
  assert.deepEqual(await found(["data"]), inData);
});

for (const [pattern, names] of [
  ["*.json", ["bad.json", "good.json"]],
  ["data/**/*.json", ["data/a.json", "data/deep/[odd].json", "data/package.json"]],
  ["data/?.{json,xml}", ["data/a.json", "data/b.xml"]],
  ["data/[!b].json", ["data/a.json"]],
  ["data/deep/[odd].json", ["data/deep/[odd].json"]],
  ["d*/d*p/*r/*", ["data/deep/er/c.JSON"]],
]) {
  test(`the pattern ${pattern}`, async () => {
    assert.deepEqual((await found([pattern])).map(([name]) => name), names);
  });
}

test("a pattern or a folder in which there is nothing is a mistake: nothing checked is not nothing wrong", async () => {
  mkdirSync(join(folder, "empty"));
  for (const [name, sentence] of [
    ["nothing-*.json", /No file matches 'nothing-\*\.json'/],
    ["empty", /There is no \.json, \.xml or NDJSON file below 'empty'/],
  ]) {
    const { code, stderr } = await run(["validate", name]);
    assert.equal(code, 2);
    assert.match(stderr, sentence);
  }
});

test("patterns mean what they mean in shells", () => {
  for (const [pattern, yes, no] of [
    ["**/*.json", ["a.json", "b/c/a.json"], ["a.xml", "ajson"]],
    ["a/**", ["a/b", "a/b/c"], ["b/a"]],
    ["{a,b{c,d}}", ["a", "bc", "bd"], ["b", "a,b"]],
    ["a+(b).json", ["a+(b).json"], ["aab.json"]],
    ["[a-c]?", ["ax", "c1"], ["d1", "a"]],
    ["{a", ["a"], ["b"]],
    ["a,b", ["a,b"], ["a"]],
  ]) {
    for (const name of yes) assert.ok(matcher(pattern)(name), `${pattern} is to match ${name}`);
    for (const name of no) assert.ok(!matcher(pattern)(name), `${pattern} is not to match ${name}`);
  }
});

test("NDJSON is a resource a line, packed or not", async () => {
  for (const file of ["export.ndjson", "export.ndjson.gz"]) {
    assert.deepEqual(await found([file]), NDJSON.map(([line, valid]) => [`${file}:${line}`, valid]));
  }
  assert.deepEqual(await found(["empty.ndjson"]), []);
  assert.deepEqual(await found(["one.json.gz"]), [["one.json.gz", false]]);
});

test("places in NDJSON are those in the file, for people and code hosts", async () => {
  assert.match((await run(["validate", "export.ndjson"])).stdout, /╭─ export\.ndjson:3:40 {2}Patient\.name\n/);
  const sarif = JSON.parse((await run(["validate", "export.ndjson", "--format", "sarif"])).stdout);
  const [first] = sarif.runs[0].results;
  const { startLine, startColumn, endLine, endColumn } = first.locations[0].physicalLocation.region;
  assert.deepEqual([startLine, startColumn, endLine, endColumn], [3, 40, 3, 42]);
});

for (const [what, input, expected] of [
  ["one resource over several lines", bad, [["-", false]]],
  ["one resource in one line", good, [["-", true]]],
  ["one resource in one line, and an end of line", `${good}\n\n`, [["-", true]]],
  ["NDJSON", ndjson, NDJSON.map(([line, valid]) => [`-:${line}`, valid])],
  ["XML", '<Basic xmlns="http://hl7.org/fhir"><code><text value="x"/></code></Basic>\n', [["-", true]]],
  ["two objects that are not two lines", `${good}${good}`, [["-", false]]],
  ["nothing", "", [["-", false]]],
  ["a large resource", `{"resourceType":"Basic","code":{"text":"${"x".repeat(300_000)}"}}`, [["-", true]]],
  ["a large resource over two lines", `{"resourceType":"Basic",\n"code":{"text":"${"x".repeat(300_000)}"}}`, [["-", true]]],
]) {
  test(`standard input: ${what}`, async () => assert.deepEqual(await found(["-"], { input }), expected));
}

const contents = {
  "a.json": good,
  "folder/": "",
  "folder/b.xml": '<Basic xmlns="http://hl7.org/fhir"><code><text value="x"/></code></Basic>',
  "folder/ü.json": bad,
  "lines.ndjson": ndjson,
  "readme.txt": "no resource",
  "package/.index.json": "{}",
  "package.json": "{}",
};
const inside = (archive) => [
  [`${archive}/a.json`, true],
  [`${archive}/folder/b.xml`, true],
  [`${archive}/folder/ü.json`, false],
  ...NDJSON.map(([line, valid]) => [`${archive}/lines.ndjson:${line}`, valid]),
];

for (const [name, bytes] of [
  ["packed.zip", zip(contents)],
  ["stored.zip", zip(contents, { method: 0, comment: "a comment" })],
  ["packed.tgz", tgz(contents)],
  ["packed.tar.gz", tgz(contents)],
  ["packed.tar", tar(contents)],
]) {
  test(`the archive ${name}`, async () => {
    writeFileSync(join(folder, name), bytes);
    assert.deepEqual(await found([name]), inside(name));
  });
}

const whole = zip({ "a.json": good, "b.json": bad });

for (const [what, name, bytes, sentence] of [
  ["no zip at all", "x.zip", Buffer.from("no archive"), /it is no zip archive, or it is damaged/],
  ["an empty file", "x.zip", Buffer.alloc(0), /it is no zip archive, or it is damaged/],
  ["a zip cut short", "x.zip", whole.subarray(0, -40), /it is no zip archive, or it is damaged/],
  ["a zip whose directory is elsewhere", "x.zip", whole.subarray(10), /damaged/],
  ["an encrypted file", "x.zip", zip({ "a.json": { content: good, flags: 0x801 } }), /it is encrypted/],
  ["an unknown method", "x.zip", zip({ "a.json": { content: good, method: 93 } }), /a method that is not read here \(93\)/],
  ["a checksum that does not hold", "x.zip", zip({ "a.json": { content: good, crc: 1 } }), /it is damaged/],
  ["more than its size says", "x.zip", zip({ "a.json": { content: good.repeat(99), size: 10 } }), /it unpacks to more than is read here/],
  ["less than its size says", "x.zip", zip({ "a.json": { content: good, size: 1000 } }), /it is damaged/],
  ["a bomb by its own account", "x.zip", zip({ "a.json": { content: good, size: 0xfffffff0 } }), /it unpacks to more than is read here/],
  ["files that share bytes", "x.zip", zip({ "a.json": good, "b.json": { content: good, start: 0 } }), /its files overlap/],
  ["a place that is not there", "x.zip", zip({ "a.json": { content: good, start: 0xfffffff0 } }), /damaged/],
  ["no gzip", "x.tgz", Buffer.from("no archive"), /it is no tar archive, or it is damaged/],
  ["gzip cut short", "x.tgz", tgz(contents).subarray(0, 100), /it is not packed as its name says, or it is damaged/],
  ["gzip of something else", "x.tgz", gzipSync("x".repeat(600)), /it is no tar archive, or it is damaged/],
  ["a tar cut short", "x.tar", tar({ "a.json": good }).subarray(0, 520), /it is no tar archive, or it is damaged/],
  ["no gzip of a file", "x.json.gz", Buffer.from("{}"), /it is not packed as its name says/],
  ["no gzip of lines", "x.ndjson.gz", Buffer.from("{}"), /cannot be read/],
]) {
  test(`what is wrong with an archive is said, and the rest is checked: ${what}`, async () => {
    writeFileSync(join(folder, name), bytes);
    const { code, stdout, stderr } = await run(["validate", name, "good.json", "--format", "ndjson"]);
    assert.equal(stderr, "");
    assert.equal(code, 1);
    const all = lines(stdout);
    const messages = all.flatMap(({ issues }) => issues.map(({ rule, message }) => `${rule} ${message}`)).join("\n");
    assert.match(messages, sentence);
    assert.match(messages, /unreadable-file/);
    assert.equal(all.at(-1).file, "good.json");
    assert.equal(all.at(-1).valid, true);
  });
}

test("whatever byte of an archive is changed, every file is read or reported", async () => {
  const { zipFiles } = await import("../../pkg/cli/archives.js");
  const path = join(folder, "changed.zip");
  for (let at = 0; at < whole.length; at++) {
    for (const flip of [0x01, 0x80, 0xff]) {
      const bytes = Buffer.from(whole);
      bytes[at] ^= flip;
      writeFileSync(path, bytes);
      try {
        for (const { read } of zipFiles(path)) {
          const text = read().toString();
          assert.ok(text === good || text === bad, `byte ${at}`);
        }
      } catch (error) {
        assert.ok(!(error instanceof RangeError || error instanceof TypeError), `byte ${at}: ${error.stack}`);
      }
    }
  }
});
