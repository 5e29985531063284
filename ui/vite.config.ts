import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

import { editorAhead } from "./editor-ahead.ts";
import { quietListeners } from "./quiet-listeners.ts";

const config: ReturnType<typeof defineConfig> = defineConfig({
  root: import.meta.dirname,
  plugins: [react(), quietListeners, editorAhead],
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
