import { useEffect, useRef, useState } from "react";
import type { ReactNode } from "react";

import type { AssetKey } from "#protocol/ids.ts";

import type { CellState } from "../state/cell-state.ts";
import { isAtWork, isCurrent } from "../state/cell-state.ts";
import { cellAnchor, showCell } from "./show-cell.ts";
import { usePage } from "./use-store.tsx";

interface Ended {
  readonly cell: string;
  readonly name: string;
  readonly word: "finished" | "failed";
  readonly where: "above" | "below";
}

const SHOWN_MS = 8_000;

/** Says that a cell which cannot be seen came to an end, and leads to it: the page itself never moves. */
export function FinishedPill(): ReactNode {
  const { page, states } = usePage();
  const before = useRef(states);
  const [ended, setEnded] = useState<Ended | null>(null);
  const { snapshot } = page;
  useEffect(() => {
    const old = before.current;
    before.current = states;
    const last = endedBetween(old, states);
    const cell = snapshot?.notebook.cells.find((one) => one.asset === last?.asset);
    const where = cell === undefined ? null : outOfSight(cell.id);
    if (last === null || cell === undefined || where === null) return;
    setEnded({ cell: cell.id, name: last.asset, word: last.word, where });
  }, [states, snapshot]);
  useEffect(() => {
    if (ended === null) return undefined;
    const timer = setTimeout(() => setEnded(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [ended]);
  if (ended === null) return null;
  return (
    <button
      type="button"
      className={`finished-pill ${ended.where} ${ended.word}`}
      onClick={() => {
        setEnded(null);
        showCell(ended.cell);
      }}
    >
      <span aria-hidden="true">{ended.where === "above" ? "▲" : "▼"}</span> {ended.name} {ended.word}
    </button>
  );
}

/** The last asset that came to an end; null when none did. */
function endedBetween(
  before: ReadonlyMap<AssetKey, CellState>,
  now: ReadonlyMap<AssetKey, CellState>,
): { readonly asset: AssetKey; readonly word: Ended["word"] } | null {
  if (before === now) return null;
  const ended = [...now].flatMap(([asset, state]) => {
    const old = before.get(asset);
    if (old === undefined || !isAtWork(old)) return [];
    return isCurrent(state) || state.name === "failed"
      ? [{ asset, word: isCurrent(state) ? "finished" : "failed" } as const]
      : [];
  });
  return ended.at(-1) ?? null;
}

/** Where a cell lies that is not seen; null for one that is. */
function outOfSight(cell: string): Ended["where"] | null {
  const box = document.getElementById(cellAnchor(cell))?.getBoundingClientRect();
  const room = document.querySelector("main.notebook")?.getBoundingClientRect();
  if (box === undefined || room === undefined || room.height === 0) return null;
  return box.bottom < room.top ? "above" : box.top > room.bottom ? "below" : null;
}
