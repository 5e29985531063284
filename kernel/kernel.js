// What a kernel process starts with, see main.ts.
import { built } from "../start/built.js";

process.setSourceMapsEnabled(true);
await import(await built("kernel/main.ts"));
