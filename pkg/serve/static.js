// The playground's files, where the service is asked to have them.

import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";

const TYPES = new Map([
  [".html", "text/html; charset=utf-8"],
  [".js", "text/javascript; charset=utf-8"],
  [".css", "text/css; charset=utf-8"],
  [".svg", "image/svg+xml"],
  [".png", "image/png"],
  [".json", "application/json"],
  [".webmanifest", "application/manifest+json"],
  [".wasm", "application/wasm"],
]);

/** The file of a folder that an address's path names, with its type; undefined where there is none. */
export async function fileOf(folder, path) {
  let name;
  try {
    name = decodeURIComponent(path);
  } catch {
    return undefined;
  }
  const file = normalize(join(folder, name.endsWith("/") ? `${name}index.html` : name));
  if (name.includes("\0") || !file.startsWith(folder + sep)) return undefined;
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) return undefined;
  return { type: TYPES.get(extname(file)) ?? "application/octet-stream", size: found.size, open: () => createReadStream(file) };
}
