/** How texts of blocks are put beside one another so that each stays what it is. */
import { whole } from "./fence.ts";
import type { LineEnd } from "./fence.ts";
import type { Block } from "./notebook.ts";

/** The texts of all blocks, one of them changed. */
export function replaced(blocks: readonly Block[], block: Block, raw: string): string[] {
  return blocks.map((one) => (one === block ? raw : one.raw));
}

/** Puts a text between others, an empty line before it and after it. */
export function inserted(raws: readonly string[], at: number, raw: string, end: LineEnd): string[] {
  const before = raws.slice(0, at);
  const after = raws.slice(at);
  const last = before.length - 1;
  if (last >= 0) before[last] = whole(before[last] ?? "", end);
  const gapBefore = before.join("") === "" || endsBlank(before.join("")) || startsBlank(raw) ? "" : end;
  const gapAfter = after.join("") === "" || startsBlank(after.join("")) || endsBlank(raw) ? "" : end;
  return [...before, `${gapBefore}${raw}${gapAfter}`, ...after];
}

/** Takes a block out; of the empty lines that stood on both sides of it, one goes with it. */
export function without(blocks: readonly Block[], at: number, end: LineEnd): string[] {
  const raws = blocks.map((block) => block.raw);
  const before = raws.slice(0, at).join("");
  const after = raws.slice(at + 1);
  const rest = after.join("");
  if (blocks[at]?.type === "cell" && rest !== "") {
    if ((before === "" || endsBlank(before)) && startsBlank(rest)) {
      after[0] = (after[0] ?? "").replace(/^[ \t]*\r?\n/, "");
    } else if (before !== "" && !endsBlank(before) && !startsBlank(rest))
      after[0] = `${end}${after[0] ?? ""}`;
  }
  return [...raws.slice(0, at), ...after];
}

function startsBlank(text: string): boolean {
  return /^[ \t]*\r?\n/.test(text);
}

function endsBlank(text: string): boolean {
  return /(?:^|\n)[ \t]*\r?\n$/.test(text);
}
