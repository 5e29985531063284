import { useContext } from "react";
import type { ReactNode } from "react";

import { withPartition } from "#protocol/partition-name.ts";
import type { CellView } from "#protocol/view.ts";

import { chosenRows } from "../runtime/chosen-rows.ts";
import { cellVariable } from "../runtime/definitions.ts";
import { StoreContext } from "../shell/use-store.tsx";
import type { TablePages } from "../table/table-pages.ts";
import { TableView } from "../table/table-view.tsx";

interface Props {
  readonly cell: CellView;
  readonly table: TablePages;
}

/** The rows that live SQL gave: all of them are in the page. */
export function TableOutput({ cell, table }: Props): ReactNode {
  // None in an exported notebook, which names its sample only as its person chose.
  const partition = useContext(StoreContext)?.view().page.snapshot?.partition;
  return (
    <div className="tab-panel">
      <TableView
        table={table}
        label={`rows of ${cell.name ?? "a query"}`}
        {...(partition === undefined
          ? {}
          : { file: withPartition(`${cell.name ?? "query"}.csv`, partition) })}
        downloads={null}
        onSelect={(rows) => chosenRows.choose(cellVariable(cell.id), rows, table)}
      />
    </div>
  );
}
