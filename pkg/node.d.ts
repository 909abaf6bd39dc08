/**
 * For programs in Node.js that check much: threads that share one compiled core and one copy of the packs, and streams of
 * newline-delimited JSON, as FHIR's Bulk Data has it.
 *
 * @example
 * import { createReadStream } from "node:fs";
 * import { validateStream } from "careconnect/node";
 * for await (const { line, status, report } of validateStream(createReadStream("Patient.ndjson"))) {
 *   if (status !== "valid") console.log(line, status, report?.issues.length);
 * }
 *
 * @module
 */

import type { Address, LoadOptions, Report, Signal, ValidateOptions } from "./careconnect.js";
import type { CareconnectThreads } from "./threads.js";

export type { CallOptions } from "./threads.js";

export interface PoolOptions extends LoadOptions {
  /** How many threads. @defaultValue as many as the machine runs at once (`os.availableParallelism()`) */
  size?: number;
}

/** Starts threads, and resolves when all have loaded. */
export function pool(options?: PoolOptions): Promise<Pool>;

/**
 * As `Careconnect`, in threads: as many calls run at once as there are threads. A thread that fails is replaced. A pool from
 * which nothing is awaited does not keep the process running.
 */
export interface Pool extends CareconnectThreads<Pool> {
  /** How many threads there are. */
  readonly size: number;
  /** Checks each line of a stream. See {@link validateStream}. */
  validateStream(source: StreamSource, options?: StreamOptions): AsyncGenerator<StreamLine, void, undefined>;
}

/** A path, a `file:` URL, or bytes as they come: a `Readable`, a `ReadableStream`, any iterable of bytes or text. */
export type StreamSource =
  | string
  | Address
  | AsyncIterable<Uint8Array | string>
  | Iterable<Uint8Array | string>;

export interface StreamOptions extends ValidateOptions {
  /** The longest line that is checked, in bytes. What a longer one holds is not kept. @defaultValue 16 MiB */
  maxLineBytes?: number;
  /**
   * How long a line may take, in milliseconds. One that takes longer has failed; its thread is ended and replaced, and every
   * other line is checked. @defaultValue 60,000
   */
  timeout?: number;
  /** Ends the stream: the loop over it throws the signal's reason. */
  signal?: Signal;
  /** Is given one entry when the stream has ended, however it did. It holds counts and times, and nothing of a resource. */
  log?: (entry: StreamLog) => void;
}

export interface StreamLog {
  event: "validate-stream";
  /** Whether the source was read to its end; if not, it failed, was aborted, or the loop was left. */
  ended: boolean;
  /** How many lines were given, and how many of each status: their sum is `lines`. */
  lines: number;
  valid: number;
  invalid: number;
  blank: number;
  "too-long": number;
  failed: number;
  /** The bytes of these lines, line ends not counted. */
  bytes: number;
  milliseconds: number;
}

/** A line of the source and what became of it. Every line gives one, in order. */
export interface StreamLine {
  /** The number of the line, from 1. */
  line: number;
  /** Where it starts in the source, in bytes from 0. */
  offset: number;
  /** How long it is in bytes, without its line feed. */
  length: number;
  /**
   * - `valid`, `invalid`: it was checked. What is no JSON at all is invalid, and its report says so.
   * - `blank`: there is nothing but white space, which newline-delimited JSON allows.
   * - `too-long`: it has more than `maxLineBytes`, and was not checked: neither valid nor invalid.
   * - `failed`: careconnect itself failed on it; `reason` says how. Neither valid nor invalid.
   */
  status: "valid" | "invalid" | "blank" | "too-long" | "failed";
  /** The report of a line that was checked. Places in it are places in the line. It is read when it is first asked for. */
  readonly report: Report | undefined;
  /** Why it failed. */
  reason?: string;
  /** The same as a code: `internal-error` or `timeout`. See `CareconnectError`. */
  code?: string;
}

/**
 * Checks each line of newline-delimited JSON, with a pool of its own that ends with the stream. What is read ahead, and so
 * the memory, is bounded however long the source is and however slowly the lines are taken.
 *
 * @throws Error if an option is wrong, and what the source throws once all lines before have been given.
 */
export function validateStream(
  source: StreamSource,
  options?: PoolOptions & StreamOptions,
): AsyncGenerator<StreamLine, void, undefined>;
