import { WorkspaceError } from "#protocol/error.ts";
import type { ExportedNotebook, ExportedTable } from "#protocol/exported.ts";
import type { AssetKey } from "#protocol/ids.ts";
import type { QueryRequest } from "#protocol/messages.ts";
import { canonicalText } from "#protocol/provenance.ts";

import type { PageServer } from "../runtime/compute.ts";
import { columnSummary } from "../table/held-summary.ts";
import { PLAIN } from "../table/look.ts";
import { EmbeddedTable } from "./embedded-table.ts";

export interface EmbeddedServer extends PageServer {
  /** Whether a query was last asked with other values than those its rows in the file are of. */
  readonly isMoved: (cell: string) => boolean;
}

/** What the page asks of its server, answered from this file. */
export function embeddedServer(notebook: ExportedNotebook): EmbeddedServer {
  const tables = new Map<ExportedTable, EmbeddedTable>();
  const open = (exported: ExportedTable): EmbeddedTable => {
    const known = tables.get(exported) ?? new EmbeddedTable(exported);
    tables.set(exported, known);
    return known;
  };
  const tableOf = (asset: AssetKey): EmbeddedTable => {
    const exported = notebook.tables[asset];
    if (exported !== undefined) return open(exported);
    throw new WorkspaceError({
      code: "asset",
      message: `the rows of ${asset} are not in this file`,
      hint: "Open the notebook in Karyon.",
    });
  };
  const moved = new Map<string, boolean>();
  return {
    async table({ asset, offset, limit, view = PLAIN }, _signal, answered) {
      const { page, rows } = await tableOf(asset).window(view, offset, limit);
      answered?.({ rows });
      return page;
    },
    firstRows: ({ asset, offset, limit }) => tableOf(asset).rows(offset, limit),
    async column({ asset, column, view = PLAIN }) {
      const held = await tableOf(asset).held();
      const index = held.columnNamed(column);
      return columnSummary(held, index, held.under({ ...view, sort: [] }));
    },
    async query(query) {
      const known = notebook.queries[query.cell];
      if (known === undefined) throw notHere(query);
      if ("error" in known) throw new WorkspaceError(known.error);
      moved.set(query.cell, canonicalText(known.values) !== canonicalText(query.values));
      return open(known.table).rows(0, known.table.rows);
    },
    hasPart: (asset) => {
      const { rows = 0, of = null } = notebook.tables[asset] ?? {};
      return of !== null && of > rows;
    },
    exportUrl: null,
    isMoved: (cell) => moved.get(cell) ?? false,
  };
}

function notHere({ cell }: QueryRequest): WorkspaceError {
  return new WorkspaceError({
    code: "asset",
    message: `what ${cell} gave is not in this file`,
    hint: "Open the notebook in Karyon.",
  });
}
