import { defineConfig } from "vite";

export default defineConfig({
  // Relative addresses, so that any folder of any static host will do.
  base: "./",
  build: {
    target: "es2022",
    // Everything stays a file of its own: the Content-Security-Policy allows no data: scripts or styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  worker: { format: "es" },
  server: { fs: { allow: [".."] } },
});
