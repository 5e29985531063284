// AssemblyScript is compiled to WebAssembly once for each change of it, in some seconds.
import { mkdir, rename, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

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

/** Whole or not at all: several processes may compile at once. */
async function assemble(entry, module) {
  const { default: asc } = await import("assemblyscript/asc");
  const unfinished = `${module}.${process.pid}`;
  await mkdir(CACHE, { recursive: true });
  const { error } = await asc.main(
    [entry, "--baseDir", ROOT, "--outFile", unfinished, ...OPTIONS.split(" ")],
    {
      stderr: process.stderr,
    },
  );
  if (error !== null) throw new Error(`${entry} does not compile`, { cause: error });
  await rename(unfinished, module);
  await forgetOld();
}
