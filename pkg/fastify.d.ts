/**
 * A plugin for Fastify (4 and 5): the same as `careconnect/express`. Register it in the scope of the routes that take
 * resources; it takes the place of that scope's parsers of bodies.
 *
 * @example
 * import { validateBody } from "careconnect/fastify";
 * app.register(async (fhir) => {
 *   fhir.register(validateBody, { maxBytes: 1_000_000 });
 *   fhir.post("/Patient", async (request) => save(JSON.parse(request.body)));
 * }, { prefix: "/fhir" });
 *
 * @module
 */

import type { FastifyPluginAsync } from "fastify";
import type { CheckedBody, ValidateBodyOptions } from "./http.js";

export type { CheckedBody, RequestHead, ValidateBodyLog, ValidateBodyOptions } from "./http.js";

/** The plugin. Where careconnect itself cannot work, the request fails with an error for Fastify's error handler. */
export declare const validateBody: FastifyPluginAsync<ValidateBodyOptions>;

declare module "fastify" {
  interface FastifyRequest {
    /** Set on a request whose body was checked, and null on others. */
    careconnect: CheckedBody | null;
  }
}
