import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readdirSync, statSync } from "node:fs";
import { copyFile, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import { WorkspaceError } from "#protocol/error.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** Where what is not whole yet is out of the sources' way; what is left of one that was killed goes with what is old, see start/cache.js. */
const CACHE = join(ROOT, "node_modules", ".cache", "karyon");
/** What the page and the script of exported notebooks are made of. */
const SOURCES = ["ui", "kernel/protocol", "kernel/notebook", "kernel/graph", "package-lock.json"];

/** Something that is built from the sources of the page. */
interface Built {
  readonly config: string;
  readonly directory: string;
  /** The file that is there when it is built. */
  readonly file: string;
  readonly words: string;
}

const PAGE: Built = {
  config: "vite.config.ts",
  directory: join(ROOT, "ui", "dist"),
  file: "index.html",
  words: "the page",
};
const RUNTIME: Built = {
  config: "vite.export.config.ts",
  directory: join(ROOT, "ui", "dist-export"),
  file: "runtime.js",
  words: "the script of exported notebooks",
};

/** Where the script of exported notebooks is, once it is built. */
export const RUNTIME_SCRIPT: string = join(RUNTIME.directory, RUNTIME.file);

export interface Page {
  readonly directory: string;
  close(): void;
}

interface BuildOptions {
  readonly dev: boolean;
  readonly notice: (text: string) => void;
}

/** The built page: built now when it is not there or older than its sources; with `dev`, again at each change. */
export async function buildPage({ dev, notice }: BuildOptions): Promise<Page> {
  const { directory } = PAGE;
  if (dev) {
    notice(`building ${PAGE.words} …`);
    const child = startBuild(PAGE, ["--watch"]);
    return { directory, close: () => void child.kill() };
  }
  await build(PAGE, notice);
  return { directory, close() {} };
}

/** Paths of the script and the style of exported notebooks, built now when they are not there or too old. */
export async function buildRuntime(
  notice: (text: string) => void,
): Promise<{ readonly script: string; readonly style: string }> {
  await build(RUNTIME, notice);
  return { script: RUNTIME_SCRIPT, style: join(RUNTIME.directory, "runtime.css") };
}

/**
 * Several servers may build at once, and one of them serves already what another puts there: files are put beside
 * those of before, the one that names them last, and what nothing names any more goes after it.
 */
async function build(what: Built, notice: (text: string) => void): Promise<void> {
  if (await isBuilt(what)) return;
  notice(`building ${what.words} …`);
  // A new folder changes the one above it, which is of the sources: both are there before anything is built.
  for (const { directory } of [PAGE, RUNTIME]) await mkdir(directory, { recursive: true });
  const unfinished = join(CACHE, `${basename(what.directory)}.${randomUUID()}`);
  try {
    const [code] = (await once(startBuild(what, ["--outDir", unfinished]), "exit")) as [number | null];
    if (code !== 0) {
      throw new WorkspaceError({
        code: "internal",
        message: `${what.words} could not be built (exit code ${code ?? "none"})`,
        hint: "Run npm ci again: a package may be missing.",
      });
    }
    // Whoever was first has built the same.
    if (!(await isBuilt(what))) await replace(what, unfinished);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

async function replace({ directory, file }: Built, finished: string): Promise<void> {
  const entries = await readdir(finished, { recursive: true, withFileTypes: true });
  const named = new Set(entries.map((entry) => relative(finished, join(entry.parentPath, entry.name))));
  // Not `cp`, which fails over a folder that another makes meanwhile.
  for (const entry of entries) {
    const folder = join(directory, relative(finished, entry.parentPath));
    await mkdir(folder, { recursive: true });
    const isFirst = entry.parentPath === finished && entry.name === file;
    if (entry.isFile() && !isFirst)
      await copyFile(join(entry.parentPath, entry.name), join(folder, entry.name));
  }
  await rename(join(finished, file), join(directory, file));
  for (const name of await readdir(directory, { recursive: true })) {
    if (!named.has(name)) await rm(join(directory, name), { recursive: true, force: true });
  }
}

async function isBuilt({ directory, file }: Built): Promise<boolean> {
  const built = await stat(join(directory, file)).catch(() => null);
  return (
    built !== null && built.mtimeMs >= Math.max(...SOURCES.map((source) => newestChange(join(ROOT, source))))
  );
}

/** In a process of its own: a bundler takes a gigabyte, and the server is to stay small. */
function startBuild({ config }: Built, options: readonly string[]): ChildProcess {
  const vite = join(dirname(createRequire(import.meta.url).resolve("vite/package.json")), "bin", "vite.js");
  const words = ["build", "--config", join(ROOT, "ui", config), "--logLevel", "warn"];
  return spawn(process.execPath, [vite, ...words, ...options], {
    // What it says is for whoever started the server; standard output is the address alone.
    stdio: ["ignore", process.stderr, process.stderr],
    // Whatever this process was started in: a bundle for developing is another program.
    env: { ...process.env, NODE_ENV: "production" },
  });
}

/** Time of the last change at or below a path, in milliseconds since 1970; 0 when it is not there. */
function newestChange(path: string): number {
  if (path === PAGE.directory || path === RUNTIME.directory) return 0;
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(found.mtimeMs, ...readdirSync(path).map((name) => newestChange(join(path, name))));
}
