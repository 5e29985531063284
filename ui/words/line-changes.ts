/** A line of two texts laid over one another. */
export interface LineChange {
  readonly line: string;
  readonly is: "same" | "gone" | "new";
}

/** Lines that stay the same beside a change, so that one sees where it is. */
const CONTEXT = 2;

/** The lines that differ between two texts, as one stretch, with what stands around it. */
export function lineChanges(before: string, after: string): LineChange[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  const most = Math.min(old.length, now.length);
  let head = 0;
  while (head < most && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < most - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  const as = (is: LineChange["is"], lines: readonly string[]): LineChange[] =>
    lines.map((line) => ({ line, is }));
  return [
    ...as("same", old.slice(Math.max(0, head - CONTEXT), head)),
    ...as("gone", old.slice(head, old.length - tail)),
    ...as("new", now.slice(head, now.length - tail)),
    ...as("same", old.slice(old.length - tail, old.length - tail + CONTEXT)),
  ];
}

function linesOf(text: string): string[] {
  return text === "" ? [] : text.replace(/\r?\n$/, "").split("\n");
}
