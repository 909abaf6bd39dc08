// The package's threads and streams in Node.js.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { after, test } from "node:test";
import { load } from "../../pkg/index.js";
import { pool, validateStream } from "../../pkg/node.js";
import { CALLS } from "../packaging/apps/exercise.js";
import { patientProfile } from "./profiles.js";

const example = JSON.parse(readFileSync(new URL("../resources/CareConnect-Patient-1.json", import.meta.url)));
const oneLine = JSON.stringify(example);
const careconnect = await load();
const threads = await pool({ size: 2 });
after(() => threads.free());

async function all(lines) {
  const out = [];
  for await (const line of lines) out.push(line);
  return out;
}

test("a pool answers as careconnect itself does", async () => {
  const inputs = Array.from({ length: 20 }, (_, at) => JSON.stringify({ ...example, id: `p${at}` }));
  const reports = await Promise.all(inputs.map((input) => threads.validate(input)));
  assert.deepEqual(reports, inputs.map((input) => careconnect.validate(input)));
  assert.deepEqual(await threads.outcome(oneLine), careconnect.outcome(oneLine));
  assert.equal(await threads.render(oneLine, { as: "text" }), careconnect.render(oneLine, { as: "text" }));
  assert.deepEqual(await threads.definitions, []);
});

test("a pool has every call that careconnect has", async () => {
  const names = (object) => Object.getOwnPropertyNames(object).filter((name) => name !== "constructor");
  const own = names(Object.getPrototypeOf(careconnect));
  assert.deepEqual([...Object.keys(CALLS), "check", "ensure", "definitions", "version", "free"].sort(), own.sort());
  for (const [name, values] of Object.entries(CALLS)) {
    assert.deepEqual(await threads[name](...values), careconnect[name](...values), name);
    await assert.rejects(threads[name](...values.slice(0, threadsOptionAt(name, values)), { signal: AbortSignal.abort(new Error("stop")) }), /stop/, name);
  }
  assert.equal(await threads.version, careconnect.version);
  // A resource that is given as an object is not taken for options.
  assert.deepEqual(await threads.validate({ signal: "x" }), careconnect.validate({ signal: "x" }));
});

/** How many values a call takes before its options. */
const threadsOptionAt = (name, values) => (["validate", "render", "redact", "valueSet", "outline"].includes(name) ? values.length - 1 : values.length);

test("ensure() of a pool: packs are read once for all threads, and handles share these", async () => {
  const url = "https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Patient-1";
  const resource = JSON.stringify({ ...example, meta: { profile: [url] } });
  const own = await pool({ size: 2, packs: ["stu3", "careconnect"] });
  assert.equal(await own.ensure(oneLine), own);
  const [more, same] = await Promise.all([own.ensure(resource), own.ensure(resource)]);
  assert.equal(more, same);
  assert.notEqual(more, own);
  assert.equal(await more.ensure(resource), more);
  assert.equal(more.size, 2);
  const expected = (await careconnect.ensure(resource)).validate(resource);
  assert.ok(expected.profiles.some((profile) => profile.startsWith(url)));
  // Of ten calls at once each thread has some.
  for (const report of await Promise.all(Array.from({ length: 10 }, () => more.validate(resource)))) assert.deepEqual(report, expected);
  assert.deepEqual((await all(more.validateStream([resource]))).map(({ report }) => report), [expected]);
  assert.deepEqual(await own.validate(resource), (await load({ packs: ["stu3", "careconnect"] })).validate(resource));
  assert.equal((await more.profile(url)).pack, "gpconnect");
  assert.equal(await own.profile(url), undefined);
  own.free();
  await assert.rejects(own.validate(resource), /was freed/);
  await assert.rejects(all(own.validateStream([resource])), /was freed/);
  assert.deepEqual(await more.validate(resource), expected);
  more.free();
  more.free();
  await assert.rejects(more.ensure(resource), /was freed/);
});

test("a pool says what is wrong with a call", async () => {
  await assert.rejects(threads.validate(1), /this is a number/);
  await assert.rejects(threads.validate("", { profile: "x" }), /no option 'profile'/);
  await assert.rejects(threads.validate(() => {}), /this is a function/);
  await assert.rejects(threads.profile("x", { depth: 1 }), /no option 'depth'/);
  await assert.rejects(threads.validate("", { signal: "x" }), /'signal' is an AbortSignal/);
  await assert.rejects(pool({ size: 0 }), /'size' is a whole number/);
  await assert.rejects(pool({ packs: ["stu4"] }), /no pack 'stu4'/);
  await assert.rejects(pool({ size: 1, given: [] }), /no option 'given'/);
  await assert.rejects(pool({ size: 1, packs: [Uint8Array.of(1)] }), /not a pack/);
  const other = await pool({ size: 1 });
  const waiting = other.validate(oneLine);
  other.free();
  await assert.rejects(waiting, /was freed/);
  await assert.rejects(other.validate(oneLine), /was freed/);
});

