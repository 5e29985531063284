import type { ReactNode } from "react";

import type { CellView } from "#protocol/view.ts";

import { chosenRows } from "../runtime/chosen-rows.ts";
import { cellVariable } from "../runtime/definitions.ts";
import type { TablePages } from "../table/table-pages.ts";
import { TableView } from "../table/table-view.tsx";

interface Props {
  readonly cell: CellView;
  readonly table: TablePages;
}

/** The rows that live SQL gave: all of them are in the page. */
export function TableOutput({ cell, table }: Props): ReactNode {
  return (
    <div className="tab-panel">
      <TableView
        table={table}
        label={`rows of ${cell.name ?? "a query"}`}
        downloads={null}
        onSelect={(rows) => chosenRows.choose(cellVariable(cell.id), rows, table)}
      />
    </div>
  );
}
