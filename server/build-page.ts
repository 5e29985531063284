import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdir, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { WorkspaceError } from "#protocol/error.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const BUILT = join(ROOT, "ui", "dist");
/** What the page is made of. */
const SOURCES = ["ui", "kernel/protocol", "kernel/notebook", "kernel/graph", "package-lock.json"];

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
  const built = await stat(join(BUILT, "index.html")).catch(() => null);
  const newest = Math.max(...(await Promise.all(SOURCES.map((source) => newestChange(join(ROOT, source))))));
  if (!dev && built !== null && built.mtimeMs >= newest) return { directory: BUILT, close() {} };
  notice("building the page …");
  const child = startBuild(dev);
  if (dev) return { directory: BUILT, close: () => void child.kill() };
  const [code] = (await once(child, "exit")) as [number | null];
  if (code === 0) return { directory: BUILT, close() {} };
  throw new WorkspaceError({
    code: "internal",
    message: `the page could not be built (exit code ${code ?? "none"})`,
    hint: "Run npm ci again: a package may be missing.",
  });
}

/** In a process of its own: a bundler takes a gigabyte, and the server is to stay small. */
function startBuild(watch: boolean): ChildProcess {
  const vite = join(dirname(createRequire(import.meta.url).resolve("vite/package.json")), "bin", "vite.js");
  const words = ["build", "--config", join(ROOT, "ui", "vite.config.ts"), "--logLevel", "warn"];
  return spawn(process.execPath, [vite, ...words, ...(watch ? ["--watch"] : [])], {
    // What it says is for whoever started the server; standard output is the address alone.
    stdio: ["ignore", process.stderr, process.stderr],
  });
}

/** Time of the last change at or below a path, in milliseconds since 1970; 0 when it is not there. */
async function newestChange(path: string): Promise<number> {
  if (path === BUILT) return 0;
  const found = await stat(path).catch(() => null);
  if (found === null) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  const names = await readdir(path);
  const times = await Promise.all(names.map((name) => newestChange(join(path, name))));
  return Math.max(found.mtimeMs, ...times);
}
