import { resolve } from "node:path";

import { WorkspaceError } from "#protocol/error.ts";
import { bytes, count, counted } from "#protocol/numerals.ts";
import { shellWord } from "#protocol/shell-words.ts";

import { DEFAULT_ROWS, EXPORT_REQUEST } from "../export/export-request.ts";
import type { ExportRequest } from "../export/export-request.ts";
import { exportNotebook } from "../export/export-notebook.ts";
import type { Exported } from "../export/export-notebook.ts";
import { notebookGroup } from "./notebooks.ts";
import { namesIn } from "./names-in.ts";
import { numberOf } from "./number-of.ts";
import { defineVerb } from "./verb.ts";
import type { AnyVerb } from "./verb.ts";

interface Options {
  readonly partition?: string;
  readonly out?: string;
  readonly cells?: string;
  readonly columns?: readonly string[];
  readonly rows?: string;
  readonly code?: string;
  readonly fresh?: boolean;
  readonly final?: boolean;
  readonly at?: string;
  readonly sample?: string | false;
}

export const notebookExport: AnyVerb = defineVerb<ExportRequest, Exported>({
  name: "notebook-export",
  parameters: EXPORT_REQUEST,
  declare(program, ask) {
    notebookGroup(program)
      .command("export <file>")
      .description("write a notebook as one HTML file that stands on its own; nothing is run again")
      .option("--partition <key>", "USER/SAMPLE that it is shown for")
      .option("--out <file>", "where to (default: data/output/exports/NOTEBOOK.USER.SAMPLE.html)")
      .option("--cells <names>", "show these cells alone: a,b")
      .option(
        "--columns <asset=a,b>",
        "of an asset's table, these columns alone; may be given again",
        collect,
      )
      .option("--rows <n>", `most rows of a table, or all (default: ${DEFAULT_ROWS})`)
      .option("--code <how>", "shown, folded or left-out (default: folded)")
      .option("--fresh", "make what is stale or missing first")
      .option("--final", "refuse to write what is stale, failed, held behind or without a result")
      .option("--at <time>", "as it stood then, such as 2026-11-22 or 2026-11-22T14:00")
      .option("--sample <name>", "what the sample is called in the file (default: its own name)")
      .option("--no-sample", "do not name the sample")
      .action((file: string, options: Options) => ask(requestOf(file, options)));
  },
  run: exportNotebook,
  print: ({ file, bytes: size, tables, without, unsettled, figures, seal }) =>
    [
      `Wrote ${file} (${bytes(size)}, ${counted(figures, "figure")}).`,
      ...tables.flatMap(({ asset, rows, of }) =>
        of !== null && of > rows ? [`  ${asset}: the first ${count(rows)} of ${count(of)} rows`] : [],
      ),
      ...unsettled.map(({ cell, why }) => `  ${cell} is not final: ${why}`),
      ...without.map(({ cell, why }) => `  nothing is shown of ${cell}: ${why}`),
      `Seal ${seal.slice(0, 16)}; check it with karyon report verify ${shellWord(file)}`,
    ].join("\n"),
});

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** Undefined where an option is not given: what that means is decided in one place. */
function requestOf(file: string, options: Options): Record<string, unknown> {
  const { partition, out, cells, columns = [], rows, code, fresh, final, at, sample } = options;
  const request = {
    notebook: file,
    partition,
    out: out === undefined ? undefined : resolve(out),
    cells: cells === undefined ? undefined : namesIn(cells),
    columns: columns.length === 0 ? undefined : Object.fromEntries(columns.map(columnsOption)),
    rows: rows === undefined ? undefined : rows === "all" ? Number.MAX_SAFE_INTEGER : numberOf(rows),
    code,
    fresh,
    final,
    at,
    sample: sample === false ? "" : sample,
  };
  return Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
}

function columnsOption(text: string): [asset: string, columns: string[]] {
  const equals = text.indexOf("=");
  if (equals > 0) return [text.slice(0, equals), namesIn(text.slice(equals + 1))];
  throw new WorkspaceError({
    code: "usage",
    message: `not an asset and its columns: ${text}`,
    hint: "Write such as hits=gene,rsid,weight.",
  });
}
