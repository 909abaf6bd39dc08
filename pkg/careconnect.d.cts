/** The same as `careconnect.d.ts`, for `require("careconnect")`. */
import type * as careconnect from "./careconnect.js" with { "resolution-mode": "import" };

export type * from "./careconnect.js" with { "resolution-mode": "import" };
export declare const load: typeof careconnect.load;
export declare const packs: typeof careconnect.packs;
export declare const makeRelease: typeof careconnect.makeRelease;
/** As in the module, but what is wrong with the options is said when the provider is first asked. */
export declare const terminologyServer: typeof careconnect.terminologyServer;
