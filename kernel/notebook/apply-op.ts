import { WorkspaceError } from "#protocol/error.ts";
import type { NotebookOp } from "#protocol/notebook-op.ts";

import { inserted, replaced, without } from "./arrange.ts";
import { cellText, lineEnd, whole, withInfo, withLineEnd, withSource } from "./fence.ts";
import type { LineEnd } from "./fence.ts";
import { identify } from "./identify.ts";
import { cellsOf, serialise } from "./notebook.ts";
import type { Block, Cell, Notebook } from "./notebook.ts";
import { parse } from "./parse.ts";
import { merged } from "./merge-cells.ts";
import { renameUses } from "./rename-uses.ts";
import { split } from "./split-cell.ts";

/** Languages in which a name with a hyphen can be written. */
const HYPHENS: ReadonlySet<string> = new Set(["sql", "yaml"]);
const NAME = /^[A-Za-z_$][\w$-]{0,63}$/;

/**
 * Carries out one op on the text of the block that it names; all other text stays as it is, byte for byte, but for
 * the line that keeps what moves, comes or goes apart from its neighbours. Blocks keep their ids (see `identify`).
 * Deleting or moving what is not there any more changes nothing.
 *
 * Prose may hold a new cell, or end in an open fence, which is closed so that it does not take in what follows.
 *
 * @throws {WorkspaceError} `usage` when the block to be changed is not there, `notebook` for a name that is taken
 *   or none, and for what would be no cell
 */
export function applyOp(notebook: Notebook, op: NotebookOp): Notebook {
  const raws = change(notebook, op);
  return raws === null ? notebook : rewrite(notebook, raws.join(""));
}

/** The notebook with another text; blocks that are still there keep their ids. */
export function rewrite(notebook: Notebook, text: string): Notebook {
  const parsed = parse(notebook.path, text);
  return { ...parsed, blocks: identify(notebook.blocks, parsed.blocks) };
}

/** The new texts of the blocks; null: as they are. */
function change(notebook: Notebook, op: NotebookOp): string[] | null {
  const { blocks } = notebook;
  const end = lineEnd(serialise(notebook));
  switch (op.op) {
    case "set-source": {
      const block = required(notebook, op.block);
      const raw =
        block.type === "cell" ? withSource(block, op.source) : proseText(notebook, block, op.source);
      return replaced(blocks, block, raw);
    }
    case "set-info": {
      const block = required(notebook, op.block);
      return replaced(blocks, block, converted(notebook, block, op, end));
    }
    case "rename": {
      const cell = required(notebook, op.block);
      if (cell.type === "prose") throw invalid("prose has no name", "Name a cell.");
      return renamed(notebook, cell, op.name);
    }
    case "insert": {
      if (op.name !== null) requireFree(notebook, op.name);
      const raw =
        op.language === "md" ? whole(withLineEnd(op.source, end), end) : cellText(op, op.source, end);
      const after = op.after === null ? -1 : blocks.findIndex(({ id }) => id === op.after);
      // What it was to follow is gone: better at the end than lost.
      const at = op.after !== null && after < 0 ? blocks.length : after + 1;
      return inserted(
        blocks.map((block) => block.raw),
        at,
        raw,
        end,
      );
    }
    case "delete": {
      const at = blocks.findIndex(({ id }) => id === op.block);
      return at < 0 ? null : without(blocks, at, end);
    }
    case "move": {
      const from = blocks.findIndex(({ id }) => id === op.block);
      const after = op.after === null ? -1 : blocks.findIndex(({ id }) => id === op.after);
      const block = blocks[from];
      const isThere = after === from || after === from - 1;
      if (block === undefined || isThere || (after < 0 && op.after !== null)) return null;
      const at = after < from ? after + 1 : after;
      return inserted(without(blocks, from, end), at, whole(block.raw, end), end);
    }
    case "merge": {
      const cells = [op.block, ...op.with].map((id) => required(notebook, id));
      return merged(blocks, cells, end);
    }
    case "split":
      return split(notebook, required(notebook, op.block), op.at, end);
  }
}

function required({ blocks, path }: Notebook, id: string): Block {
  const block = blocks.find((one) => one.id === id);
  if (block !== undefined) return block;
  throw new WorkspaceError({
    code: "usage",
    message: `no such cell in ${path}: ${id}`,
    hint: "It was deleted or renamed meanwhile: undo brings it back.",
  });
}

function requireFree(notebook: Notebook, name: string): void {
  if (!NAME.test(name)) {
    throw invalid(
      `not a name: ${name.slice(0, 100)}`,
      "Write letters, digits and _, at most 64, a letter first.",
    );
  }
  if (!cellsOf(notebook).some((cell) => cell.name === name)) return;
  throw invalid(`the name is taken: ${name}`, "Choose another name.");
}

function renamed(notebook: Notebook, cell: Cell, name: string): string[] | null {
  if (name === (cell.name ?? "")) return null;
  if (name !== "") requireFree(notebook, name);
  const raw = withInfo(cell, { ...cell, name: name === "" ? null : name });
  const { name: old } = cell;
  // What reads a name that two cells have stays with the other one: this one is renamed so that it can.
  const isTwice = cellsOf(notebook).some((other) => other !== cell && other.name === old);
  return notebook.blocks.map((block) => {
    if (block === cell) return raw;
    if (old === null || name === "" || isTwice) return block.raw;
    const changed = renameUses(block, old, name);
    if (
      changed !== block.raw &&
      name.includes("-") &&
      !(block.type === "cell" && HYPHENS.has(block.language))
    ) {
      throw invalid(`JavaScript cannot read ${name}`, "Choose a name without -: a cell or text uses it.");
    }
    return changed;
  });
}

function proseText(notebook: Notebook, block: Block, source: string): string {
  const end = lineEnd(serialise(notebook));
  const text = withLineEnd(source, end);
  // Emptied, it stays a block, which can be written in again.
  if (text === "") return end;
  return block === notebook.blocks.at(-1) ? text : whole(text, end);
}

/** A block as the cell, or the prose, that it is to become. */
function converted(
  notebook: Notebook,
  block: Block,
  { language, attributes }: { language: string; attributes: Readonly<Record<string, string>> },
  end: LineEnd,
): string {
  if (language === "md") return block.type === "prose" ? block.raw : whole(`${block.source}${end}`, end);
  if (block.type === "cell") return withInfo(block, { language, name: block.name, attributes });
  const text = block.raw.replace(/^(?:[ \t]*\r?\n)+|\s+$/g, "");
  const [, before = "", after = ""] = /^((?:[ \t]*\r?\n)*)[^]*?((?:[ \t]*\r?\n)*)$/.exec(block.raw) ?? [];
  const cell = cellText({ language, name: null, attributes }, text, end);
  // The line end of its last line is in the cell now.
  return `${before}${cell}${block === notebook.blocks.at(-1) ? after : after.replace(/^[ \t]*\r?\n(?=.)/s, "")}`;
}

function invalid(message: string, hint: string): WorkspaceError {
  return new WorkspaceError({ code: "notebook", message, hint });
}
