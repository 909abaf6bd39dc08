import { defineConfig } from "vite";

export default defineConfig({
  base: "./",
  // Nothing becomes a data: address, which a Content-Security-Policy would have to allow.
  build: { assetsInlineLimit: 0, target: "es2022", modulePreload: { polyfill: false } },
  worker: { format: "es" },
});
