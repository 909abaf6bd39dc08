/** The same as `node.d.ts`, for `require("careconnect/node")`. */
import type * as node from "./node.js" with { "resolution-mode": "import" };

export type * from "./node.js" with { "resolution-mode": "import" };
export declare const pool: typeof node.pool;
export declare const validateStream: typeof node.validateStream;
