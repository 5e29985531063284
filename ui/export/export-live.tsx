import type { ReactNode } from "react";

import { count } from "#protocol/numerals.ts";
import type { CellView } from "#protocol/view.ts";

import { LiveOutput } from "../cells/js-output.tsx";
import { Mark } from "../provenance/mark.tsx";
import { browserKind } from "../runtime/browser-cells.ts";
import { cellVariable } from "../runtime/definitions.ts";
import { ErrorCard } from "../shell/error-card.tsx";
import { cellAnchor } from "../shell/show-cell.ts";
import { useOutput } from "../shell/use-store.tsx";
import { moment } from "../words/numbers.ts";
import { ExportCode } from "./export-code.tsx";
import { PrintRows } from "./print-rows.tsx";
import { useExport } from "./use-export.ts";

/** A cell that the page computes: it lives in the file too, but for what only a kernel can answer. */
export function ExportLive({ cell }: { readonly cell: CellView }): ReactNode {
  const { notebook } = useExport();
  const name = cell.name ?? `${cell.language} cell`;
  const marked = notebook.provenance[cell.id];
  const output = useOutput(cellVariable(cell.id));
  return (
    <article id={cellAnchor(cell.id)} className="cell" aria-label={name} data-kind={cell.kind}>
      <div className="gutter" />
      <div className="box">
        {cell.error === null ? null : <ErrorCard error={cell.error} />}
        {cell.language === "input" ? null : (
          <div className="cell-head">
            <h2 className="cell-name">{name}</h2>
            <span className="tag">
              {cell.kind === cell.language ? cell.kind : `${cell.kind} · ${cell.language}`}
            </span>
            {marked === undefined ? null : <Mark {...marked} />}
          </div>
        )}
        <ExportCode cell={cell} name={name} />
        {browserKind(cell) === "query" ? <AsItStood cell={cell} /> : null}
        <LiveOutput cell={cell} />
        {output?.kind === "table" ? <PrintRows table={output.table} /> : null}
      </div>
    </article>
  );
}

/** Says of rows that a kernel gave that they do not move with the inputs here. */
function AsItStood({ cell }: { readonly cell: CellView }): ReactNode {
  const { notebook, server } = useExport();
  // Anew whenever it is asked again.
  useOutput(cellVariable(cell.id));
  const known = notebook.queries[cell.id];
  if (known === undefined || "error" in known) return null;
  const takesValues = Object.values(known.values).some((values) => values.length > 0);
  const moved = server.isMoved(cell.id);
  return (
    <p className={moved ? "notice" : "stood"}>
      {moved ? "Not of what is chosen above: as" : "As"} it stood on {moment(notebook.exportedAt)}
      {takesValues ? "; needs Karyon to change." : "."}
      {cutWords(known.table.rows, known.table.of)}
    </p>
  );
}

/** What is said of a table that is not whole; empty for one that is. */
export function cutWords(rows: number, of: number | null): string {
  if (of === null || of <= rows) return "";
  return ` The first ${count(rows)} of ${count(of)} rows are in this file.`;
}
