import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { packAll } from "./brotli.js";
import { documentation } from "./docs/site.js";
import { opening } from "./opening.js";

/** Packs that are loaded at once; the others are kept for use without a network when they are first used. */
const FIRST_PACKS = /^(?!.*\.pack$)|\/(stu3|careconnect)-[^/]*\.pack$/;

/** Writes the documentation, into docs/. */
const docs = {
  name: "documentation",
  apply: "build",
  generateBundle() {
    for (const [name, source] of documentation()) this.emitFile({ type: "asset", fileName: `docs/${name}`, source });
  },
};

/** Writes sw.js with the names of what it keeps. */
const serviceWorker = {
  name: "service-worker",
  generateBundle(_options, bundle) {
    // The page starts a worker of its own in place of the package's.
    // The documentation is kept for those who read it.
    const isUsed = (name) => FIRST_PACKS.test(`/${name}`) && !name.includes("/worker-thread-") && !name.startsWith("docs/");
    const names = Object.keys(bundle).filter(isUsed).sort();
    const files = ["./", "./manifest.webmanifest", "./icon.svg", ...names.filter((name) => name !== "index.html").map((name) => `./${name}`)];
    const page = bundle["index.html"];
    const version = createHash("sha256").update(JSON.stringify(files)).update(String(page?.source ?? "")).digest("hex").slice(0, 16);
    const source = readFileSync(new URL("./sw.js", import.meta.url), "utf8")
      .replace("__VERSION__", version)
      .replace("__FILES__", JSON.stringify(files));
    this.emitFile({ type: "asset", fileName: "sw.js", source });
  },
};

/** A Brotli file beside each of the plain ones. */
const brotli = {
  name: "brotli",
  apply: "build",
  closeBundle: () => packAll(fileURLToPath(new URL("./dist", import.meta.url))),
};

/** How long each pack is, which nothing says of one that is compressed on its way. */
const packs = new URL("../pkg/dist/packs/", import.meta.url);
const sizes = Object.fromEntries(readdirSync(packs).map((name) => [name.replace(/\.pack$/, ""), statSync(new URL(name, packs)).size]));

export default defineConfig({
  // Relative addresses, so that any folder of any static host will do.
  base: "./",
  define: { __PACK_SIZES__: JSON.stringify(sizes) },
  plugins: [docs, opening, serviceWorker, brotli],
  build: {
    target: "es2022",
    // Everything stays a file of its own: the Content-Security-Policy allows no data: scripts or styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  worker: { format: "es" },
  server: { fs: { allow: [".."] } },
});
