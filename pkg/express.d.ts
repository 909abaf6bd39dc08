/**
 * Middleware for Express (4 and 5), and for whatever calls `(request, response, next)`.
 *
 * It reads every body that comes, whatever the method, and checks it. A resource without errors goes on: `request.body` is
 * its text as it came, and `request.careconnect.outcome` its warnings. Otherwise the answer is an OperationOutcome, in JSON
 * or XML as Accept or `_format` asks, with the status that FHIR says: 400 for what cannot be read, 422 for a resource that
 * breaks rules, 413 for one that is too long, 415 for what is no FHIR; and 503 for what was not checked in time, 500 where
 * careconnect itself failed. Two bodies go on unread, since they are no resources: the form of a search (`_search`), and a
 * PATCH in JSON Patch or XML Patch. Put it before other parsers of bodies: what they make of a
 * body is checked as it is then, without its exact decimals and places.
 *
 * @example
 * import { validateBody } from "careconnect/express";
 * import { pool } from "careconnect/node";
 * app.use("/fhir", validateBody({ careconnect: pool() }));
 * app.post("/fhir/Patient", (request, response) => save(JSON.parse(request.body)));
 *
 * @module
 */

import type { CheckedBody, RequestHead, ValidateBodyOptions } from "./http.js";

export type { CheckedBody, RequestHead, ValidateBodyLog, ValidateBodyOptions } from "./http.js";

/** The part of Node's `ServerResponse` that is used. */
export interface Answer {
  writeHead(status: number, headers: Record<string, string | number>): { end(text: string): unknown };
}

/**
 * The middleware. Where careconnect itself cannot work (packs that cannot be read, wrong options), `next(error)` is called.
 *
 * @throws Error if an option is wrong.
 */
export function validateBody(
  options?: ValidateBodyOptions,
): (request: RequestHead, response: Answer, next: (error?: unknown) => void) => void;

declare global {
  namespace Express {
    interface Request {
      /** Set by `careconnect/express` on a request whose body was checked. */
      careconnect?: CheckedBody;
    }
  }
}
