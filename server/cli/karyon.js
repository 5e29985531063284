#!/usr/bin/env node
import module from "node:module";
import { join } from "node:path";

import { built } from "../../start/built.js";
import { CACHE } from "../../start/cache.js";
import { nameSourcePlaces } from "../../start/source-places.js";

const { node } = process.versions;
const [major = 0, minor = 0] = node.split(".").map(Number);
// As `engines` of package.json has it, which npm only warns of: what builds the page runs on no other.
if (major === 20 ? minor < 19 : major === 22 ? minor < 12 : major < 23) {
  process.stderr.write(`karyon: Node ${node} is too old\n  Install Node 22.12 or newer, or 20.19.\n`);
  process.exit(1);
}
// Kept is what Node compiled, from 22 on: commands, and the server, start in a seventh less time.
module.enableCompileCache?.(join(CACHE, "compiled"));
nameSourcePlaces();
await import(await built("server/cli/main.ts"));
