/** What of the workspace's assets is shown, and in which order. Pure. */
import type { AssetKey } from "#protocol/ids.ts";
import type { AssetView } from "#protocol/view.ts";

import type { CellState } from "../state/cell-state.ts";
import { STATE_LOOKS } from "../state/cell-state.ts";

interface Wanted {
  /** Words that must all be in the name or the kind. */
  readonly search: string;
  /** The empty string: any. */
  readonly kind: string;
  /** The word of a state; the empty string: any. */
  readonly state: string;
}

type States = ReadonlyMap<AssetKey, CellState>;

/** By name; what needs a hand does not come first: a list that jumps is no list. */
export function catalogue(assets: readonly AssetView[], states: States, wanted: Wanted): AssetView[] {
  const words = wanted.search.toLowerCase().split(/\s+/).filter(Boolean);
  return assets
    .filter((asset) => {
      const text = `${asset.key} ${asset.kind}`.toLowerCase();
      return (
        words.every((word) => text.includes(word)) &&
        (wanted.kind === "" || asset.kind === wanted.kind) &&
        (wanted.state === "" || wordOf(states, asset.key) === wanted.state)
      );
    })
    .toSorted((a, b) => a.key.localeCompare(b.key, "en"));
}

export function kindsOf(assets: readonly AssetView[]): string[] {
  return [...new Set(assets.map((asset) => asset.kind))].toSorted();
}

export function wordsOf(states: States): string[] {
  return [...new Set([...states.values()].map((state) => STATE_LOOKS[state.name].word))].toSorted();
}

function wordOf(states: States, key: AssetKey): string {
  return STATE_LOOKS[states.get(key)?.name ?? "missing"].word;
}
