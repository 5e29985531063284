import { WorkspaceError } from "#protocol/error.ts";

import { inserted, replaced } from "./arrange.ts";
import { cellText, withSource } from "./fence.ts";
import type { LineEnd } from "./fence.ts";
import { cellsOf } from "./notebook.ts";
import type { Block, Notebook } from "./notebook.ts";

/**
 * The texts of all blocks when a cell is two. The first keeps name and attributes; the second has the same
 * attributes, and a name of its own when the first has one. A line end at the cut goes.
 *
 * @throws {WorkspaceError} `notebook` for words, which are one text between two cells
 */
export function split(notebook: Notebook, block: Block, at: number, end: LineEnd): string[] {
  if (block.type === "prose") {
    const hint = "Insert a cell where the text is to be cut.";
    throw new WorkspaceError({ code: "notebook", message: "words between two cells are one text", hint });
  }
  const { blocks } = notebook;
  const before = block.source.slice(0, at).replace(/\r?\n$/, "");
  const after = block.source.slice(at).replace(/^\r?\n/, "");
  const { language, attributes } = block;
  const name = block.name === null ? null : freeName(block.name, notebook);
  const second = cellText({ language, name, attributes }, after, end);
  const raws = replaced(blocks, block, withSource(block, before));
  return inserted(raws, blocks.indexOf(block) + 1, second, end);
}

function freeName(name: string, notebook: Notebook): string {
  const taken = new Set(cellsOf(notebook).map((cell) => cell.name));
  let count = 2;
  while (taken.has(`${name}_${count}`)) count++;
  return `${name}_${count}`;
}