test("a call that is aborted before its turn is never run", async () => {
  const large = JSON.stringify({ resourceType: "Bundle", type: "collection", entry: Array(3000).fill({ resource: example }) });
  const busy = [threads.validate(large), threads.validate(large)];
  const controller = new AbortController();
  const waiting = threads.validate(oneLine, { signal: controller.signal });
  controller.abort(new Error("typed on"));
  await assert.rejects(waiting, /typed on/);
  await assert.rejects(threads.validate(oneLine, { signal: AbortSignal.abort(new Error("too late")) }), /too late/);
  assert.equal((await busy[0]).valid, (await busy[1]).valid);
  assert.deepEqual(await threads.validate(oneLine), careconnect.validate(oneLine));
});

test("every line is accounted for, hostile ones too", async () => {
  const long = JSON.stringify({ ...example, id: "x".repeat(20_000) });
  const lines = [
    [`\uFEFF${oneLine}`, "any"],
    ["", "blank"],
    [" \t\r", "blank"],
    [`${oneLine}\r`, "any"],
    ["{", "invalid"],
    ["null", "invalid"],
    ["\0\0\0", "invalid"],
    [Buffer.from([0xff, 0xfe, 0x80]), "invalid"],
    ["[".repeat(9_000), "invalid"],
    [long, "too-long"],
    ['{"resourceType":"Basic","code":{"text":"a note"}}', "valid"],
    ["<Patient xmlns='http://hl7.org/fhir'/>", "any"],
    [oneLine, "any"],
  ];
  const bytes = Buffer.concat(lines.flatMap(([text], at) => [Buffer.from(text), Buffer.from(at + 1 < lines.length ? "\n" : "")]));
  const expected = lines.map(([text]) => careconnect.validate(Buffer.from(text)));
  // However the bytes happen to be cut, the lines are the same.
  for (const size of [1, 7, 4096, bytes.length]) {
    const chunks = function* () {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    };
    const entries = [];
    const log = (entry) => entries.push(entry);
    const found = await all(threads.validateStream(chunks(), { maxLineBytes: 10_000, log }));
    assert.deepEqual(found.map(({ line }) => line), lines.map((_, at) => at + 1));
    let offset = 0;
    for (const [at, { status, report, length, ...place }] of found.entries()) {
      assert.equal(place.offset, offset, `offset of line ${at + 1}`);
      assert.equal(length, Buffer.from(lines[at][0]).length);
      offset += length + 1;
      if (lines[at][1] !== "any") assert.equal(status, lines[at][1], `line ${at + 1}`);
      if (status === "valid" || status === "invalid") {
        assert.deepEqual(report, expected[at]);
        assert.equal(status === "valid", report.valid);
      } else assert.equal(report, undefined);
    }
    const [{ event, milliseconds, ended, ...counts }] = entries;
    assert.equal(entries.length, 1);
    assert.equal(ended, true);
    assert.equal(counts.lines, lines.length);
    assert.equal(counts.bytes, bytes.length - (lines.length - 1));
    assert.equal(counts.valid + counts.invalid + counts.blank + counts["too-long"] + counts.failed, lines.length);
  }
});

test("a path, a Readable, a ReadableStream, text and a pool of the stream's own", async () => {
  const folder = mkdtempSync(join(tmpdir(), "careconnect-"));
  const path = join(folder, "patients.ndjson");
  const text = `${oneLine}\n`.repeat(300);
  writeFileSync(path, text);
  const plain = (lines) => lines.map(({ line, offset, status, report }) => ({ line, offset, status, report }));
  const expected = plain(await all(validateStream(path, { size: 1 })));
  assert.equal(expected.length, 300);
  for (const source of [Readable.from([text]), new Response(text).body, [text], [Buffer.from(text)]]) {
    assert.deepEqual(plain(await all(threads.validateStream(source))), expected);
  }
  rmSync(folder, { recursive: true });
});

