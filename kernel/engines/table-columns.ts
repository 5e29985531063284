import { WorkspaceError } from "#protocol/error.ts";

import type { Connection } from "./engine.ts";
import { parquetRows } from "./parquet-rows.ts";

export interface TableColumn {
  readonly name: string;
  /** DuckDB's name of the type, such as `VARCHAR` or `INTEGER[]`. */
  readonly type: string;
}

/** Columns of a Parquet file in their order. */
export async function tableColumns(
  connection: Connection,
  path: string,
  signal?: AbortSignal,
): Promise<readonly TableColumn[]> {
  const described = await connection.rows<{ column_name: string; column_type: string }>(
    `describe from ${parquetRows(path)}`,
    [],
    signal,
  );
  return described.map(({ column_name, column_type }) => ({ name: column_name, type: column_type }));
}

/** @throws {WorkspaceError} `usage` for a name that the table does not have */
export function columnNamed(columns: readonly TableColumn[], name: string): TableColumn {
  const found = columns.find((column) => column.name === name);
  if (found !== undefined) return found;
  throw new WorkspaceError({
    code: "usage",
    message: `column not found: ${name}`,
    hint: `There are ${columns.map((column) => column.name).join(", ")}.`,
  });
}

export function isNumeric({ type }: TableColumn): boolean {
  return /^(?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|FLOAT|DOUBLE|DECIMAL\(.*\)|BIGNUM)$/.test(type);
}

export function isInteger({ type }: TableColumn): boolean {
  return /^U?(?:TINY|SMALL|BIG)?INT(?:EGER)?$/.test(type);
}

export function isText({ type }: TableColumn): boolean {
  return type === "VARCHAR" || /^ENUM\(.*\)$/.test(type);
}

export function isTextList({ type }: TableColumn): boolean {
  return type === "VARCHAR[]";
}
