import { join } from "node:path";

import * as z from "zod";

import { WorkspaceError } from "#protocol/error.ts";
import type { CellText } from "#protocol/kernel-messages.ts";

import { duckdb } from "../engines/duckdb.ts";
import { engineText } from "../engines/engine.ts";
import { renderReport } from "../reports/render-report.ts";
import { readingOf, readTemplate } from "../reports/template.ts";
import type { ReportTemplate } from "../reports/template.ts";
import type { CellType } from "./cell-type.ts";
import { hashValue } from "./hash-value.ts";
import { written } from "./template-report.ts";
import { readYaml } from "./yaml-cell.ts";

const SHAPE = z.strictObject({ annotations: z.string(), template: z.string().regex(/^[A-Za-z0-9_-]+$/) });

/** `yaml NAME report`: annotations rendered by a template of `notebooks/reports/` as one HTML file. */
export const report: CellType = {
  name: "report",
  code: import.meta.url,
  ofFiles: true,
  takes: (cell) => cell.language === "yaml" && "report" in cell.attributes,
  async analyse(cell, { notebooks }) {
    const shape = readYaml(cell, SHAPE);
    const template = await shippedTemplate(cell, shape.template, notebooks);
    // Its parts count too: a report is stale when any file that it is made of changes.
    const files = [[template.name, template.text] as const, ...readingOf(template).files];
    return {
      inputs: [shape.annotations],
      parts: {
        source: hashValue(shape),
        ...Object.fromEntries(files.map(([file, text]) => [file, hashValue(text)])),
      },
      output: "report",
    };
  },
  async materialise(step, { software, notebooks, connectShared, signal, progress }) {
    const shape = readYaml(step.cell, SHAPE);
    const annotations = step.input(shape.annotations);
    const connection = await connectShared();
    try {
      progress({ phase: "writing the report" });
      const { html, json } = await renderReport(
        {
          annotations: await step.directory(annotations),
          template: await shippedTemplate(step.cell, shape.template, notebooks),
          generatedAt: step.madeAt,
          software,
          engine: engineText(duckdb),
          provenance: {
            asset: step.asset,
            inputs: [{ asset: annotations.asset, dataVersion: annotations.dataVersion }],
          },
        },
        connection,
        signal,
      );
      return await written(step.staging, `${shape.template}_report`, html, json);
    } finally {
      connection.close();
    }
  },
};

/** @throws {WorkspaceError} `notebook` for a name that no file has, and for a file that cannot be read */
async function shippedTemplate(cell: CellText, name: string, notebooks: string): Promise<ReportTemplate> {
  const file = `${name}.njk`;
  try {
    return await readTemplate(join(notebooks, "reports", file));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const place = join("notebooks", "reports");
    const why =
      code === "ENOENT"
        ? { message: `no report template: ${file}`, hint: `Put it in ${place}.` }
        : { message: `cannot be read: ${join(place, file)}`, hint: "Look who may read it.", detail: message };
    throw new WorkspaceError({ code: "notebook", ...why, cell: cell.name }, { cause: error });
  }
}
