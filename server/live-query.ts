import { WorkspaceError } from "#protocol/error.ts";
import type { AssetKey } from "#protocol/ids.ts";
import type { LiveQuery } from "#protocol/kernel-messages.ts";
import type { QueryRequest } from "#protocol/messages.ts";
import type { CellView } from "#protocol/view.ts";

/**
 * What the kernel needs for a live SQL cell: the cells it reads, upstream first, and the tables that those read.
 * `tablePath` gives the stored table of an asset, null for what is no asset.
 *
 * @throws {WorkspaceError} `notebook` for a cell that is no live SQL, is off, or reads itself
 */
export function liveQueryOf(
  cells: readonly CellView[],
  { cell: asked, values, limit }: Pick<QueryRequest, "cell" | "values" | "limit">,
  tablePath: (asset: AssetKey) => string | null,
): LiveQuery {
  const closure = new Map<string, CellView>();
  const tables: Record<string, string> = {};
  const visit = (cell: CellView, readers: readonly string[]): void => {
    if (closure.has(cell.id)) return;
    if (readers.includes(cell.id)) throw ring([...readers.slice(readers.indexOf(cell.id)), cell.id]);
    if (cell.disabledBy !== null) throw disabled(cell);
    if (cell.error !== null) throw new WorkspaceError({ ...cell.error, cell: cell.error.cell ?? cell.id });
    for (const input of cell.inputs ?? []) {
      const upstream = cells.find((one) => one.name === input && isLive(one));
      if (upstream !== undefined) {
        visit(upstream, [...readers, cell.id]);
        continue;
      }
      const path = tablePath(input as AssetKey);
      if (path !== null) tables[input] = path;
    }
    closure.set(cell.id, cell);
  };
  const last = cells.find((one) => one.id === asked && isLive(one));
  if (last === undefined) {
    throw new WorkspaceError({
      code: "notebook",
      message: `no live SQL cell: ${asked}`,
      hint: "Ask for a sql cell without asset.",
    });
  }
  visit(last, []);
  return {
    cells: [...closure.values()].map(({ id, source, attributes }) => ({
      name: id,
      source,
      attributes,
      values: Object.hasOwn(values, id) ? (values[id] ?? []) : [],
    })),
    tables,
    limit,
  };
}

function isLive({ kind, asset }: CellView): boolean {
  return kind === "sql" && asset === null;
}

function disabled({ id, disabledBy }: CellView): WorkspaceError {
  return new WorkspaceError({
    code: "notebook",
    message: disabledBy === id ? `disabled: ${id}` : `disabled: ${id} reads ${disabledBy ?? ""}`,
    hint: "Enable the cell that is turned off.",
    cell: id,
  });
}

function ring(cells: readonly string[]): WorkspaceError {
  return new WorkspaceError({
    code: "notebook",
    message: `cells that read one another: ${cells.join(" → ")}`,
    hint: "Let one of them read something else.",
    cell: cells[0] ?? "",
  });
}
