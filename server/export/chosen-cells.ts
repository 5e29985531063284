import { definedNames } from "#notebook/cell-uses.ts";
import { WorkspaceError } from "#protocol/error.ts";
import type { CellView } from "#protocol/view.ts";

/** The cells that are shown, by their names or ids; of all, those that say anything. @throws {WorkspaceError} `usage` for one that is not there */
export function chosenCells(
  cells: readonly CellView[],
  names: readonly string[] | undefined,
): readonly CellView[] {
  const written = cells.filter(({ kind, source }) => kind !== "markdown" || source.trim() !== "");
  if (names === undefined) return written;
  const unknown = names.find(
    (name) => !cells.some((cell) => cell.id === name || definedNames(cell).includes(name)),
  );
  if (unknown !== undefined) {
    throw new WorkspaceError({
      code: "usage",
      message: `no such cell: ${unknown}`,
      hint: `There are ${cells.flatMap(({ name }) => name ?? []).join(", ")}.`,
    });
  }
  return written.filter(
    (cell) => names.includes(cell.id) || definedNames(cell).some((name) => names.includes(name)),
  );
}
