import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

import { quietListeners } from "./quiet-listeners.ts";

/** The script and the style of exported notebooks: one file each, for a document that can load nothing. */
const config: ReturnType<typeof defineConfig> = defineConfig({
  root: import.meta.dirname,
  plugins: [react(), quietListeners],
  resolve: {
    alias: [
      { find: /^.*\/strip-types\.ts$/, replacement: `${import.meta.dirname}/export/stripped-types.ts` },
    ],
  },
  define: { "process.env.NODE_ENV": '"production"' },
  build: {
    outDir: "dist-export",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 8000,
    cssCodeSplit: false,
    lib: {
      entry: "export/main.tsx",
      formats: ["iife"],
      name: "karyon",
      fileName: () => "runtime.js",
      cssFileName: "runtime",
    },
  },
});

export default config;
