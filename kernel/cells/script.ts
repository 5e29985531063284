import { join } from "node:path";

import { duckdb } from "../engines/duckdb.ts";
import { engineText } from "../engines/engine.ts";
import { polars } from "../engines/polars.ts";
import { readScript } from "../scripts/read-script.ts";
import { runScript } from "../scripts/run-script.ts";
import type { CellType } from "./cell-type.ts";
import { hashValue } from "./hash-value.ts";
import { inputTable } from "./input-files.ts";

/** What is remembered of a script that ran. */
export interface ScriptFacts {
  /** What it wrote to its console. */
  readonly console: readonly string[];
}

/**
 * `ts NAME kernel`, `js NAME kernel`: a table made by a person's own script over the tables that it names. It is
 * always kept: code that may do anything runs when it is asked to, never because someone looks.
 */
export const script: CellType = {
  name: "script",
  code: import.meta.url,
  takes: (cell) => (cell.language === "ts" || cell.language === "js") && "kernel" in cell.attributes,
  async analyse(cell) {
    const { tables, tree, usesPolars } = await readScript(cell);
    return {
      inputs: tables,
      // Formatting, comments and types are not in the tree, so they are not in the version.
      parts: {
        source: hashValue(tree),
        duckdb: duckdb.version,
        ...(usesPolars ? { polars: polars.version } : {}),
      },
      output: "table",
      ofText: true,
    };
  },
  async materialise(step, { connect, signal, progress }) {
    const words = { hint: "Read an asset that is one.", cell: step.cell.name };
    const tables = step.inputs.map((input) => [input.asset, inputTable(input, words).path] as const);
    const read = await readScript(step.cell);
    const connection = await connect({
      allowedPaths: tables.map(([, path]) => path),
      allowedDirectories: [step.staging],
    });
    try {
      for (const [name, path] of tables) await connection.register(name, path);
      const phase = "running the script";
      progress({ phase });
      const table = `${step.asset}.parquet`;
      const console = await runScript(
        {
          cell: step.cell.name,
          script: read,
          tables: Object.fromEntries(tables),
          target: join(step.staging, table),
          arrived: (arrived) => progress({ phase, arrived }),
        },
        connection,
        signal,
      );
      const facts: ScriptFacts = { console };
      return { files: [table], table, facts, engine: engineText(duckdb) };
    } finally {
      connection.close();
    }
  },
};
