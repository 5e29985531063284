// What a kernel process starts with, see main.ts.
import { Worker } from "node:worker_threads";

import { built } from "../start/built.js";
import { nameSourcePlaces } from "../start/source-places.js";

// A script or an engine's call may keep this thread busy for ever, which then hears of nothing.
new Worker(new URL("watchdog.js", import.meta.url), {
  workerData: process.ppid,
  resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1, codeRangeSizeMb: 1 },
}).unref();
nameSourcePlaces();
await import(await built("kernel/main.ts"));
