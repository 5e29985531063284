import type { ChangedCell } from "#protocol/view.ts";

import { identify } from "./identify.ts";
import type { Block, Notebook } from "./notebook.ts";
import { parse } from "./parse.ts";

/** In what a notebook differs from an earlier text of it, block by block: those of now in their order, then those that went. */
export function changedCells(before: string, now: Notebook): ChangedCell[] {
  const old = identify(now.blocks, parse(now.path, before).blocks).filter((block) => !isBlank(block));
  const byId = new Map(old.map((block) => [block.id, block.raw]));
  const kept = new Set(now.blocks.map(({ id }) => id));
  const changed = now.blocks
    .filter((block) => !isBlank(block) && byId.get(block.id) !== block.raw)
    .map(({ id, raw }) => ({ cell: id, before: byId.get(id) ?? null, after: raw }));
  const gone = old
    .filter(({ id }) => !kept.has(id))
    .map(({ id, raw }) => ({ cell: id, before: raw, after: null }));
  return [...changed, ...gone];
}

/** The empty lines between two cells. */
function isBlank(block: Block): boolean {
  return block.raw.trim() === "";
}
