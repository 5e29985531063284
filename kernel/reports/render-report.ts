import type { Connection } from "../engines/engine.ts";
import { readAnnotations } from "./annotation-files.ts";
import type { AnnotationFiles } from "./annotation-files.ts";
import { page, readPageAssets } from "./page.ts";
import type { ReportView } from "./report-view.ts";
import { renderTemplate } from "./template.ts";
import type { ReportTemplate } from "./template.ts";
import type { VariantView } from "./variant.ts";
import { buildView } from "./view-model.ts";
import type { ReportFacts } from "./view-model.ts";

export interface ReportRequest extends ReportFacts {
  readonly annotations: AnnotationFiles;
  readonly template: ReportTemplate;
}

/** The machine-readable twin of a report: its whole content, figures apart. */
export type ReportTwin = { readonly format: "karyon.report/1" } & Omit<
  ReportView,
  "bars" | "karyogram" | "preview_row_limit"
>;

/**
 * One self-contained HTML file and its JSON twin, from what the module match wrote. The same request gives the
 * same bytes.
 *
 * @throws {WorkspaceError} `asset` when the annotations are not whole; `notebook` when the template is off
 */
export async function renderReport(
  request: ReportRequest,
  connection: Connection,
  signal: AbortSignal,
): Promise<{ html: string; json: ReportTwin }> {
  const annotations = await readAnnotations(request.annotations, connection, signal);
  const { generatedAt, software, engine, provenance } = request;
  const view = buildView(annotations, { generatedAt, software, engine, provenance });
  const assets = await readPageAssets();
  signal.throwIfAborted();
  const rendered = renderTemplate(request.template, view);
  const title = `${view.report_title} · ${view.user_name} / ${view.sample_name}`;
  return { html: page(title, view.software, rendered, assets, variantsOf(view)), json: twin(view) };
}

/** The view without what only a page draws. */
export function twin({
  bars: _bars,
  karyogram: _karyogram,
  preview_row_limit: _limit,
  ...content
}: ReportView): ReportTwin {
  return { format: "karyon.report/1", ...content };
}

/** Every row that a page of the view may colour. */
export function* variantsOf(view: ReportView): Iterable<VariantView> {
  for (const { variants } of view.longevity?.categories ?? []) yield* variants;
  for (const { variants } of view.other_modules) yield* variants;
}
