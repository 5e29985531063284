// What a kernel process starts with, see main.ts.
import module from "node:module";
import { join } from "node:path";
import { Worker } from "node:worker_threads";

import { built } from "../start/built.js";
import { CACHE } from "../start/cache.js";
import { nameSourcePlaces } from "../start/source-places.js";

// A script or an engine's call may keep this thread busy for ever, which then hears of nothing.
new Worker(new URL("watchdog.js", import.meta.url), {
  workerData: process.ppid,
  resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1, codeRangeSizeMb: 1 },
}).unref();
nameSourcePlaces();
module.enableCompileCache?.(join(CACHE, "compiled"));
await import(await built("kernel/main.ts"));
// At its end Node would do so by itself: a kernel is killed.
module.flushCompileCache?.();
