// Newline-delimited JSON, line by line, by the threads of a pool: in constant memory, and with every line accounted for.

import { createReadStream } from "node:fs";
import { refused } from "../errors.js";
import { bytesOf, namedOptions, optionsOf } from "../given.js";

/** How many bytes a thread is given at once: enough that the messages cost little. */
const BATCH = 256 * 1024;

/** How many batches there may be for each thread, being worked on or waiting to be. */
const AHEAD = 2;

const NEWLINE = 10;

/** A line and what became of it. The report is read from its JSON text when it is first asked for. */
class Line {
  #text;
  #report;

  constructor(place, status, text) {
    this.line = place.line;
    this.offset = place.offset;
    this.length = place.length;
    this.status = status;
    this.#text = text;
  }

  get report() {
    if (this.#text !== undefined) {
      this.#report = JSON.parse(this.#text);
      this.#text = undefined;
    }
    return this.#report;
  }
}

/** As `validateStream` in node.d.ts. */
export async function* streamLines(jobs, size, source, options) {
  const { maxLineBytes = 16 * 1024 * 1024, timeout = 60_000, signal, log, ...others } = namedOptions(options) ?? {};
  if (!Number.isInteger(maxLineBytes) || maxLineBytes < 1) {
    throw refused("The option 'maxLineBytes' is a whole number of bytes, at least 1.");
  }
  if (!Number.isInteger(timeout) || timeout < 1 || timeout > 0x7fffffff) {
    throw refused("The option 'timeout' is a whole number of milliseconds, at least 1.");
  }
  const rest = optionsOf(others);
  const limits = { signal, timeout };
  // A mistake in the options is said once and at once, and not of every line.
  await jobs.run({ method: "validate", values: ["{}", rest] });
  const started = performance.now();
  const counts = { lines: 0, bytes: 0, valid: 0, invalid: 0, blank: 0, "too-long": 0, failed: 0 };
  const waiting = [];
  const opened = open(source);
  const batches = split(opened, maxLineBytes, () => waiting.length < size);
  const read = () => batches.next().then(({ done, value }) => ({ done, batch: value }), (failure) => ({ done: true, failure }));
  // What ends the wait that is under way. Racing against one Promise for the whole stream would keep every wait's outcome.
  let abort;
  const onAbort = () => abort?.(signal.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  let ended = false;
  let failure;
  try {
    signal?.throwIfAborted();
    let reading = read();
    while (reading || waiting.length > 0) {
      // What is first in line goes out as soon as it is there; more is taken only while there is room for it.
      const next = waiting.length < size * AHEAD ? reading : undefined;
      const event = await new Promise((resolve, reject) => {
        abort = reject;
        waiting[0]?.then((lines) => resolve({ lines }), reject);
        next?.then(resolve);
      });
      abort = undefined;
      signal?.throwIfAborted();
      if (event.lines) {
        waiting.shift();
        for (const line of event.lines) {
          counts.lines += 1;
          counts.bytes += line.length;
          counts[line.status] += 1;
          yield line;
        }
      } else {
        failure = event.failure;
        reading = event.done ? undefined : read();
        if (event.batch) waiting.push(check(jobs, event.batch, rest, limits));
        // It is awaited in its turn; until then a failure is nobody's.
        waiting.at(-1)?.catch(() => {});
      }
    }
    // A source that breaks says so when all that came before has been given.
    if (failure) throw failure;
    ended = true;
  } finally {
    signal?.removeEventListener("abort", onAbort);
    // Left early: the source is closed, whatever it still had. A read that is under way is not waited for.
    if (!ended) {
      opened.destroy?.();
      batches.return().catch(() => {});
    }
    log?.({ event: "validate-stream", ended, ...counts, milliseconds: Math.round(performance.now() - started) });
  }
}

/** The lines of a batch with what became of each. */
async function check(jobs, batch, options, limits) {
  const results = await checkLines(jobs, batch, options, limits);
  let next = 0;
  return batch.places.map((place) => {
    if (place.status) return new Line(place, place.status);
    const result = results[next++];
    if (typeof result !== "string") return Object.assign(new Line(place, "failed"), { reason: result.failed, code: result.code });
    return new Line(place, result.startsWith('{"valid":true') ? "valid" : "invalid", result);
  });
}

/**
 * What a thread says of each line. Where a thread is lost, or has not answered in time, each of its lines is tried once more
 * on its own: the one that did it fails, and no other.
 */
async function checkLines(jobs, { bytes, ends }, options, limits) {
  if (ends.length === 0) return [];
  try {
    return await jobs.run({ method: "lines", values: [{ bytes, ends, options }] }, limits);
  } catch (error) {
    if (jobs.ended || limits.signal?.aborted) throw error;
    if (ends.length === 1) return [{ failed: error.message, code: error.code ?? "internal-error" }];
    const alone = ends.map((to, at) => {
      const line = bytes.slice(ends[at - 1] ?? 0, to);
      return checkLines(jobs, { bytes: line, ends: [line.length] }, options, limits);
    });
    return (await Promise.all(alone)).flat();
  }
}

function open(source) {
  if (typeof source === "string" || source instanceof URL) return createReadStream(source, { highWaterMark: BATCH });
  if (source?.[Symbol.asyncIterator] || source?.[Symbol.iterator]) return source;
  throw refused("The source of a stream is a path, a file URL, a Readable, a ReadableStream or an iterable of bytes.");
}

/**
 * The source in batches of whole lines: the bytes of those to be checked, where each ends in them, and the place of every
 * line. A batch is complete when it is large enough, or when threads have nothing to do and there is no more at hand.
 */
async function* split(source, maxLineBytes, hungry) {
  let batch = emptyBatch();
  /** The part of the line that has been read; nothing of one that is too long. */
  let parts = [];
  let length = 0;
  let line = 1;
  let offset = 0;
  const endLine = (newline) => {
    const place = { line, offset, length };
    if (length > maxLineBytes) place.status = "too-long";
    else if (parts.every(isBlank)) place.status = "blank";
    else {
      batch.parts.push(...parts);
      batch.ends.push((batch.size += length));
    }
    batch.places.push(place);
    line += 1;
    offset += length + newline;
    length = 0;
    parts = [];
  };
  for await (const chunk of source) {
    const bytes = toBytes(chunk);
    for (let from = 0; from < bytes.length; ) {
      const at = bytes.indexOf(NEWLINE, from);
      const to = at < 0 ? bytes.length : at;
      length += to - from;
      if (length > maxLineBytes) parts = [];
      else if (to > from) parts.push(bytes.subarray(from, to));
      if (at < 0) break;
      endLine(1);
      from = at + 1;
      // Blank and over-long lines have no bytes here, but their places are kept too.
      if (batch.size >= BATCH || batch.places.length >= BATCH / 64) {
        yield complete(batch);
        batch = emptyBatch();
      }
    }
    if (batch.places.length > 0 && hungry()) {
      yield complete(batch);
      batch = emptyBatch();
    }
  }
  if (length > 0) endLine(0);
  if (batch.places.length > 0) yield complete(batch);
}

const emptyBatch = () => ({ parts: [], ends: [], size: 0, places: [] });

function complete({ parts, ends, size, places }) {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return { bytes, ends, places };
}

function toBytes(chunk) {
  if (typeof chunk === "string") return Buffer.from(chunk);
  const bytes = bytesOf("part of the stream", chunk);
  if (bytes) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  throw refused("The source of a stream gives bytes (Uint8Array) or text, and nothing else.");
}

/** Whether there is nothing but white space: space, tab, carriage return. */
function isBlank(bytes) {
  return bytes.every((byte) => byte === 32 || byte === 9 || byte === 13);
}
