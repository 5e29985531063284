import type { ErrorInfo } from "#protocol/error.ts";
import type { AssetKey } from "#protocol/ids.ts";
import type { AssetView, CellView } from "#protocol/view.ts";

import type { CellLinks } from "../runtime/outputs.ts";
import type { CellState } from "../state/cell-state.ts";
import { wantsRun } from "../state/cell-state.ts";

/** A way from one cell to another. */
export type Way =
  | "next"
  | "previous"
  | "first"
  | "last"
  | "next-problem"
  | "previous-problem"
  | "upstream"
  | "downstream";

/** What a move between cells is decided from. */
export interface Ground {
  readonly cells: readonly CellView[];
  readonly assets: readonly AssetView[];
  readonly states: ReadonlyMap<AssetKey, CellState>;
  readonly focused: string | null;
  /** Of the cells that the page computes: what they read and define, and what they fail with. */
  readonly links: () => ReadonlyMap<string, CellLinks>;
  readonly failure: (cell: CellView) => ErrorInfo | null;
}

/** The cell that a way leads to; null when there is none that way. */
export function neighbour(way: Way, ground: Ground): CellView | null {
  const { cells, focused } = ground;
  const at = cells.findIndex((cell) => cell.id === focused);
  switch (way) {
    case "next":
      return cells[at + 1] ?? null;
    case "previous":
      return at < 0 ? (cells.at(-1) ?? null) : (cells[at - 1] ?? null);
    case "first":
      return cells[0] ?? null;
    case "last":
      return cells.at(-1) ?? null;
    case "next-problem":
      return cells.find((cell, index) => index > at && hasProblem(cell, ground)) ?? null;
    case "previous-problem":
      return cells.findLast((cell, index) => (at < 0 || index < at) && hasProblem(cell, ground)) ?? null;
    case "upstream":
    case "downstream":
      return neighbours(way, ground)[0] ?? null;
  }
}

/** The cells of this notebook that the focused one is made from, or that are made from it. */
export function neighbours(way: "upstream" | "downstream", ground: Ground): CellView[] {
  const links = ground.links();
  const linksOf = (cell: CellView): CellLinks => {
    const asset = ground.assets.find(({ key }) => key === cell.asset);
    return asset === undefined
      ? (links.get(cell.id) ?? { reads: [], defines: [] })
      : { reads: asset.upstream, defines: [asset.key] };
  };
  const at = ground.cells.find((cell) => cell.id === ground.focused);
  if (at === undefined) return [];
  const own = linksOf(at);
  return ground.cells.filter((cell) => {
    const other = linksOf(cell);
    const [reads, defines] = way === "upstream" ? [own.reads, other.defines] : [other.reads, own.defines];
    return cell.id !== at.id && defines.some((name) => reads.includes(name));
  });
}

/** The asset of the focused cell. */
export function assetAt({ cells, assets, focused }: Ground): AssetView | null {
  const key = cells.find((cell) => cell.id === focused)?.asset ?? null;
  return assets.find((asset) => asset.key === key) ?? null;
}

function hasProblem(cell: CellView, { states, failure }: Ground): boolean {
  if (cell.error !== null || failure(cell) !== null) return true;
  const state = cell.asset === null ? undefined : states.get(cell.asset);
  return state !== undefined && state.name !== "missing" && wantsRun(state);
}
