import { readFile, writeFile, mkdir } from "node:fs/promises";
import { join } from "node:path";

import { z } from "zod";

import { WorkspaceError } from "#protocol/error.ts";

import { hashFile } from "../assets/object-store.ts";
import { duckdb } from "../engines/duckdb.ts";
import { renderReport } from "../reports/render-report.ts";
import type { CellType } from "./cell-type.ts";
import { hashValue, readYaml } from "./yaml-cell.ts";

const SHAPE = z.strictObject({ annotations: z.string(), template: z.string().regex(/^[A-Za-z0-9_-]+$/) });

/** `yaml NAME report`: annotations rendered by a template of `notebooks/reports/` as one HTML file. */
export const report: CellType = {
  name: "report",
  takes: (cell) => cell.language === "yaml" && "report" in cell.attributes,
  async analyse(cell, { notebooks }) {
    const shape = readYaml(cell, SHAPE);
    const file = `${shape.template}.njk`;
    const hash = await hashFile(join(notebooks, "reports", file)).catch(() => null);
    if (hash === null) {
      throw new WorkspaceError({
        code: "notebook",
        message: `no report template: ${file}`,
        hint: `Put it in ${join("notebooks", "reports")}.`,
        cell: cell.name,
      });
    }
    return {
      inputs: [shape.annotations],
      parts: { source: hashValue(shape), [file]: hash },
      output: "report",
    };
  },
  async materialise(step, { software, notebooks, connect, signal, progress }) {
    const shape = readYaml(step.cell, SHAPE);
    const annotations = step.input(shape.annotations);
    const searchPath = join(notebooks, "reports");
    const name = `${shape.template}.njk`;
    const connection = await connect();
    try {
      progress({ phase: "writing the report" });
      const { html, json } = await renderReport(
        {
          annotations: await step.directory(annotations),
          template: { name, text: await readFile(join(searchPath, name), "utf8"), searchPath },
          generatedAt: step.madeAt,
          software,
          engine: `duckdb ${duckdb.version}`,
          provenance: {
            asset: step.asset,
            inputs: [{ asset: annotations.asset, dataVersion: annotations.dataVersion }],
          },
        },
        connection,
        signal,
      );
      const files = [`reports/${shape.template}_report.html`, `reports/${shape.template}_report.json`];
      await mkdir(join(step.staging, "reports"), { recursive: true });
      await writeFile(join(step.staging, files[0] ?? ""), html);
      await writeFile(join(step.staging, files[1] ?? ""), `${JSON.stringify(json, null, 2)}\n`);
      return { files, table: null, facts: null };
    } finally {
      connection.close();
    }
  },
};
