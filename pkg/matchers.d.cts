/** The same as `matchers.d.ts`, for `require("careconnect/matchers")`. */
import type * as matching from "./matchers.js" with { "resolution-mode": "import" };

export type * from "./matchers.js" with { "resolution-mode": "import" };
export declare const matchers: typeof matching.matchers;
export declare const assertions: typeof matching.assertions;
