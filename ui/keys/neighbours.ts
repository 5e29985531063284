import type { AssetKey } from "#protocol/ids.ts";
import type { AssetView, CellView } from "#protocol/view.ts";

import type { CellState } from "../state/cell-state.ts";
import { wantsRun } from "../state/cell-state.ts";
import type { Command } from "./key-map.ts";

/** What a move between cells is decided from. */
export interface Ground {
  readonly cells: readonly CellView[];
  readonly assets: readonly AssetView[];
  readonly states: ReadonlyMap<AssetKey, CellState>;
  readonly focused: string | null;
}

/** The cell that a command leads to; null when there is none that way. */
export function neighbour(command: Command, ground: Ground): CellView | null {
  const { cells, focused } = ground;
  const at = cells.findIndex((cell) => cell.id === focused);
  switch (command) {
    case "next":
    case "run-next":
      return cells[at + 1] ?? null;
    case "previous":
      return at < 0 ? (cells.at(-1) ?? null) : (cells[at - 1] ?? null);
    case "next-problem":
      return cells.find((cell, index) => index > at && hasProblem(cell, ground)) ?? null;
    case "previous-problem":
      return cells.findLast((cell, index) => (at < 0 || index < at) && hasProblem(cell, ground)) ?? null;
    case "upstream":
      return cellOf(assetAt(ground)?.upstream ?? [], cells);
    case "downstream":
      return cellOf(assetAt(ground)?.downstream ?? [], cells);
    case "enter":
    case "leave":
    case "run":
    case "run-stale":
    case "stop":
    case "pane":
    case "help":
      return null;
  }
}

/** The asset of the focused cell. */
export function assetAt({ cells, assets, focused }: Ground): AssetView | null {
  const key = cells.find((cell) => cell.id === focused)?.asset ?? null;
  return assets.find((asset) => asset.key === key) ?? null;
}

function hasProblem(cell: CellView, { states }: Ground): boolean {
  if (cell.error !== null) return true;
  const state = cell.asset === null ? undefined : states.get(cell.asset);
  return state !== undefined && state.name !== "missing" && wantsRun(state);
}

function cellOf(keys: readonly AssetKey[], cells: readonly CellView[]): CellView | null {
  return cells.find((cell) => cell.asset !== null && keys.includes(cell.asset)) ?? null;
}
