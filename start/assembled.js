// AssemblyScript is compiled to WebAssembly once for each change of it, in some seconds.
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdir, rename, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";

import { CACHE, ROOT, forgetOld, newestChange } from "./cache.js";

/** Memory is shared: other threads read what lies in it. */
const OPTIONS =
  "-O3 --runtime minimal --exportStart start --enable simd --enable threads " +
  "--importMemory --sharedMemory --initialMemory 64 --maximumMemory 32768";

/**
 * Place of a module of WebAssembly, compiled from its sources as they are now.
 *
 * @param {string} entry its entry file, in a folder that has all of it but `codes.ts` above it
 * @returns {Promise<string>}
 */
export async function assembled(entry) {
  const folder = join(ROOT, dirname(entry));
  const sources = [folder, join(folder, "..", "codes.ts"), join(ROOT, "package-lock.json")];
  const times = sources.map(newestChange);
  const module = join(CACHE, `${basename(entry, ".ts")}.${Math.max(...times)}.wasm`);
  if ((await stat(module).catch(() => null)) === null) await assemble(entry, module);
  return module;
}

/** Whole or not at all: several processes and threads may compile at once. */
async function assemble(entry, module) {
  const unfinished = `${module}.${randomUUID()}`;
  await mkdir(CACHE, { recursive: true });
  const compiler = join(ROOT, "node_modules", "assemblyscript", "bin", "asc.js");
  const words = [compiler, entry, "--outFile", unfinished, ...OPTIONS.split(" ")];
  // A process of its own: the compiler takes some hundred megabytes, which this one would keep.
  await promisify(execFile)(process.execPath, words, { cwd: ROOT });
  await rename(unfinished, module);
  await forgetOld();
}
