// What a cell makes hangs on the code that carries it out. Nobody has to count that up by hand: it is what is imported.
import { createHash } from "node:crypto";

const CELL = /^kernel\/cells\/([^/]+\.ts)$/;
/** Beside imports: a genome is read by threads and WebAssembly, which are started by their names. */
const SOURCES = "kernel/sources/";

/**
 * Hashes of the sources that each file of `kernel/cells/` reaches by imports, by the name of that file. Who reaches a
 * kind of genome file reaches all of them.
 *
 * @param {import("esbuild").Metafile["inputs"]} inputs what was bundled, by its path in the project
 * @param {string[]} sources paths of all files below `kernel/sources/`
 * @param {(path: string) => Promise<Uint8Array>} read
 * @returns {Promise<Record<string, string>>}
 */
export async function codeHashes(inputs, sources, read) {
  const paths = [...new Set([...Object.keys(inputs), ...sources])];
  const contents = new Map(await Promise.all(paths.map(async (path) => [path, hashed(await read(path))])));
  return Object.fromEntries(
    paths.flatMap((cell) => {
      const [, name] = CELL.exec(cell) ?? [];
      if (name === undefined) return [];
      const reached = reachedFrom(cell, inputs);
      const isReading = [...reached].some((path) => path.startsWith(SOURCES));
      const code = new Set([...reached, ...(isReading ? sources : [])]);
      const lines = Array.from(code, (path) => `${path} ${contents.get(path)}`).toSorted();
      return [[name, hashed(lines.join("\n")).slice(0, 12)]];
    }),
  );
}

function reachedFrom(file, inputs) {
  const reached = new Set([file]);
  // A set gives what is added while it is gone through.
  for (const path of reached) {
    for (const { path: imported, external } of inputs[path]?.imports ?? [])
      if (external !== true) reached.add(imported);
  }
  return reached;
}

function hashed(content) {
  return createHash("sha256").update(content).digest("hex");
}
