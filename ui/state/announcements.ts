import type { AssetKey } from "#protocol/ids.ts";

import type { CellState } from "./cell-state.ts";
import { isAtWork, isCurrent } from "./cell-state.ts";

/** What a screen reader is told between two pictures of the page: what failed, and what came to an end. */
export function announcements(
  before: ReadonlyMap<AssetKey, CellState>,
  now: ReadonlyMap<AssetKey, CellState>,
): string[] {
  const told: string[] = [];
  for (const [key, state] of now) {
    const old = before.get(key);
    if (old === undefined || old.name === state.name) continue;
    if (state.name === "failed") told.push(`${key} failed: ${state.error.message}`);
    else if (isCurrent(state) && isAtWork(old)) told.push(`${key} finished`);
    else if (state.name === "cancelled") told.push(`${key} stopped`);
  }
  return told;
}
