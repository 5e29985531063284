import type { DiffKey } from "#protocol/diff.ts";

import { quoteName } from "../engines/engine.ts";
import type { Connection } from "../engines/engine.ts";
import { numberedRows } from "../engines/parquet-rows.ts";
import { columnNamed } from "../engines/table-columns.ts";
import type { TableColumn } from "../engines/table-columns.ts";

/** A variant's place and alleles. */
const SITE = ["chrom", "start", "ref", "alt"];
/** A call of a genotyping array has its rsID alone, beside a position of the file's own. */
const OF_ARRAY = ["file_position", "rsid"];
/** What a module says is of a genotype, whatever other alleles the record lists; several rsIDs may lie at one site. */
const OF_MODULE = ["module", "chrom", "start", "ref", "genotype"];
/** More columns than these say less about what a row is than about what is in it. */
const MOST_LEADING = 6;

/**
 * Chooses the columns that say which row of one table is which of another, by the rule of {@link DiffKey}.
 * `columns` are those of both.
 *
 * @throws {WorkspaceError} `usage` for a given column that one of the tables does not have
 */
export async function diffKey(
  connection: Connection,
  paths: readonly string[],
  columns: readonly TableColumn[],
  given: readonly string[],
  signal: AbortSignal,
): Promise<DiffKey> {
  if (given.length > 0) {
    return { columns: given.map((name) => columnNamed(columns, name).name), rule: "given" };
  }
  const has = (name: string): boolean => columns.some((column) => column.name === name);
  if (OF_MODULE.every(has)) return { columns: [...OF_MODULE, ...["rsid"].filter(has)], rule: "site" };
  if (OF_ARRAY.every(has)) return { columns: ["rsid"], rule: "site" };
  if (SITE.every(has)) return { columns: SITE, rule: "site" };
  const usable = columns.findIndex(({ type }) => /^(?:FLOAT|DOUBLE|DECIMAL)/.test(type));
  const leading = columns.slice(0, usable < 0 ? MOST_LEADING : Math.min(usable, MOST_LEADING));
  for (let length = 1; length <= leading.length; length++) {
    const names = leading.slice(0, length).map(({ name }) => name);
    if (await tellsApart(connection, paths, names, signal)) return { columns: names, rule: "leading" };
  }
  return { columns: columns.map(({ name }) => name), rule: "whole row" };
}

async function tellsApart(
  connection: Connection,
  paths: readonly string[],
  names: readonly string[],
  signal: AbortSignal,
): Promise<boolean> {
  const list = names.map((name) => quoteName(name)).join(", ");
  for (const path of paths) {
    const twice = await connection.rows(
      `select 1 from ${numberedRows(path)} group by ${list} having count(*) > 1 limit 1`,
      [],
      signal,
    );
    if (twice.length > 0) return false;
  }
  return true;
}
