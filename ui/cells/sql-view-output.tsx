import type { ReactNode } from "react";

import type { CellView } from "#protocol/view.ts";

import { chosenRows } from "../runtime/chosen-rows.ts";
import { cellVariable } from "../runtime/definitions.ts";
import type { Output } from "../runtime/output.ts";
import { TableView } from "../table/table-view.tsx";

interface Props {
  readonly cell: CellView;
  readonly output: Extract<Output, { kind: "table" }>;
}

/** The rows that live SQL gave: all of them are in the page. */
export function TableOutput({ cell, output }: Props): ReactNode {
  return (
    <div className="tab-panel">
      <TableView
        table={output.table}
        label={`rows of ${cell.name ?? "a query"}`}
        downloads={null}
        onSelect={(rows) => chosenRows.choose(cellVariable(cell.id), rows)}
      />
    </div>
  );
}
