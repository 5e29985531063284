import { useState } from "react";

import type { ErrorInfo } from "#protocol/error.ts";
import { errorInfo } from "#protocol/error.ts";
import type { ColumnSummary, TableView as View } from "#protocol/messages.ts";

import type { TablePages } from "./table-pages.ts";

export type Summary =
  | { readonly kind: "asked" }
  | { readonly kind: "there"; readonly summary: ColumnSummary }
  | { readonly kind: "failed"; readonly error: ErrorInfo };

export interface Summaries {
  readonly of: (column: string) => Summary | null;
  /** Asks once; what failed is asked again. */
  readonly ask: (column: string) => void;
}

interface Known {
  readonly table: TablePages;
  readonly view: View;
  readonly summaries: ReadonlyMap<string, Summary>;
}

const NONE: ReadonlyMap<string, Summary> = new Map();

/** Statistics of the columns of a table under a view, asked for when a person looks at one. */
export function useSummaries(table: TablePages, view: View): Summaries {
  const [known, setKnown] = useState<Known>({ table, view, summaries: NONE });
  // Of another table or view nothing is known.
  const summaries = known.table === table && known.view === view ? known.summaries : NONE;
  const put = (column: string, summary: Summary): void => {
    setKnown((old) => {
      const same = old.table === table && old.view === view;
      return { table, view, summaries: new Map([...(same ? old.summaries : NONE), [column, summary]]) };
    });
  };
  const ask = (column: string): void => {
    const asked = summaries.get(column);
    if (table.views === null || (asked !== undefined && asked.kind !== "failed")) return;
    put(column, { kind: "asked" });
    table.views.column(column, view).then(
      (summary) => put(column, { kind: "there", summary }),
      (error: unknown) => put(column, { kind: "failed", error: errorInfo(error) }),
    );
  };
  return { of: (column) => summaries.get(column) ?? null, ask };
}
