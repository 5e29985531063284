import { WorkspaceError } from "#protocol/error.ts";

import { withSource } from "./fence.ts";
import type { LineEnd } from "./fence.ts";
import type { Block, Cell } from "./notebook.ts";

/**
 * The texts of all blocks when some cells are one: the first of them, whose text is followed by that of the others.
 *
 * @throws {WorkspaceError} `notebook` for cells of different languages, for words, and for cells that do not follow
 *   one another
 */
export function merged(blocks: readonly Block[], parts: readonly Block[], end: LineEnd): string[] {
  const cells = blocks.filter((block) => parts.includes(block));
  const [first, ...others] = cells.map((block) => cellOf(block));
  if (first === undefined || others.length === 0) return blocks.map(({ raw }) => raw);
  for (const other of others) if (other.language !== first.language) throw differ(first, other);
  const from = blocks.indexOf(first);
  const to = blocks.findLastIndex((block) => parts.includes(block));
  const between = blocks.slice(from, to + 1);
  if (between.some((block) => !parts.includes(block) && block.raw.trim() !== "")) {
    throw refusal("there is something between the cells", "Merge cells that follow one another.");
  }
  const source = [first, ...others].map((cell) => cell.source).join(end);
  return [...blocks.slice(0, from), { raw: withSource(first, source) }, ...blocks.slice(to + 1)].map(
    ({ raw }) => raw,
  );
}

function cellOf(block: Block): Cell {
  if (block.type === "cell") return block;
  throw refusal(
    "words are no cell",
    "Choose cells. Words are one text between two of them: without the cell between, two texts are one.",
  );
}

function differ(first: Cell, other: Cell): WorkspaceError {
  return refusal(
    `cells of different languages: ${first.language} and ${other.language}`,
    "Merge cells of one language.",
  );
}

function refusal(message: string, hint: string): WorkspaceError {
  return new WorkspaceError({ code: "notebook", message, hint });
}
