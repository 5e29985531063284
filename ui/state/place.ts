import type { PartitionKey } from "#protocol/ids.ts";
import type { Cursor } from "#protocol/messages.ts";
import type { Snapshot } from "#protocol/view.ts";

/** What is asked of the server when the page opens. */
export interface Place {
  readonly notebook: string | null;
  readonly partition: PartitionKey | null;
  /** Time that it is shown at; null: as it is. */
  readonly at: string | null;
}

/** With what a page that was there before asks for what it missed; empty when it needs everything. */
export type Resumption = Partial<Place> & { readonly cursor?: Cursor };

/** Where the page stands, when it shows what it is to show. */
export function cursorOf(wanted: Place, snapshot: Snapshot | null): Resumption {
  if (snapshot === null) return {};
  const { boot, seq, notebook, partition } = snapshot;
  const place = { notebook: notebook.path, partition };
  const other =
    (wanted.notebook ?? place.notebook) !== place.notebook ||
    (wanted.partition ?? place.partition) !== place.partition;
  return other ? {} : { ...place, cursor: { boot, seq } };
}
