import { fileURLToPath } from "node:url";

import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

import { editorAhead } from "./editor-ahead.ts";
import { quietListeners } from "./quiet-listeners.ts";

/**
 * monaco-vim names two files of the editor as they were called before 0.56, and for browsers a build of its own with a
 * part of the editor in it.
 */
const VIM = [
  { find: /^monaco-editor\/esm\/vs\//, replacement: "monaco-editor/" },
  { find: /^monaco-vim$/, replacement: fileURLToPath(import.meta.resolve("monaco-vim")) },
];

const config: ReturnType<typeof defineConfig> = defineConfig({
  root: import.meta.dirname,
  plugins: [react(), quietListeners, editorAhead],
  resolve: { alias: VIM },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2022",
    // The policy of the page lets nothing in from a data: address, fonts least of all.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The editor and the plots are loaded when they are needed, from this computer.
    chunkSizeWarningLimit: 8000,
  },
});

export default config;
