import type { Block } from "./notebook.ts";

/**
 * Gives the blocks of a changed text the ids that they had before. A named cell is its name. Of the others, one
 * with the same text is the same block, wherever it stands now; of what is left, the first of a language is the
 * first of that language before: that is what an edit of its text looks like. What is new gets an id of its own.
 */
export function identify(before: readonly Block[], after: readonly Block[]): Block[] {
  const ids: (string | null)[] = after.map((block) => nameOf(block));
  const used = new Set(ids.filter((id) => id !== null));
  const left = before.filter((block) => nameOf(block) === null && !used.has(block.id));
  const take = (at: number, id: string): void => {
    ids[at] = id;
    used.add(id);
  };

  // From both ends first: of two blocks alike, the one that did not move is itself.
  let [first, last] = [0, after.length - 1];
  for (; first < after.length && before[first]?.raw === after[first]?.raw; first++) takeBack(first, first);
  for (let old = before.length - 1; last >= first && old >= first; last--, old--) {
    if (before[old]?.raw !== after[last]?.raw) break;
    takeBack(last, old);
  }
  function takeBack(at: number, old: number): void {
    const block = before[old];
    const index = block === undefined ? -1 : left.indexOf(block);
    if (block === undefined || index < 0 || ids[at] !== null) return;
    left.splice(index, 1);
    take(at, block.id);
  }

  for (const alike of [sameText, sameLanguage]) {
    for (const [at, block] of after.entries()) {
      if (ids[at] !== null) continue;
      const index = left.findIndex((one) => alike(one, block));
      const found = left[index];
      if (found === undefined) continue;
      left.splice(index, 1);
      take(at, found.id);
    }
  }
  return after.map((block, at) => {
    const id = ids[at] ?? unused(block.id, used);
    used.add(id);
    return { ...block, id };
  });
}

/** Named cells that share a name have been told apart by their parser: their ids are as good as names. */
function nameOf(block: Block): string | null {
  return block.type === "cell" && block.name !== null ? block.id : null;
}

function sameText(one: Block, other: Block): boolean {
  return one.raw === other.raw;
}

function sameLanguage(one: Block, other: Block): boolean {
  return languageOf(one) === languageOf(other);
}

function languageOf(block: Block): string {
  return block.type === "prose" ? "md" : block.language;
}

function unused(wanted: string, used: ReadonlySet<string>): string {
  let id = wanted;
  for (let count = 2; used.has(id); count++) id = `${wanted}~${count}`;
  return id;
}
