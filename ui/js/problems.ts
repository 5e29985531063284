import type { ErrorInfo, Span } from "#protocol/error.ts";
import { nearHint } from "#graph/nearest.ts";

/** A cell of the page's graph, as far as its problems go. */
export interface CellNames {
  readonly id: string;
  /** How people call it: `cell totals`, `the cell that begins "Plot.plot("`. */
  readonly label: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Where an input is first used; null when that is not known. */
  readonly place: (input: string) => Span | null;
}

/**
 * What is wrong between cells, by the id of the cell: a name that is defined twice (said on every definer, naming
 * the others), a ring of cells, a name that nothing defines.
 *
 * @param known names that are defined outside the cells: assets and builtins
 * @param deleted names that cells defined which a person deleted
 */
export function problems(
  cells: readonly CellNames[],
  known: ReadonlySet<string>,
  deleted: ReadonlySet<string> = new Set(),
): Map<string, ErrorInfo> {
  const found = new Map<string, ErrorInfo>();
  const definers = new Map<string, CellNames[]>();
  for (const cell of cells) {
    for (const name of cell.outputs) definers.set(name, [...(definers.get(name) ?? []), cell]);
  }
  for (const [name, cellsOfName] of definers) {
    if (known.has(name)) for (const cell of cellsOfName) found.set(cell.id, takenByAsset(name));
    if (cellsOfName.length < 2) continue;
    for (const cell of cellsOfName) found.set(cell.id, definedTwice(name, cell, cellsOfName));
  }
  for (const ring of rings(cells, definers)) for (const cell of ring) found.set(cell.id, cycle(ring));
  for (const cell of cells) {
    const absent = cell.inputs.find((input) => !definers.has(input) && !known.has(input));
    if (absent === undefined || found.has(cell.id)) continue;
    const names = [...definers.keys(), ...known];
    found.set(cell.id, undefinedName(absent, cell, names, deleted.has(absent)));
  }
  return found;
}

/** Each set of cells that read one another in a ring, in the order in which they do; a ring is found once. */
function rings(
  cells: readonly CellNames[],
  definers: ReadonlyMap<string, readonly CellNames[]>,
): CellNames[][] {
  const found: CellNames[][] = [];
  const done = new Set<CellNames>();
  const path: CellNames[] = [];
  const visit = (cell: CellNames): void => {
    const at = path.indexOf(cell);
    if (at >= 0) {
      found.push(path.slice(at));
      return;
    }
    if (done.has(cell)) return;
    path.push(cell);
    for (const input of cell.inputs) for (const definer of definers.get(input) ?? []) visit(definer);
    path.pop();
    done.add(cell);
  };
  for (const cell of cells) visit(cell);
  return found;
}

function definedTwice(name: string, cell: CellNames, definers: readonly CellNames[]): ErrorInfo {
  const others = definers.filter((one) => one !== cell).map((one) => one.label);
  return {
    code: "notebook",
    message: `two definitions of ${name}: here and in ${others.join(", ")}`,
    hint: "Rename one of them: a name stands for one variable.",
  };
}

function takenByAsset(name: string): ErrorInfo {
  return {
    code: "notebook",
    message: `two definitions of ${name}: here and as an asset of the workspace`,
    hint: "Rename this one: the names of assets hold in every notebook.",
  };
}

function cycle(ring: readonly CellNames[]): ErrorInfo {
  const [first] = ring;
  const labels = [...ring, ...(first === undefined ? [] : [first])].map((one) => one.label);
  return {
    code: "notebook",
    message: `cycle: ${labels.join(" reads ")}`,
    hint: "Take one of these inputs out: a cell cannot be made from itself.",
  };
}

function undefinedName(
  name: string,
  cell: CellNames,
  names: readonly string[],
  isDeleted: boolean,
): ErrorInfo {
  const span = cell.place(name);
  return {
    code: "notebook",
    message: isDeleted ? `${name} was defined by a deleted cell` : `${name} is not defined`,
    hint: isDeleted
      ? "Undo brings the cell back; else define it in another, or take it out."
      : nearHint(name, names, "Define it in a cell, or take it out."),
    ...(span === null ? {} : { span }),
  };
}
