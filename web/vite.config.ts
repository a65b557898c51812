import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

// Fixed names and no inlined assets: the same sources give the same files, and the page's CSP allows nothing inline.
export default defineConfig({
  plugins: [svelte()],
  base: "./",
  server: { proxy: { "/api": { target: "http://127.0.0.1:8765", ws: true } } },
  build: {
    outDir: "../src/hegemon/server/static",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    target: "es2022",
    rolldownOptions: {
      output: {
        entryFileNames: "app.js",
        chunkFileNames: "pages/[name].js",
        assetFileNames: ({ names }) => (names[0]?.endsWith(".woff2") ? "fonts/[name][extname]" : "app[extname]"),
      },
    },
  },
});
