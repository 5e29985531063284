import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

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
  const { build } = await import("vite");
  const result = await build({
    configFile: join(ROOT, "ui", "vite.config.ts"),
    logLevel: "warn",
    ...(dev ? { build: { watch: {} } } : {}),
  });
  return { directory: BUILT, close: () => void ("close" in result && result.close()) };
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
