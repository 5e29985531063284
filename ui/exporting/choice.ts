/** What a person chooses of an export, and what is then asked of the server. Pure. */
import { WHOLE, dimensions } from "#protocol/ids.ts";
import type { QueryValue } from "#protocol/messages.ts";
import type { CellView, Snapshot } from "#protocol/view.ts";

export interface Choice {
  readonly code: "folded" | "shown" | "left-out";
  /** As it was typed. */
  readonly rows: string;
  readonly sample: string;
  readonly fresh: boolean;
  /** Ids of the cells that are shown. */
  readonly cells: ReadonlySet<string>;
  /** Names of columns that are left out, by asset. */
  readonly without: Readonly<Record<string, readonly string[]>>;
}

interface Standing {
  readonly values: Readonly<Record<string, readonly QueryValue[]>>;
  readonly inputs: Readonly<Record<string, QueryValue>>;
}

export function firstChoice({ notebook, partition }: Snapshot): Choice {
  return {
    code: "folded",
    rows: "100000",
    sample: dimensions(partition).sample,
    fresh: false,
    cells: new Set(notebook.cells.map(({ id }) => id)),
    without: {},
  };
}

/** Parameters of `notebook-export`. */
export function exportRequest(
  { notebook, partition, assets }: Snapshot,
  choice: Choice,
  { values, inputs }: Standing,
): Readonly<Record<string, unknown>> {
  const isAll = notebook.cells.every(({ id }) => choice.cells.has(id));
  const columns = Object.entries(choice.without).flatMap(([asset, without]): [string, string[]][] => {
    const shown = notebook.cells.some((cell) => cell.asset === asset && choice.cells.has(cell.id));
    if (!shown || without.length === 0) return [];
    const all = assets.find(({ key }) => key === asset)?.record?.columns ?? [];
    return [[asset, all.flatMap(({ name }) => (without.includes(name) ? [] : [name]))]];
  });
  return {
    notebook: notebook.path,
    ...(partition === WHOLE ? {} : { partition, sample: choice.sample.trim() }),
    code: choice.code,
    rows: Number(choice.rows),
    ...(notebook.at === undefined ? { fresh: choice.fresh } : { at: notebook.at }),
    ...(isAll ? {} : { cells: [...choice.cells] }),
    ...(columns.length === 0 ? {} : { columns: Object.fromEntries(columns) }),
    values,
    inputs,
  };
}

/** How a list names a cell. */
export function cellLabel(cell: CellView): string {
  if (cell.name !== null) return cell.name;
  const [first = ""] = cell.source.trim().split("\n");
  const words = first.replace(/^#+\s*/, "");
  return words.length > 60 ? `${words.slice(0, 59)}…` : words;
}
