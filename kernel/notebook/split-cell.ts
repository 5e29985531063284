import { inserted, replaced } from "./arrange.ts";
import { cellText, withSource } from "./fence.ts";
import type { LineEnd } from "./fence.ts";
import { cellsOf } from "./notebook.ts";
import type { Block, Notebook } from "./notebook.ts";

/**
 * The texts of all blocks when a cell is two. The first keeps name and attributes; the second has the same
 * attributes, and a name of its own when the first has one. A line end at the cut goes. Words are one text between
 * two cells, so where they are cut there is a cell from then on; without it they are one again.
 */
export function split(notebook: Notebook, block: Block, at: number, end: LineEnd): string[] {
  const { blocks } = notebook;
  if (block.type === "prose") return proseSplit(blocks, block, at, end);
  const before = block.source.slice(0, at).replace(/\r?\n$/, "");
  const after = block.source.slice(at).replace(/^\r?\n/, "");
  const { language, attributes } = block;
  const name = block.name === null ? null : freeName(block.name, notebook);
  const second = cellText({ language, name, attributes }, after, end);
  const raws = replaced(blocks, block, withSource(block, before));
  return inserted(raws, blocks.indexOf(block) + 1, second, end);
}

function proseSplit(blocks: readonly Block[], block: Block, at: number, end: LineEnd): string[] {
  const index = blocks.indexOf(block);
  const before = block.raw.slice(0, at).trimEnd();
  const raws = blocks.map(({ raw }) => raw);
  const cut = [before === "" ? "" : `${before}${end}`, block.raw.slice(at).replace(/^(?:[ \t]*\r?\n)+/, "")];
  const cell = cellText({ language: "sql", name: null, attributes: {} }, "select 1", end);
  return inserted([...raws.slice(0, index), ...cut, ...raws.slice(index + 1)], index + 1, cell, end);
}

function freeName(name: string, notebook: Notebook): string {
  const taken = new Set(cellsOf(notebook).map((cell) => cell.name));
  let count = 2;
  while (taken.has(`${name}_${count}`)) count++;
  return `${name}_${count}`;
}
