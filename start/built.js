// Node 20 cannot run TypeScript, and to load some thousand files one by one, ours and those of packages, takes longer
// than most commands: the programs are bundled instead, once for each change of their sources, in about a second.
import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

import { CACHE, ROOT, forgetOld, newestChange } from "./cache.js";
import { codeHashes } from "./code-hashes.js";

/** What the programs are made of. */
const FOLDERS = ["kernel", "server", "start"];
const PACKAGES = join(ROOT, "package-lock.json");
const PROGRAMS = ["server/cli/main.ts", "kernel/main.ts", "kernel/sources/vcf/record-worker.ts"];
/** Packages that stay where they are: native ones, those that look for files of their own, and what is rarely needed. */
const EXTERNAL = [
  "@duckdb/node-bindings",
  "@photostructure/sqlite",
  "esbuild",
  "nodejs-polars",
  "playwright-core",
  "ts-blank-space",
  "vite",
];
/** Stands in this file for the hashes of the code, which are known when it is bundled. */
const CODE = "hashes of the code";
const TELLS_CODE = "kernel/protocol/build.ts";
/** What CommonJS packages ask Node for, from where they are bundled to. */
const REQUIRE = `import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);`;

/**
 * Address of a program, built from its sources as they are now.
 *
 * @param {string} program one of {@link PROGRAMS}, which share what they load, or another, which is built by itself
 * @returns {Promise<string>}
 */
export async function built(program) {
  const isOurs = PROGRAMS.includes(program);
  const folders = isOurs ? FOLDERS : [...FOLDERS, dirname(program)];
  const times = [PACKAGES, ...folders.map((folder) => join(ROOT, folder))].map(newestChange);
  const bundle = join(CACHE, `${Math.max(...times)}${isOurs ? "" : `.${basename(program, ".ts")}`}`);
  if ((await stat(bundle).catch(() => null)) === null) await build(isOurs ? PROGRAMS : [program], bundle);
  return pathToFileURL(join(bundle, program.replace(/\.ts$/, ".js"))).href;
}

/** Whole or not at all: several processes may build at once. */
async function build(programs, bundle) {
  const { build: bundleWith } = await import("esbuild");
  const unfinished = `${bundle}.${process.pid}`;
  await mkdir(CACHE, { recursive: true });
  const { metafile } = await bundleWith({
    absWorkingDir: ROOT,
    entryPoints: programs,
    outbase: ROOT,
    outdir: unfinished,
    bundle: true,
    // What a command does not need it does not load.
    splitting: true,
    external: EXTERNAL,
    define: { KARYON_BUILD: JSON.stringify(await hashOfSources()), KARYON_CODE: JSON.stringify(CODE) },
    mainFields: ["module", "main"],
    banner: { js: REQUIRE },
    // Not the names: they stand in what is said of a defect.
    minifySyntax: true,
    minifyWhitespace: true,
    // Node prints the line where a program stopped.
    lineLimit: 200,
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: "linked",
    sourcesContent: false,
    metafile: true,
    logLevel: "error",
    plugins: [{ name: "places", setup: keepPlaces }],
  });
  await tellCode(metafile);
  // Whoever was first has built the same.
  await rename(unfinished, bundle).catch(() => rm(unfinished, { recursive: true, force: true }));
  await forgetOld();
}

/** A file of ours says where it lies by the address of its source, wherever it is bundled to. */
function keepPlaces(building) {
  building.onLoad({ filter: /\.ts$/ }, async ({ path }) => ({
    loader: "ts",
    contents: (await readFile(path, "utf8")).replaceAll(
      "import.meta.url",
      JSON.stringify(pathToFileURL(path).href),
    ),
  }));
}

/** Writes the hashes of the code into what was bundled. */
async function tellCode({ inputs, outputs }) {
  const sources = (await filesBelow("kernel/sources")).map((name) => `kernel/sources/${name}`);
  const code = await codeHashes(inputs, sources, (path) => readFile(join(ROOT, path)));
  for (const [path, { inputs: bundled }] of Object.entries(outputs)) {
    if (bundled[TELLS_CODE] === undefined) continue;
    const file = join(ROOT, path);
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replace(JSON.stringify(CODE), JSON.stringify(JSON.stringify(code))));
  }
}

async function hashOfSources() {
  const hash = createHash("sha256");
  hash.update(await readFile(PACKAGES));
  for (const folder of FOLDERS) {
    for (const name of await filesBelow(folder))
      hash.update(JSON.stringify([folder, name, await readFile(join(ROOT, folder, name), "utf8")]));
  }
  return hash.digest("hex");
}

/** Names of the files below a folder of the project, in their order. A link that leads nowhere is none. */
async function filesBelow(folder) {
  const names = await readdir(join(ROOT, folder), { recursive: true });
  return names
    .filter((name) => statSync(join(ROOT, folder, name), { throwIfNoEntry: false })?.isFile())
    .toSorted();
}
