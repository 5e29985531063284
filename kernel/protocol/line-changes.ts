/** A line of two texts laid over one another; `gap` stands where lines that are the same are left out. */
export interface LineChange {
  readonly line: string;
  readonly is: "same" | "gone" | "new" | "gap";
}

/** Lines that stay the same beside a change, so that one sees where it is. */
const CONTEXT = 2;

/** The lines that differ between two texts, each stretch of them with what stands around it. */
export function lineChanges(before: string, after: string): LineChange[] {
  const all = changes(linesOf(before), linesOf(after));
  const isNear = new Set<number>();
  for (const [at, { is }] of all.entries()) {
    if (is !== "same") for (let near = at - CONTEXT; near <= at + CONTEXT; near++) isNear.add(near);
  }
  return all.flatMap((change, at): LineChange[] => {
    if (isNear.has(at)) return [change];
    return isNear.has(at - 1) && all.findLastIndex(({ is }) => is !== "same") > at
      ? [{ line: "", is: "gap" }]
      : [];
  });
}

/**
 * Patience diff (Bram Cohen): lines that both sides have once, in the same order, stay where they are, and what lies
 * between two of them is compared by itself.
 */
function changes(old: readonly string[], now: readonly string[]): LineChange[] {
  const most = Math.min(old.length, now.length);
  let head = 0;
  while (head < most && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < most - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  const [was, is] = [old.slice(head, old.length - tail), now.slice(head, now.length - tail)];
  return [
    ...as("same", old.slice(0, head)),
    ...between(was, is),
    ...as("same", old.slice(old.length - tail)),
  ];
}

function between(old: readonly string[], now: readonly string[]): LineChange[] {
  const anchors = anchorsOf(old, now);
  if (anchors.length === 0) return [...as("gone", old), ...as("new", now)];
  const result: LineChange[][] = [];
  let [o, n] = [0, 0];
  for (const [oldAt, nowAt] of [...anchors, [old.length, now.length] as const]) {
    result.push(changes(old.slice(o, oldAt), now.slice(n, nowAt)), as("same", old.slice(oldAt, oldAt + 1)));
    [o, n] = [oldAt + 1, nowAt + 1];
  }
  return result.flat();
}

/** Places of lines that are on both sides once: the longest row of them that rises on both. */
function anchorsOf(old: readonly string[], now: readonly string[]): (readonly [number, number])[] {
  const [inOld, inNow] = [onceIn(old), onceIn(now)];
  const pairs = [...inOld].flatMap(([line, at]) => {
    const other = inNow.get(line);
    return other === undefined ? [] : [{ old: at, now: other, before: -1 }];
  });
  /** Of rows of each length the pair that ends one, with the smallest place. */
  const ends: number[] = [];
  for (const [index, pair] of pairs.entries()) {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[ends[middle] ?? 0]?.now ?? 0) < pair.now) low = middle + 1;
      else high = middle;
    }
    pair.before = ends[low - 1] ?? -1;
    ends[low] = index;
  }
  const row: (readonly [number, number])[] = [];
  for (let pair = pairs[ends.at(-1) ?? -1]; pair !== undefined; pair = pairs[pair.before]) {
    row.push([pair.old, pair.now]);
  }
  return row.toReversed();
}

/** Places of the lines that are there once, from the top. */
function onceIn(lines: readonly string[]): Map<string, number> {
  const places = new Map<string, number>();
  const twice = new Set<string>();
  for (const [at, line] of lines.entries()) {
    if (places.has(line)) twice.add(line);
    else places.set(line, at);
  }
  for (const line of twice) places.delete(line);
  return places;
}

function as(is: LineChange["is"], lines: readonly string[]): LineChange[] {
  return lines.map((line) => ({ line, is }));
}

function linesOf(text: string): string[] {
  return text === "" ? [] : text.replace(/\r?\n$/, "").split("\n");
}
