import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";

import { WorkspaceError } from "#protocol/error.ts";

import type { Engine } from "./engine.ts";
import { machineLimits } from "./limits.ts";

/**
 * Polars in this process, its streaming engine over lazy frames.
 *
 * It differs from DuckDB where it cannot do as well: a statement runs to its end whatever the signal says,
 * and only the end of the process stops it; memory has no limit of its own; a stream begins when the query
 * is done; parameters are written into the SQL as literals. And it sums an INTEGER column in 32 bits,
 * without a word where that is too few: cast it first.
 */
export const polars: Engine = {
  name: "polars",
  version: packageVersion(),
  // All its databases in a process share one pool of threads, of which one query leaves a quarter idle, and two a seventh.
  sideBySide: (threads) => (threads === 1 ? 1 : 3),
  async open(options) {
    if (options.allowedDirectories !== undefined || options.allowedPaths !== undefined) {
      throw new WorkspaceError({
        code: "engine",
        message: "polars cannot be kept from reading files: its SQL names them",
        hint: "Use duckdb for SQL that is not trusted.",
      });
    }
    const { spillDirectory, preserveOrder = true } = options;
    await mkdir(spillDirectory, { recursive: true, mode: 0o700 });
    // Polars reads these when its threads start, at the first query of the process: how many there are is not for one
    // of its databases to say.
    process.env["POLARS_ENGINE_AFFINITY"] ??= "streaming";
    process.env["POLARS_MAX_THREADS"] ??= String(machineLimits().threads);
    process.env["POLARS_TEMP_DIR"] ??= spillDirectory;
    const { default: loaded } = await import("nodejs-polars");
    const { PolarsConnection } = await import("./polars/connection.ts");
    return new PolarsConnection({ polars: loaded, spillDirectory, preserveOrder }, loaded.SQLContext());
  },
};

function packageVersion(): string {
  const { version } = createRequire(import.meta.url)("nodejs-polars/package.json") as { version: string };
  return version;
}
