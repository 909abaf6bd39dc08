// For programs in Node.js that check much: threads, and streams of newline-delimited JSON. node.d.ts documents it.

import { pool } from "./node/pool.js";

export { pool };

export async function* validateStream(source, options = {}) {
  const { size, packs, definitions, ...rest } = options;
  const own = await pool({ ...(size !== undefined && { size }), ...(packs && { packs }), ...(definitions && { definitions }) });
  try {
    yield* own.validateStream(source, rest);
  } finally {
    own.free();
  }
}
