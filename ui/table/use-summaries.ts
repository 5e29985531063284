import { useState } from "react";

import type { ErrorInfo } from "#protocol/error.ts";
import { errorInfo } from "#protocol/error.ts";
import type { ColumnSummary, TableView as View } from "#protocol/messages.ts";

import { storedSummary } from "./stored-summary.ts";
import type { StoredSummary } from "./stored-summary.ts";
import type { TablePages } from "./table-pages.ts";

export type Summary =
  | { readonly kind: "asked" }
  /** Of the time when the table was made; exact numbers have to be asked for. */
  | { readonly kind: "stored"; readonly summary: StoredSummary }
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

/**
 * Statistics of the columns of a table under a view: those that were stored with it at once, others when a person
 * looks at a column.
 */
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
  const of = (column: string): Summary | null => {
    const asked = summaries.get(column);
    // While it is counted, what is stored stays.
    if (asked !== undefined && asked.kind !== "asked") return asked;
    const facts = table.columns.find((one) => one.name === column)?.facts ?? null;
    const stored = storedSummary(facts, table.rows, view);
    return stored === null ? (asked ?? null) : { kind: "stored", summary: stored };
  };
  return { of, ask };
}
