// For programs in Node.js that check much: threads, and streams of newline-delimited JSON. node.d.ts documents it.

import { namedOptions } from "./given.js";
import { pool } from "./node/pool.js";

export { pool };

export async function* validateStream(source, options) {
  const { size, packs, definitions, ...rest } = namedOptions(options) ?? {};
  const own = await pool({ size, packs, definitions });
  try {
    yield* own.validateStream(source, rest);
  } finally {
    own.free();
  }
}
