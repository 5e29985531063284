import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { build } from "esbuild";
import type { Metafile } from "esbuild";
import { afterEach, beforeEach, expect, test } from "vitest";

const PROJECT = {
  "kernel/cells/index.ts": `import "./table.ts"; import "./genome.ts"; import "./text.ts";`,
  "kernel/cells/table.ts": `import { rows } from "../rows.ts"; console.log(rows);`,
  "kernel/cells/genome.ts": `import { rows } from "../rows.ts"; import("../sources/vcf/read.ts"); console.log(rows);`,
  "kernel/cells/text.ts": `console.log("text");`,
  "kernel/rows.ts": `export const rows = 1;`,
  "kernel/sources/vcf/read.ts": `new Worker("thread.ts");`,
  "kernel/sources/vcf/thread.ts": `console.log("thread");`,
};
const CELLS = ["genome.ts", "table.ts", "text.ts"];

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "karyon-code-"));
  for (const [path, text] of Object.entries(PROJECT)) await write(path, text);
});

afterEach(() => rm(folder, { recursive: true }));

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}

async function hashes(): Promise<Readonly<Record<string, string>>> {
  const place = new URL("../../start/code-hashes.js", import.meta.url).href;
  const { codeHashes } = (await import(place)) as {
    codeHashes: (
      inputs: Metafile["inputs"],
      sources: readonly string[],
      read: (path: string) => Promise<Uint8Array>,
    ) => Promise<Record<string, string>>;
  };
  const { metafile } = await build({
    absWorkingDir: folder,
    entryPoints: ["kernel/cells/index.ts"],
    bundle: true,
    write: false,
    metafile: true,
    outdir: "out",
    format: "esm",
  });
  const sources = Object.keys(PROJECT).filter((path) => path.startsWith("kernel/sources/"));
  return codeHashes(metafile.inputs, sources, (path) => readFile(join(folder, path)));
}

test("without a change they stay", async () => {
  expect(await hashes()).toEqual(await hashes());
});

test.each([
  ["kernel/cells/text.ts", ["text.ts"]],
  ["kernel/rows.ts", ["genome.ts", "table.ts"]],
  ["kernel/sources/vcf/read.ts", ["genome.ts"]],
  ["kernel/sources/vcf/thread.ts", ["genome.ts"]],
] as const)("a change of %s is one of the cells that are carried out by it", async (path, changed) => {
  const before = await hashes();
  await write(path, `${PROJECT[path]} console.log("changed");`);
  const after = await hashes();
  expect(CELLS.filter((name) => before[name] !== after[name])).toEqual(changed);
});