test("what is read ahead is bounded, however slowly the lines are taken", async () => {
  let given = 0;
  const source = (async function* () {
    for (; given < 20_000; given += 100) yield Buffer.from(`${oneLine}\n`.repeat(100));
  })();
  for await (const { line } of threads.validateStream(source)) {
    if (line < 1000) await new Promise(setImmediate);
    const ahead = given * oneLine.length - line * oneLine.length;
    assert.ok(ahead < 4e6, `${ahead} bytes were read ahead`);
    if (line === 3000) break;
  }
  assert.ok(given < 20_000);
});

test("lines are given as soon as they are there, while the source is still open", async () => {
  const source = new Readable({ read() {} });
  const lines = threads.validateStream(source);
  source.push(`${oneLine}\n`);
  assert.equal((await lines.next()).value.line, 1);
  source.push(`${oneLine}\n`);
  assert.equal((await lines.next()).value.line, 2);
  source.push(null);
  assert.equal((await lines.next()).done, true);
});

test("a stream can be left, aborted, and can break", async () => {
  const source = Readable.from((function* () { for (;;) yield `${oneLine}\n`; })());
  for await (const { line } of threads.validateStream(source)) if (line === 5) break;
  await new Promise(setImmediate);
  assert.ok(source.destroyed);

  const silent = new Readable({ read() {} });
  const entries = [];
  // Not AbortSignal.timeout(): its timer does not keep the process, and nothing else here does.
  const stop = new AbortController();
  setTimeout(() => stop.abort(new DOMException("too long", "TimeoutError")), 50);
  const waiting = all(threads.validateStream(silent, { signal: stop.signal, log: (entry) => entries.push(entry) }));
  await assert.rejects(waiting, { name: "TimeoutError" });
  assert.equal(entries[0].ended, false);
  assert.ok(silent.destroyed);

  const broken = (async function* () {
    yield `${oneLine}\n${oneLine}\n`;
    throw new Error("the disk is gone");
  })();
  const seen = [];
  await assert.rejects(async () => {
    for await (const { line } of threads.validateStream(broken)) seen.push(line);
  }, /the disk is gone/);
  assert.deepEqual(seen, [1, 2]);
  await assert.rejects(all(threads.validateStream(5)), /source of a stream is a path/);
  await assert.rejects(all(threads.validateStream([5])), /gives bytes/);
  await assert.rejects(all(threads.validateStream([""], { profile: "x" })), /no option 'profile'/);
  await assert.rejects(all(validateStream("/nowhere.ndjson", { size: 1 })), /ENOENT/);
});

test("a pool from which nothing is awaited does not keep the process", () => {
  const script = `import { pool } from "${new URL("../../pkg/node.js", import.meta.url)}"; const p = await pool({ size: 1 }); console.log((await p.validate("{}")).valid);`;
  const printed = execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8", timeout: 20_000 });
  assert.equal(printed, "false\n");
});

test("require() gives the same", async () => {
  const require = createRequire(import.meta.url);
  const common = require("../../pkg/index.cjs");
  const { packs } = await import("../../pkg/index.js");
  assert.deepEqual(common.packs, packs);
  const loaded = await common.load();
  assert.deepEqual(loaded.validate(oneLine), careconnect.validate(oneLine));
  const node = require("../../pkg/node.cjs");
  assert.deepEqual((await all(node.validateStream([oneLine], { size: 1 }))).length, 1);
  const other = await node.pool({ size: 1 });
  assert.equal(other.size, 1);
  other.free();
});

