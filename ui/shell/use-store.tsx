import { createContext, useContext, useEffect, useState, useSyncExternalStore } from "react";
import type { Context } from "react";

import type { Arrival } from "../runtime/arrivals.ts";
import type { Output } from "../runtime/output.ts";
import type { Outputs } from "../runtime/outputs.ts";
import type { PageStore } from "../state/page-store.ts";
import type { PageView } from "../state/page-view.ts";

export const StoreContext: Context<PageStore | null> = createContext<PageStore | null>(null);

/** Where outputs come from when there is no store: in a file that stands on its own. */
export const OutputsContext: Context<Outputs | null> = createContext<Outputs | null>(null);

/** The values of the page's variables. */
export function useOutputs(): Outputs {
  const own = useContext(OutputsContext);
  const store = useContext(StoreContext);
  const outputs = own ?? store?.outputs;
  if (outputs === undefined) throw new Error("no outputs above this component");
  return outputs;
}

export function useStore(): PageStore {
  const store = useContext(StoreContext);
  if (store === null) throw new Error("no store above this component");
  return store;
}

export function usePage(): PageView {
  const store = useStore();
  return useSyncExternalStore(store.subscribe, store.view);
}

/**
 * One thing of the page, which must be the same object while it is the same: the component is rendered again only
 * when it is another. In what stands once in each cell, always this: a page has hundreds.
 */
export function usePageValue<T>(select: (view: PageView) => T): T {
  const store = useStore();
  return useSyncExternalStore(store.subscribe, () => select(store.view()));
}

/** The value of a variable of the dataflow; null before the first. */
export function useOutput(name: string): Output | null {
  const outputs = useOutputs();
  return useSyncExternalStore(
    (listener) => outputs.subscribe(listener),
    () => outputs.value(name),
  );
}

/** See {@link Outputs.ofCell}. */
export function useCellOutput(cell: string): Output | null {
  const outputs = useOutputs();
  return useSyncExternalStore(
    (listener) => outputs.subscribe(listener),
    () => outputs.ofCell(cell),
  );
}

/** Whether a newer value of a variable is on its way. */
export function usePending(name: string): boolean {
  const outputs = useOutputs();
  return useSyncExternalStore(
    (listener) => outputs.subscribe(listener),
    () => outputs.isPending(name),
  );
}

/** What has come of a variable's value that is not whole; null for one that is. */
export function useArrival(name: string): Arrival | null {
  const outputs = useOutputs();
  return useSyncExternalStore(
    (listener) => outputs.subscribe(listener),
    () => outputs.arrival(name),
  );
}

/** The time, in milliseconds, anew every so often. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
