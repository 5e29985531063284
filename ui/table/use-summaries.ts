import { useCallback, useMemo, useState } from "react";

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

/** Statistics of the columns of a table under a view, asked for when a person looks at one. */
export function useSummaries(table: TablePages, view: View): Summaries {
  // Of another table or view nothing is known: the cache is that of these two.
  const cache = useMemo(() => new Map<string, Summary>(), [table, view]);
  const [, redraw] = useState(0);
  const ask = useCallback(
    (column: string) => {
      const known = cache.get(column);
      if (table.views === null || (known !== undefined && known.kind !== "failed")) return;
      const put = (summary: Summary): void => {
        cache.set(column, summary);
        redraw((count) => count + 1);
      };
      put({ kind: "asked" });
      table.views.column(column, view).then(
        (summary) => put({ kind: "there", summary }),
        (error: unknown) => put({ kind: "failed", error: errorInfo(error) }),
      );
    },
    [cache, table, view],
  );
  return { of: (column) => cache.get(column) ?? null, ask };
}
