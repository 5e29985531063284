import { lineEnd, whole } from "./fence.ts";
import type { LineEnd } from "./fence.ts";
import { identify } from "./identify.ts";
import type { Block, Notebook } from "./notebook.ts";
import { serialise } from "./notebook.ts";
import { parse } from "./parse.ts";

/** What two changes of one text give together. */
export interface Merged {
  readonly text: string;
  /** Blocks that both had changed, each in its own way. */
  readonly conflicts: number;
}

/**
 * Merges two changes of `base`, block by block: `ours` (the page) and `theirs` (another program). A block that one
 * of them changed, added or moved is as that one has it; one that a side deleted is gone, unless the other changed
 * it. A block that both changed stays as ours, and theirs follows it, marked as a conflict and switched off, so that
 * nothing is lost and nothing runs twice.
 */
export function merge(base: string, ours: Notebook, theirs: string): Merged {
  const ourText = serialise(ours);
  if (ourText === theirs || theirs === base) return { text: ourText, conflicts: 0 };
  if (ourText === base) return { text: theirs, conflicts: 0 };

  const end = lineEnd(ourText);
  const origin = identify(ours.blocks, parse("", base).blocks);
  const other = identify(origin, parse("", theirs).blocks);
  const sides = { origin: byId(origin), ours: byId(ours.blocks), theirs: byId(other) };
  let conflicts = 0;
  const chosen = order(origin, ours.blocks, other).flatMap((id) => {
    const [was, mine, its] = [sides.origin.get(id), sides.ours.get(id), sides.theirs.get(id)];
    if (mine === undefined) return its === undefined || its.raw === was?.raw ? [] : [its.raw];
    if (its === undefined) return was === undefined || was.raw !== mine.raw ? [mine.raw] : [];
    if (its.raw === mine.raw || its.raw === was?.raw) return [mine.raw];
    if (mine.raw === was?.raw) return [its.raw];
    conflicts += 1;
    return [mine.raw, conflictText(mine, its, end)];
  });
  return { text: joined(chosen, end), conflicts };
}

function byId(blocks: readonly Block[]): ReadonlyMap<string, Block> {
  return new Map(blocks.map((block) => [block.id, block]));
}

/** Ids of both sides, in the order of the side that changed the order; what only the other has follows what it followed. */
function order(origin: readonly Block[], ours: readonly Block[], theirs: readonly Block[]): string[] {
  const ids = (blocks: readonly Block[]): string[] => blocks.map(({ id }) => id);
  const known = new Set(ids(origin));
  const kept = (blocks: readonly Block[], among: readonly Block[]): string => {
    const here = new Set(ids(among));
    return ids(blocks)
      .filter((id) => known.has(id) && here.has(id))
      .join("\n");
  };
  const weMoved = kept(ours, origin) !== kept(origin, ours);
  const [spine, others] = weMoved ? [ours, theirs] : [theirs, ours];
  const result = ids(spine);
  const placed = new Set(result);
  for (const [at, id] of ids(others).entries()) {
    if (placed.has(id)) continue;
    const before = others[at - 1];
    result.splice(before === undefined ? 0 : result.indexOf(before.id) + 1, 0, id);
    placed.add(id);
  }
  return result;
}

/** Their version, as prose: a cell that is switched off, below a line that says what it is. */
function conflictText(mine: Block, its: Block, end: LineEnd): string {
  const what = mine.type === "cell" && mine.name !== null ? `\`${mine.name}\`` : "This text";
  const note =
    `> **Conflict.** ${what} was changed on the page and in another program at the same time. ` +
    `Above is the page's version; below is the other one. Keep what you want and delete the rest.`;
  const text = its.type === "cell" ? switchedOff(its) : its.raw;
  return `${end}${note}${end}${end}${text.replace(/^(?:[ \t]*\r?\n)+/, "")}${end}`;
}

/** As a cell it would be refused: with run=false, the last word of its first line, it is read as prose. */
function switchedOff({ raw }: Block): string {
  return raw.replace(/^[^\r\n]*/, (first) => `${first} run=false`);
}

/** Each block begins on a line of its own and closes what it opens. */
function joined(raws: readonly string[], end: LineEnd): string {
  return raws.map((raw, at) => (at === raws.length - 1 ? raw : whole(raw, end))).join("");
}
