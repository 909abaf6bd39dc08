/** What `careconnect/express` and `careconnect/fastify` share. */

import type { Careconnect, OperationOutcome, ValidateOptions } from "./careconnect.js";
import type { Pool } from "./node.js";

/** The part of a request that options are chosen by. */
export interface RequestHead {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined };
}

export interface ValidateBodyOptions {
  /**
   * What checks: a `pool()`, so that requests do not wait for each other, or of `load()`, in the server's own thread, where
   * `timeout` has no effect. @defaultValue a `pool()` of as many threads as the machine runs at once, at most four
   */
  careconnect?: Careconnect | Pool | Promise<Careconnect | Pool>;
  /** As for `Careconnect.validate`, or a function that gives them for a request, for example profiles by path. */
  validate?: ValidateOptions | ((request: RequestHead) => ValidateOptions);
  /** Loads the packs that a resource needs first: see `Careconnect.ensure`. @defaultValue `false` */
  ensure?: boolean;
  /** The longest body that is taken, in bytes after decompression. A longer one is answered with 413. @defaultValue 10 MiB */
  maxBytes?: number;
  /**
   * How long a check may take with the time that it waits for a thread, in milliseconds. Later the answer is 503, and the
   * thread is ended and replaced. @defaultValue 30,000
   */
  timeout?: number;
  /** Is given an entry for each body. It holds counts, times and rule codes, and nothing of a resource or its URL. */
  log?: (entry: ValidateBodyLog) => void;
}

export interface ValidateBodyLog {
  event: "validate-body";
  method: string;
  /** The status that was answered; absent where the request went on. */
  status?: 400 | 413 | 415 | 422 | 500 | 503;
  /** How long the body is. */
  bytes?: number;
  /** How many issues of each severity. */
  fatal: number;
  error: number;
  warning: number;
  information: number;
  /** How many issues of each rule, by its permanent code. */
  rules: { [rule: string]: number };
  milliseconds: number;
}

/** What a request that goes on carries as `request.careconnect`. */
export interface CheckedBody {
  /** The warnings and the rest; no errors. */
  outcome: OperationOutcome;
}
