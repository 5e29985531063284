import { heldTable } from "../table/held-table.ts";
import { rowCount } from "../table/table-pages.ts";
import type { ArrowPage, TablePages } from "../table/table-pages.ts";
import { rowsOf } from "./table-rows.ts";

/** A result that is not whole: on its way, or stopped by a person. */
export interface Arrival {
  /** Some of its rows: those that were there when it began to be shown, or was stopped; null when none was. */
  readonly table: TablePages | null;
  /** Rows that have come. */
  readonly rows: number;
  /** Nothing more comes. */
  readonly stopped: boolean;
}

/** One result while it is read. */
export interface Receiving {
  /** Fires when the result is no longer wanted, or a person stops it. */
  readonly signal: AbortSignal;
  /** Tells of everything that has come so far. */
  readonly came: (page: ArrowPage) => void;
  /** It is whole, has failed, or is not wanted. */
  readonly end: () => void;
  /** Whether a person stopped it. */
  readonly wasStopped: () => boolean;
  /** What has come of what was stopped stays to be seen. */
  readonly keep: () => void;
}

/** A result that comes sooner is shown when it is whole: nothing blinks. */
const PATIENCE_MS = 250;
/** Rows that are shown of a result on its way. */
const FIRST_ROWS = 10_000;
/** Rows are counted on the screen so often. */
const COUNTED_MS = 200;

const NOTHING = { table: null, rows: 0 } as const;

interface Entry {
  readonly abort: AbortController;
  arrival: Arrival | null;
}

/** What has come of results that are still being read, by variable. */
export class Arrivals {
  readonly #entries = new Map<string, Entry>();
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Null while there is nothing to say: the result is whole, or was asked for just now. */
  of(name: string): Arrival | null {
    return this.#entries.get(name)?.arrival ?? null;
  }

  /** Ends what is being read; what has come is kept. Whether there was anything to end. */
  stop(name: string): boolean {
    const entry = this.#entries.get(name);
    if (entry?.arrival?.stopped !== false) return false;
    entry.abort.abort();
    return true;
  }

  forget(name: string): void {
    this.#entries.delete(name);
  }

  /** Begins to read a result; what is known of the one before it goes. `superseded` fires when it is not wanted. */
  begin(name: string, superseded: AbortSignal): Receiving {
    const entry: Entry = { abort: new AbortController(), arrival: null };
    this.#entries.set(name, entry);
    let page: ArrowPage | null = null;
    let counted = -Infinity;
    const show = (arrival: Arrival): void => {
      if (this.#entries.get(name) !== entry) return;
      entry.arrival = arrival;
      counted = performance.now();
      this.#changed();
    };
    const patience = setTimeout(() => {
      show({ ...(page === null ? NOTHING : { table: partOf(page), rows: rowCount(page) }), stopped: false });
    }, PATIENCE_MS);
    const giveUp = (): void => entry.abort.abort();
    superseded.addEventListener("abort", giveUp, { once: true });
    const settled = (): void => {
      clearTimeout(patience);
      superseded.removeEventListener("abort", giveUp);
    };
    return {
      signal: entry.abort.signal,
      came: (all) => {
        page = { schema: all.schema, batches: [...all.batches] };
        const { arrival } = entry;
        if (arrival === null) return;
        if (arrival.table === null || performance.now() - counted >= COUNTED_MS)
          show({ ...arrival, table: arrival.table ?? partOf(page), rows: rowCount(page) });
      },
      end: () => {
        settled();
        if (this.#entries.get(name) !== entry) return;
        this.#entries.delete(name);
        if (entry.arrival !== null) this.#changed();
      },
      wasStopped: () => entry.abort.signal.aborted && !superseded.aborted,
      keep: () => {
        settled();
        show({
          ...(page === null ? NOTHING : { table: heldTable(page, true), rows: rowCount(page) }),
          stopped: true,
        });
      },
    };
  }
}

/** The state of a cell whose result is not whole. */
export function arrivalState(arrival: Arrival | null): "running" | "streaming" | "cancelled" | null {
  if (arrival === null) return null;
  if (arrival.stopped) return "cancelled";
  return arrival.table === null ? "running" : "streaming";
}

/** Rows in the order in which they came, as they are looked at while others come: neither sorted nor filtered. */
function partOf(page: ArrowPage): TablePages {
  const shown = rowsOf(page, 0, FIRST_ROWS);
  return heldTable(shown, true).inOneOrder();
}
