import { WorkspaceError } from "#protocol/error.ts";

import { rowsOf } from "../runtime/table-rows.ts";
import { columnSummary } from "./held-summary.ts";
import { HeldRows } from "./held-rows.ts";
import type { ArrowPage } from "./table-pages.ts";
import { TablePages } from "./table-pages.ts";
import { timesAsNumbers } from "./times.ts";
import { PAGE_ROWS } from "./window.ts";

/**
 * A table whose rows are all in the page: it sorts, filters and sums them up itself. `partial`: there are more that
 * did not come.
 */
export function heldTable(came: ArrowPage, partial = false): TablePages {
  const page = timesAsNumbers(came);
  const held = new HeldRows(page);
  return new TablePages(
    rowsOf(page, 0, PAGE_ROWS),
    { rows: held.rows, columns: [], partial },
    async (offset, limit) => rowsOf(page, offset, limit),
    {
      async open(view) {
        const rows = held.under(view);
        const fetch = async (offset: number, limit: number): Promise<ReturnType<HeldRows["page"]>> =>
          held.page(rows, offset, limit);
        return { first: await fetch(0, PAGE_ROWS), rows: rows.length, fetch };
      },
      column: async (name, view) => {
        const column = held.columnNamed(name);
        if (column < 0) throw new WorkspaceError({ code: "usage", message: `column not found: ${name}` });
        return columnSummary(held, column, held.under({ ...view, sort: [] }));
      },
      exportUrl: null,
    },
  );
}
