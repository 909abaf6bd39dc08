/** The same as `fastify.d.ts`, for `require("careconnect/fastify")`. */
import type * as fastify from "./fastify.js" with { "resolution-mode": "import" };

export type * from "./fastify.js" with { "resolution-mode": "import" };
export declare const validateBody: typeof fastify.validateBody;
