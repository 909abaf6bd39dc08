// An input on which the core fails (poison.js has one) is the only one that fails, in every host.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { load } from "../../pkg/index.js";
import { pool, validateStream } from "../../pkg/node.js";

const program = fileURLToPath(new URL("./poison.js", import.meta.url));
const { version } = JSON.parse(readFileSync(new URL("../../pkg/package.json", import.meta.url)));

async function found(name) {
  const { stdout } = await promisify(execFile)(process.execPath, ["--wasm-max-mem-pages=512", program, name], { timeout: 120_000 });
  return JSON.parse(stdout);
}

const FAILED = "internal-error";

test("handles: the next call works, of every handle, with the same packs and definitions", async () => {
  assert.deepEqual(await found("handles"), {
    failed: [FAILED, FAILED, FAILED, FAILED],
    isSame: true,
    stillFails: FAILED,
    freed: "freed",
    version,
    next: true,
  });
});

test("definitions: other handles go on", async () => {
  assert.deepEqual(await found("definitions"), { failed: FAILED, next: true, again: true });
});

test("a release that is read while the core fails for somebody else is refused, and never half a release", async () => {
  assert.deepEqual(await found("release"), { failed: FAILED, next: true });
});

test("pool: of 200 calls only the four fail that did it", async () => {
  assert.deepEqual(await found("pool"), { failed: [20, 70, 120, 170].map((at) => [at, FAILED]) });
});

test("stream: of 10,000 good lines with 10 poison ones none is lost", async () => {
  assert.deepEqual(await found("stream"), { counts: { valid: 10_000, failed: 10 }, isWanted: true });
});

test("middleware: only the request fails that did it", async () => {
  const good = [201, ""];
  const failed = [500, "exception"];
  assert.deepEqual(await found("middleware"), {
    handle: [good, failed, good, failed, good],
    pool: [good, failed, good, failed, good],
  });
});

/** A resource that takes a second or more here, and how many milliseconds it takes. */
async function slow() {
  const careconnect = await load();
  const patient = { resourceType: "Patient", name: [{ family: "x", given: ["y"] }], telecom: [{ system: "phone", value: "1" }] };
  for (let count = 20_000; ; count *= 2) {
    const text = JSON.stringify({ resourceType: "Bundle", type: "collection", entry: Array(count).fill({ resource: patient }) });
    const started = performance.now();
    careconnect.validate(text);
    const took = performance.now() - started;
    if (took > 1000) {
      careconnect.free();
      return { text, took };
    }
  }
}

const good = '{"resourceType":"Basic","code":{"text":"x"}}';
const { text, took } = await slow();

test("an aborted job gives its thread back at once", async () => {
  const threads = await pool({ size: 1 });
  const stop = new AbortController();
  const job = threads.validate(text, { signal: stop.signal });
  await new Promise((resolve) => setTimeout(resolve, 50));
  const started = performance.now();
  stop.abort(new Error("typed on"));
  await assert.rejects(job, /typed on/);
  assert.equal((await threads.validate(good)).valid, true);
  assert.ok(performance.now() - started < took - 50, `it waited for ${performance.now() - started} of ${took} ms`);
  threads.free();
});

test("a line that takes too long fails alone", async () => {
  const lines = [good, good, text, good, good];
  const source = lines.map((line) => `${line}\n`);
  const answers = [];
  for await (const { status, code, reason } of validateStream(source, { size: 1, timeout: Math.round(took / 3), maxLineBytes: 1e9 })) answers.push([status, code, reason]);
  assert.deepEqual(answers.map(([status, code]) => [status, code]), [["valid", undefined], ["valid", undefined], ["failed", "timeout"], ["valid", undefined], ["valid", undefined]]);
  assert.match(answers[2][2], /no answer within \d+ ms/);
});

test("threads that are ended are replaced, and nobody else's calls fail", async () => {
  const threads = await pool({ size: 2 });
  const answers = await Promise.all(
    Array.from({ length: 40 }, async (_, at) => {
      const signal = at % 2 ? AbortSignal.timeout(at) : undefined;
      return threads.validate(at % 8 === 1 ? text : good, { signal }).then(({ valid }) => valid, ({ name }) => name);
    }),
  );
  assert.deepEqual(answers.filter((answer, at) => answer !== true && !(at % 2 && answer === "TimeoutError")), []);
  threads.free();
});
