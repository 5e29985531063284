import type { CellView } from "#protocol/view.ts";

/** Where a name stands in a cell's text: 1-based. */
export interface Use {
  readonly cell: CellView;
  readonly line: number;
  readonly column: number;
  /** The line's text, without the white space around it. */
  readonly text: string;
}

/** The cell that a name means. */
export function definerOf(cells: readonly CellView[], name: string): CellView | null {
  return cells.find((cell) => cell.name === name) ?? null;
}

/** Every place where a name stands in a cell's text, in the order of the notebook; in prose only what is computed. */
export function usesOf(
  cells: readonly CellView[],
  name: string,
  text: (cell: CellView) => string = (cell) => cell.source,
): Use[] {
  const pattern = new RegExp(`(?<![\\w$])${name.replace(/[$-]/g, "\\$&")}(?![\\w$])`, "g");
  return cells.flatMap((cell) => {
    if (cell.name === name) return [];
    return text(cell)
      .split("\n")
      .flatMap((line, at) => {
        const uses = [...line.matchAll(pattern)].filter(
          (use) => cell.kind !== "markdown" || /\$\{[^}]*$/.test(line.slice(0, use.index)),
        );
        return uses.map((use): Use => ({ cell, line: at + 1, column: use.index + 1, text: line.trim() }));
      });
  });
}

/** The name at a 1-based column of a line; null between names. */
export function nameAt(line: string, column: number): string | null {
  for (const word of line.matchAll(/[A-Za-z_$][\w$]*/g)) {
    if (word.index < column && column <= word.index + word[0].length + 1) return word[0];
  }
  return null;
}
