// Outside data for tests: the folder `shared` beside the repository or a folder above it, where there is one.

import { existsSync } from "node:fs";

/** The URL of a folder of outside data, with a slash at its end, or `undefined` where it is not on this machine. */
export function shared(path) {
  let folder = new URL("../../../", import.meta.url);
  for (;;) {
    const found = new URL(`shared/${path}/`, folder);
    if (existsSync(found)) return found;
    const above = new URL("../", folder);
    if (above.href === folder.href) return undefined;
    folder = above;
  }
}
