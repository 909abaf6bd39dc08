/** The same as `express.d.ts`, for `require("careconnect/express")`. */
import type * as express from "./express.js" with { "resolution-mode": "import" };

export type * from "./express.js" with { "resolution-mode": "import" };
export declare const validateBody: typeof express.validateBody;
