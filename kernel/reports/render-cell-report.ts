import { WorkspaceError } from "#protocol/error.ts";

import type { Connection } from "../engines/engine.ts";
import { numberedRows } from "../engines/parquet-rows.ts";
import { rowCount } from "../engines/row-count.ts";
import { readAnnotations } from "./annotation-files.ts";
import type { AnnotationFiles } from "./annotation-files.ts";
import { grouped } from "./numerals.ts";
import { page, readPageAssets } from "./page.ts";
import { plainData } from "./plain-text.ts";
import { twin, variantsOf } from "./render-report.ts";
import type { ReportTwin } from "./render-report.ts";
import type { ReportView } from "./report-view.ts";
import { renderTemplate } from "./template.ts";
import type { ReportTemplate } from "./template.ts";
import { buildView } from "./view-model.ts";
import type { ReportFacts } from "./view-model.ts";

/** Rows of one table that a document can hold and a person can read. */
const MOST_ROWS = 20_000;

export interface CellReportRequest extends ReportFacts {
  readonly user: string;
  readonly sample: string;
  readonly template: ReportTemplate;
  /** What the match wrote, for the whole context of the shipped report; null without it. */
  readonly annotations: AnnotationFiles | null;
  readonly tables: readonly { readonly name: string; readonly path: string }[];
}

/** The machine-readable twin: what the template could read. */
export interface CellReportTwin {
  readonly format: "karyon.cell-report/1";
  readonly facts: Readonly<Record<string, unknown>>;
  readonly tables: Readonly<Record<string, readonly Row[]>>;
  readonly report: ReportTwin | null;
}

type Row = Readonly<Record<string, unknown>>;

/** Names that the template of a cell has beside the tables it reads. */
export const FACT_NAMES: readonly string[] = [
  "user_name",
  "sample_name",
  "generated_at",
  "software",
  "engine",
  "provenance",
];

/** Names that it has as well when the cell says `annotations=…`. */
export const CONTEXT_NAMES: readonly string[] = Object.keys({
  report_title: true,
  report_description: true,
  preview_row_limit: true,
  user_name: true,
  sample_name: true,
  generated_at: true,
  software: true,
  engine: true,
  source: true,
  records: true,
  looked_at: true,
  longevity: true,
  other_modules: true,
  bars: true,
  karyogram: true,
  disagreements: true,
  coverage: true,
  restoration: true,
  findings: true,
  module_provenance: true,
  module_exclusions: true,
  credits: true,
  module_display_names: true,
  provenance: true,
} satisfies Record<keyof ReportView, true>);

/**
 * A report over any tables, by a template that is written in a cell: each table a list of rows, in the order of its
 * file, whose members are its columns.
 *
 * @throws {WorkspaceError} `asset` for a table that is too long to be read; `notebook` when the template is off
 */
export async function renderCellReport(
  request: CellReportRequest,
  connection: Connection,
  signal: AbortSignal,
): Promise<{ html: string; json: CellReportTwin }> {
  const view = await viewOf(request, connection, signal);
  const tables: Record<string, readonly Row[]> = {};
  for (const { name, path } of request.tables) {
    tables[name] = await rowsOf(name, path, request.template.name, connection, signal);
  }
  const facts = factsOf(request);
  const assets = await readPageAssets();
  signal.throwIfAborted();
  const rendered = renderTemplate(request.template, { ...facts, ...view, ...tables });
  const body = /class="sheet"/.test(rendered.body)
    ? rendered.body
    : `<div class="sheet"><main class="content written">\n${rendered.body}\n</main></div>`;
  const title = [request.provenance.asset, [request.user, request.sample].filter(Boolean).join(" / ")];
  return {
    html: page(
      title.filter(Boolean).join(" · "),
      request.software,
      { ...rendered, body },
      assets,
      view === null ? [] : variantsOf(view),
    ),
    json: { format: "karyon.cell-report/1", facts, tables, report: view === null ? null : twin(view) },
  };
}

async function viewOf(
  { annotations, generatedAt, software, engine, provenance }: CellReportRequest,
  connection: Connection,
  signal: AbortSignal,
): Promise<ReportView | null> {
  if (annotations === null) return null;
  const found = await readAnnotations(annotations, connection, signal);
  return buildView(found, { generatedAt, software, engine, provenance });
}

function factsOf({ user, sample, generatedAt, software, engine, provenance }: CellReportRequest): Row {
  return plainData({
    user_name: user,
    sample_name: sample,
    generated_at: generatedAt,
    software,
    engine,
    provenance: {
      asset: provenance.asset,
      run: null,
      inputs: provenance.inputs.map(({ asset, dataVersion, partition }) => ({
        asset,
        data_version: dataVersion,
        partition: partition ?? null,
      })),
    },
  });
}

async function rowsOf(
  name: string,
  path: string,
  cell: string,
  connection: Connection,
  signal: AbortSignal,
): Promise<readonly Row[]> {
  const count = await rowCount(connection, path);
  if (count > MOST_ROWS) {
    throw new WorkspaceError({
      code: "asset",
      message: `${name} is too long for a report: ${grouped(count)} rows, and ${grouped(MOST_ROWS)} can be read`,
      hint: "Choose the rows in a sql cell with asset, and name that one.",
      cell,
    });
  }
  const rows = await connection.rows<Row>(
    `select * exclude (file_row_number) from ${numberedRows(path)}
     order by file_row_number`,
    [],
    signal,
  );
  return plainData(rows.map((row) => printable(row) as Row));
}

/** Whole numbers past 2^53 and times as text: a template prints them, and JSON holds them. */
function printable(value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => printable(item));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, printable(inner)]));
}
