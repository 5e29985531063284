import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { sha256 } from "#notebook/sha256.ts";
import { dimensions } from "#protocol/ids.ts";
import type { CellText } from "#protocol/kernel-messages.ts";

import { duckdb } from "../engines/duckdb.ts";
import { engineText } from "../engines/engine.ts";
import { CONTEXT_NAMES, FACT_NAMES, renderCellReport } from "../reports/render-cell-report.ts";
import { readingOf } from "../reports/template.ts";
import type { ReportTemplate } from "../reports/template.ts";
import type { CellType, StepResult } from "./cell-type.ts";
import { inputTable } from "./input-files.ts";

/**
 * `njk NAME report`: a report whose template is the cell's text, over every table that the text names, and over
 * those of `tables="a b"`. With `annotations=NAME` it has the whole context of the shipped report too.
 */
export const templateReport: CellType = {
  name: "report",
  code: import.meta.url,
  ofFiles: true,
  takes: (cell) => cell.language === "njk" && "report" in cell.attributes,
  analyse: (cell, { notebooks }) => {
    const template = templateOf(cell, notebooks);
    const { names, files } = readingOf(template);
    const parts = [...files].map(([file, text]) => [file, sha256(text)] as const);
    return Promise.resolve({
      inputs: [...new Set([...annotationsOf(cell), ...tablesOf(cell, names)])],
      parts: { source: sha256(cell.source), ...Object.fromEntries(parts), duckdb: duckdb.version },
      output: "report",
    });
  },
  async materialise(step, { software, notebooks, connect, signal, progress }) {
    const template = templateOf(step.cell, notebooks);
    const [annotations] = annotationsOf(step.cell);
    const { user, sample } = dimensions(step.partition);
    const words = { hint: "Name an asset that is one.", cell: step.cell.name };
    const names = tablesOf(step.cell, readingOf(template).names);
    const connection = await connect();
    try {
      progress({ phase: "writing the report" });
      const { html, json } = await renderCellReport(
        {
          user,
          sample,
          template,
          annotations: annotations === undefined ? null : await step.directory(step.input(annotations)),
          tables: names.map((name) => ({ name, path: inputTable(step.input(name), words).path })),
          generatedAt: step.madeAt,
          software,
          engine: engineText(duckdb),
          provenance: {
            asset: step.asset,
            inputs: step.inputs.map(({ asset, dataVersion }) => ({ asset, dataVersion })),
          },
        },
        connection,
        signal,
      );
      return await written(step.staging, step.asset, html, json);
    } finally {
      connection.close();
    }
  },
};

/** Puts a report and its twin where reports are looked for. */
export async function written(
  staging: string,
  name: string,
  html: string,
  json: unknown,
): Promise<StepResult> {
  const files = [`reports/${name}.html`, `reports/${name}.json`] as const;
  await mkdir(join(staging, "reports"), { recursive: true });
  await writeFile(join(staging, files[0]), html);
  await writeFile(join(staging, files[1]), `${JSON.stringify(json, null, 2)}\n`);
  return { files, table: null, facts: null };
}

function templateOf(cell: CellText, notebooks: string): ReportTemplate {
  return { name: cell.name, text: cell.source, searchPath: join(notebooks, "reports"), inCell: true };
}

function annotationsOf({ attributes }: CellText): string[] {
  const name = attributes["annotations"];
  return name === undefined || name === "" ? [] : [name];
}

function tablesOf(cell: CellText, names: readonly string[]): string[] {
  const known = new Set([...FACT_NAMES, ...(annotationsOf(cell).length > 0 ? CONTEXT_NAMES : [])]);
  const declared = (cell.attributes["tables"] ?? "").split(/[\s,]+/).filter(Boolean);
  return [...new Set([...declared, ...names.filter((name) => !known.has(name))])];
}
