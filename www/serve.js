// Serves the built playground on this computer alone: `node www/serve.js [PORT]`. Any static host does the same.

import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { argv } from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".wasm": "application/wasm",
};

/** Starts serving www/dist. A port of 0 is any free one; a busy one is replaced by a free one. */
export function serve(port = 0, root = fileURLToPath(new URL("./dist", import.meta.url))) {
  const server = createServer(async (request, response) => {
    try {
      const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
      const file = normalize(join(root, path.endsWith("/") ? `${path}index.html` : path));
      const found = file.startsWith(root + sep) && (await stat(file));
      if (!found || !found.isFile()) throw new Error("not a file");
      const type = TYPES[extname(file)] ?? "application/octet-stream";
      // What is sent packed is unpacked by the browser.
      const isAsked = /\bbr\b/.test(request.headers["accept-encoding"] ?? "");
      const packed = isAsked && (await stat(`${file}.br`).catch(() => undefined));
      // The name of what is in assets/ changes with its content.
      const isFixed = file.startsWith(join(root, "assets") + sep);
      response.writeHead(200, {
        "content-type": type,
        "content-length": (packed || found).size,
        ...(packed && { "content-encoding": "br" }),
        vary: "accept-encoding",
        "cache-control": isFixed ? "public, max-age=31536000, immutable" : "no-cache",
        "x-content-type-options": "nosniff",
      });
      createReadStream(packed ? `${file}.br` : file).on("error", () => response.destroy()).pipe(response);
    } catch {
      response.writeHead(404, { "content-type": "text/plain" }).end("Not found\n");
    }
  });
  return new Promise((resolve, reject) => {
    server.once("error", (error) => {
      if (error.code !== "EADDRINUSE" || port === 0) return reject(error);
      server.listen(0, "127.0.0.1");
    });
    server.once("listening", () => resolve({ server, address: `http://127.0.0.1:${server.address().port}/` }));
    server.listen(port, "127.0.0.1");
  });
}

if (argv[1] && import.meta.url === pathToFileURL(argv[1]).href) {
  const { address } = await serve(Number(argv[2] ?? 8080));
  console.log(address);
}
