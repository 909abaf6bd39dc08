// Brotli files beside the plain ones, for hosts that send them: what was packed once is kept in node_modules by its content.

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

const KINDS = /\.(html|js|css|svg|json|txt|wasm|pack|webmanifest)$/;

/** What is shorter fits into a packet or two as it is. */
const LEAST = 1_000;

const kept = fileURLToPath(new URL("./node_modules/.cache/brotli/", import.meta.url));

function packed(bytes) {
  const name = join(kept, createHash("sha256").update(bytes).digest("hex"));
  try {
    return readFileSync(name);
  } catch {
    const made = brotliCompressSync(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    });
    mkdirSync(kept, { recursive: true });
    writeFileSync(name, made);
    return made;
  }
}

/** Packs every file of a folder that gains by it. */
export function packAll(folder) {
  for (const name of readdirSync(folder, { recursive: true })) {
    const path = join(folder, name);
    if (!KINDS.test(name) || !statSync(path).isFile()) continue;
    const bytes = readFileSync(path);
    if (bytes.length < LEAST) continue;
    const made = packed(bytes);
    if (made.length < bytes.length) writeFileSync(`${path}.br`, made);
  }
}
