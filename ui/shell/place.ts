import type { PartitionKey } from "#protocol/ids.ts";
import { parsePartition, WHOLE } from "#protocol/ids.ts";

import type { Place } from "../state/place.ts";

/** What the page shows, as its address keeps it. */
export function placeQuery(place: Place): string {
  const query = new URLSearchParams();
  if (place.notebook !== null) query.set("notebook", place.notebook);
  if (place.partition !== null && place.partition !== WHOLE) query.set("partition", place.partition);
  if (place.at !== null) query.set("at", place.at);
  // Slashes and colons are allowed in a query, and people read them.
  const text = query.toString().replaceAll("%2F", "/").replaceAll("%3A", ":");
  return text === "" ? "" : `?${text}`;
}

/** An address that someone wrote by hand may hold anything: what is no partition is none. */
export function placeFrom(query: string): Place {
  const parameters = new URLSearchParams(query);
  return {
    notebook: parameters.get("notebook"),
    partition: partitionOf(parameters.get("partition")),
    at: parameters.get("at"),
  };
}

function partitionOf(text: string | null): PartitionKey | null {
  if (text === null) return null;
  try {
    return parsePartition(text);
  } catch {
    return null;
  }
}
