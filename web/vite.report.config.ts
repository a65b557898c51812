import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

// The report's script and style, one file each with fonts inlined: hegemon.report puts them into every page it writes.
export default defineConfig({
  plugins: [svelte()],
  base: "./",
  publicDir: false,
  build: {
    outDir: "../src/hegemon/pages/built",
    emptyOutDir: true,
    assetsInlineLimit: 100_000,
    cssCodeSplit: false,
    modulePreload: false,
    target: "es2022",
    rolldownOptions: {
      input: "src/report/report.ts",
      output: { format: "iife", entryFileNames: "report.js", assetFileNames: "report[extname]" },
    },
  },
});
