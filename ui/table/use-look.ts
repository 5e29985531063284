import { useEffect, useState } from "react";

import type { ErrorInfo } from "#protocol/error.ts";
import { errorInfo } from "#protocol/error.ts";
import type { TableView as View } from "#protocol/messages.ts";

import { PLAIN, isPlain } from "./look.ts";
import type { TablePages } from "./table-pages.ts";

/** A table as a person looks at it. */
export interface Look {
  /** What was asked for. */
  readonly view: View;
  /** The rows that are there: of the last view that was answered, and always of one version alone. */
  readonly shown: TablePages;
  /** Whether `shown` is not yet what was asked for. */
  readonly pending: boolean;
  /** Why what was asked for cannot be shown; the table is then shown as it is. */
  readonly error: ErrorInfo | null;
  readonly set: (view: View) => void;
}

interface Answer {
  readonly base: TablePages;
  readonly view: View;
  readonly table: TablePages;
  readonly error: ErrorInfo | null;
}

/** The newest view wins: the request for one that is no longer wanted is given up. */
export function useLook(base: TablePages): Look {
  const [view, set] = useState<View>(PLAIN);
  const [answer, setAnswer] = useState<Answer | null>(null);
  useEffect(() => {
    if (isPlain(view)) return undefined;
    const abort = new AbortController();
    const open = async (): Promise<void> => {
      const answered = (table: TablePages, error: ErrorInfo | null): void => {
        if (!abort.signal.aborted) setAnswer({ base, view, table, error });
      };
      try {
        answered(await base.under(view, abort.signal), null);
      } catch (error) {
        answered(base, errorInfo(error));
      }
    };
    void open();
    return () => abort.abort();
  }, [base, view]);
  if (isPlain(view)) return { view, shown: base, pending: false, error: null, set };
  const known = answer?.base === base ? answer : null;
  const done = known?.view === view;
  return { view, shown: known?.table ?? base, pending: !done, error: done ? known.error : null, set };
}