test("packs come by themselves, and a report depends on the resource alone", async () => {
  const url = "https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Patient-1";
  const resource = JSON.stringify({ ...example, meta: { profile: [url] } });
  const [own, all, few] = [await load(), await load({ packs: "all" }), await load({ packs: ["stu3", "careconnect"] })];
  const before = own.validate(oneLine);
  assert.deepEqual(own.validate(resource), all.validate(resource));
  assert.deepEqual(own.outcome(resource), all.outcome(resource));
  assert.equal(own.render(resource, { as: "text" }), all.render(resource, { as: "text" }));
  assert.deepEqual(own.validate(oneLine), before);
  assert.deepEqual((await threads.validate(resource)).profiles, all.validate(resource).profiles);
  assert.deepEqual(await own.check(resource), all.validate(resource));
  // A short name, and a profile that is asked for.
  for (const profile of [url, "CareConnect-GPC-Patient-1"]) {
    assert.deepEqual(own.validate(example, { profiles: [profile] }), all.validate(example, { profiles: [profile] }));
    assert.equal(own.profile(profile).url, url);
  }
  // Where a pack may not be loaded, it is named, and the verdict says that something was not checked.
  const report = few.validate({ resourceType: "Patient", meta: { profile: [url] }, active: true });
  assert.equal(report.verdict, "not-fully-checked");
  assert.match(report.reason, /^Not fully checked: the profile https:\/\/fhir\.nhs\.uk\S+CareConnect-GPC-Patient-1\. No errors in the rest/);
  assert.match(report.issues.find(({ rule }) => rule === "profile-unknown").message, /It is in the pack 'gpconnect', which is not loaded\.$/);
  assert.equal(few.profile(url), undefined);
  // A definition of one's own on a profile that is in another pack.
  const based = await load({ definitions: [{ ...patientProfile("own"), baseDefinition: url }] });
  assert.deepEqual(based.definitions[0].issues, []);
});

test("a profile that is asked for and not known is an error, with what may be meant", async () => {
  for (const profile of ["https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patiant-1", "CareConnect-Patiant-1"]) {
    const report = careconnect.validate(example, { profiles: [profile] });
    const [found] = report.issues.filter(({ rule }) => rule === "profile-asked-unknown");
    assert.equal(found?.severity, "error");
    assert.match(found.message, /CareConnect-Patient-1/);
    assert.equal(report.verdict, "invalid");
    assert.deepEqual(await threads.validate(example, { profiles: [profile] }), report);
  }
});

test("ensure() loads what a resource needs, and nothing else", async () => {
  const careconnect = await load({ packs: ["stu3", "careconnect"] });
  const own = "https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Patient-1";
  const index = readFileSync(new URL("../../pkg/dist/index.txt", import.meta.url), "utf8");
  assert.match(index, /\nhttps:\/\/fhir\.hl7\.org\.uk\/STU3\/StructureDefinition\/CareConnect-Patient-1\tp1/);
  const unknown = (report) => report.issues.concat(report.unchecked).filter((found) => JSON.stringify(found).includes(own));
  const resource = { resourceType: "Bundle", type: "collection", entry: [{ resource: { ...example, meta: { profile: [own] } } }] };
  assert.equal(await careconnect.ensure(example), careconnect);
  const more = await careconnect.ensure(resource);
  assert.notEqual(more, careconnect);
  assert.equal(await careconnect.ensure(resource), more);
  assert.equal(await more.ensure(resource), more);
  assert.ok(unknown(careconnect.validate(resource)).length > 0);
  const checks = (handle) => handle.validate(resource).profiles.some((profile) => profile.startsWith(own));
  assert.ok(checks(more) && !checks(careconnect));
  // A profile that is asked for, and an extension, count as well; what nobody publishes does not.
  assert.equal(await careconnect.ensure(example, { profiles: [own] }), more);
  assert.equal(await careconnect.ensure({ resourceType: "Basic", extension: [{ url: "https://example.org/x" }] }), careconnect);
  // It goes on when the other is freed, and a freed one is made anew.
  more.free();
  const again = await careconnect.ensure(resource);
  assert.notEqual(again, more);
  assert.ok(checks(again));
  // Definitions of one's own stay on top.
  const definition = { ...patientProfile("own"), url: own };
  const mine = await load({ packs: ["stu3", "careconnect"], definitions: [definition] });
  assert.equal(await mine.ensure(resource), mine);
});

test("a pack is read once, and the core can be given", async () => {
  const url = new URL("../../pkg/", import.meta.url);
  const script = `
    import fs from "node:fs";
    const readFile = fs.promises.readFile;
    const read = [];
    fs.promises.readFile = (name, ...rest) => (read.push(String(name).split("/").at(-1)), readFile(name, ...rest));
    (await import("node:module")).syncBuiltinESMExports();
    const { load } = await import("${url}index.js");
    const wasm = await WebAssembly.compile(fs.readFileSync(new URL("${url}dist/careconnect.wasm")));
    await Promise.all([load({ wasm }), load()]);
    await load({ packs: "all" });
    console.log(read.filter((name) => /pack$|wasm$/.test(name)).sort().join());`;
  const printed = execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  assert.equal(printed, "careconnect.pack,childhealth.pack,ers.pack,events.pack,gpconnect.pack,itk.pack,news2.pack,nrl.pack,other.pack,stu3.pack\n");
});
