import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

// The explorer's pages for `hegemon publish`: one plain script and one style with fonts inlined, since a page that is opened from a
// disk may load scripts but no modules.
export default defineConfig({
  plugins: [svelte()],
  base: "./",
  publicDir: false,
  build: {
    outDir: "../src/hegemon/pages/published",
    emptyOutDir: true,
    assetsInlineLimit: 100_000,
    cssCodeSplit: false,
    modulePreload: false,
    target: "es2022",
    rolldownOptions: {
      input: "src/site.ts",
      output: { format: "iife", entryFileNames: "site.js", assetFileNames: "site[extname]", codeSplitting: false },
    },
  },
});
