import type { ColumnDiff, ModuleMove, RowDiff, TableDiff } from "#protocol/diff.ts";
import { WorkspaceError } from "#protocol/error.ts";

import { quoteName, quoteText } from "../engines/engine.ts";
import type { Connection } from "../engines/engine.ts";
import { numberedRows } from "../engines/parquet-rows.ts";
import { rowCount } from "../engines/row-count.ts";
import { isNumeric, tableColumns } from "../engines/table-columns.ts";
import type { TableColumn } from "../engines/table-columns.ts";
import { diffKey } from "./diff-key.ts";

/** Rows that a diff lists; the counts are of all. */
const MOST_ROWS = 500;
/** Values of an added or removed row that are listed, those that say most first. */
const MOST_VALUES = 12;
/** Tables of fewer rows together are put side by side once, in memory; larger ones whenever they are asked. */
const MOST_HELD_ROWS = 100_000;
const HELD = quoteName("karyon pairs");
const TELLING = ["gene", "weight", "state", "direction", "conclusion", "GT", "qual", "filter"];

export interface DiffRequest {
  /** Paths of Parquet files. */
  readonly before: string;
  readonly after: string;
  /** Columns that say which row is which; empty: chosen by the rule of `DiffKey`. */
  readonly key: readonly string[];
}

/** A diff that is ready to be counted and listed. */
interface Prepared {
  readonly key: TableDiff["key"];
  /** Columns of the later table, then of the earlier alone; without the key. */
  readonly columns: readonly { readonly name: string; readonly is: ColumnDiff["is"] }[];
  readonly compared: readonly string[];
  /** Names of columns of lists. */
  readonly lists: ReadonlySet<string>;
  /** A WITH that gives `pairs`: one row for each row of either table, the columns of both sides, its `kind` and `place`. */
  readonly pairs: string;
  /** Whether the rows are matches of modules with weights. */
  readonly isAnnotations: boolean;
  readonly hasWeight: boolean;
}

/**
 * What is different between two tables, row by row. Equal keys meet in the order of the files: the first the first. A
 * column whose type changed is compared as text.
 *
 * @throws {WorkspaceError} `usage` for a key that is not in both tables, or tables without a column in common
 */
export async function diffTables(
  connection: Connection,
  request: DiffRequest,
  signal: AbortSignal,
): Promise<TableDiff> {
  const prepared = await held(connection, request, await prepare(connection, request, signal), signal);
  try {
    return await counted(connection, prepared, signal);
  } finally {
    await connection.run(`drop table if exists ${HELD}`);
  }
}

async function counted(connection: Connection, prepared: Prepared, signal: AbortSignal): Promise<TableDiff> {
  const { key, pairs, compared, columns } = prepared;
  const differing = compared.map(
    (name, at) => `count(*) filter (where kind = 'changed' and ${differs(name)}) as c${at}`,
  );
  const [counts] = await connection.rows<TableDiff["counts"] & Readonly<Record<string, number>>>(
    `with ${pairs} select count(*) filter (where kind <> 'added') as before,
      count(*) filter (where kind <> 'removed') as after, count(*) filter (where kind = 'added') as added, count(*) filter (where kind = 'removed') as removed,
      count(*) filter (where kind = 'changed') as changed${differing.map((one) => `, ${one}`).join("")} from pairs`,
    [],
    signal,
  );
  const { before = 0, after = 0, added = 0, removed = 0, changed = 0 } = counts ?? {};
  return {
    key,
    counts: { before, after, added, removed, changed },
    columns: columns.map(({ name, is }) => ({
      name,
      is,
      rows: is === "compared" ? (counts?.[`c${compared.indexOf(name)}`] ?? 0) : 0,
    })),
    modules: prepared.isAnnotations ? await moduleMoves(connection, prepared, signal) : null,
    rows: await listed(connection, prepared, signal),
  };
}

/**
 * Writes every difference to a Parquet file: `kind`, the columns of the key, then `column`, `before` and `after` as text,
 * one row for each value that changed, came or went, in the order of the rows and of the columns.
 */
export async function sinkDiff(
  connection: Connection,
  request: DiffRequest,
  target: string,
  signal: AbortSignal,
): Promise<void> {
  const prepared = await prepare(connection, request, signal);
  const keys = prepared.key.columns.map((name) => `${either(name)} as ${quoteName(name)}`);
  await connection.sink(
    `with ${prepared.pairs}, rows as (
      select kind as "karyon kind", ${keys.join(", ")}, place as "karyon place", ${cellsSql(prepared)} as "karyon cells"
      from pairs where kind <> 'same'
    ), cells as (
      select * exclude ("karyon cells"), unnest("karyon cells") as "karyon cell",
        generate_subscripts("karyon cells", 1) as "karyon nth" from rows
    )
    select "karyon kind" as kind, ${prepared.key.columns.map((name) => quoteName(name)).join(", ")},
      "karyon cell"."column" as "column", "karyon cell".before as before, "karyon cell".after as after
    from cells order by "karyon place", "karyon kind", "karyon nth"`,
    target,
    { signal },
  );
}

async function prepare(connection: Connection, request: DiffRequest, signal: AbortSignal): Promise<Prepared> {
  const { before, after } = request;
  const [old, now] = [await tableColumns(connection, before), await tableColumns(connection, after)];
  const both = now.filter(({ name }) => old.some((column) => column.name === name));
  if (both.length === 0) {
    throw new WorkspaceError({
      code: "usage",
      message: "the two tables have no column in common",
      hint: "Compare tables of one kind.",
    });
  }
  const key = await diffKey(connection, [before, after], both, request.key, signal);
  const rest = (columns: readonly TableColumn[]): readonly TableColumn[] =>
    columns.filter(({ name }) => !key.columns.includes(name));
  const is = ({ name }: TableColumn): ColumnDiff["is"] =>
    both.some((column) => column.name === name) ? "compared" : "added";
  const columns = [
    ...rest(now).map((column) => ({ name: column.name, is: is(column) })),
    ...rest(old)
      .filter(({ name }) => !both.some((column) => column.name === name))
      .map(({ name }) => ({ name, is: "removed" as const })),
  ];
  const compared = columns.flatMap((column) => (column.is === "compared" ? [column.name] : []));
  const retyped = new Set(
    both.flatMap(({ name, type }) =>
      old.some((one) => one.name === name && one.type === type) ? [] : [name],
    ),
  );
  const side = (path: string, of: readonly TableColumn[]): string => {
    const list = of.map(({ name }) =>
      retyped.has(name) ? `${quoteName(name)}::varchar as ${quoteName(name)}` : quoteName(name),
    );
    const by = key.columns.map((name) => quoteName(name)).join(", ");
    return `select ${list.join(", ")}, file_row_number as "karyon row",
      row_number() over (partition by ${by} order by file_row_number) as "karyon ordinal" from ${numberedRows(path)}`;
  };
  const same = [...key.columns, "karyon ordinal"].map((name) => {
    return `b.${quoteName(name)} is not distinct from a.${quoteName(name)}`;
  });
  const changed = compared.map((name) => `a.${quoteName(name)} is distinct from b.${quoteName(name)}`);
  const sides = [
    ...old.map(({ name }) => `b.${quoteName(name)} as ${sideOf("b", name)}`),
    ...now.map(({ name }) => `a.${quoteName(name)} as ${sideOf("a", name)}`),
  ];
  const has = (name: string): boolean => both.some((column) => column.name === name);
  return {
    key,
    columns,
    compared,
    isAnnotations: ["module", "weight", "genotype_evidence"].every(has) && key.columns.includes("module"),
    lists: new Set(
      [...old, ...now].flatMap(({ name, type }) => (type.endsWith("[]") && !retyped.has(name) ? [name] : [])),
    ),
    hasWeight:
      both.some((column) => column.name === "weight" && isNumeric(column)) && compared.includes("weight"),
    pairs: `b_rows as (${side(before, old)}), a_rows as (${side(after, now)}),
      pairs as (
        select ${sides.join(", ")}, coalesce(a."karyon row", b."karyon row") as place,
          case when b."karyon row" is null then 'added' when a."karyon row" is null then 'removed'
            when ${changed.join(" or ") || "false"} then 'changed' else 'same' end as kind
        from b_rows b full join a_rows a on ${same.join(" and ")}
      )`,
  };
}

/** The same with the pairs in a table: each question would join both tables anew, and take as long to be planned. */
async function held(
  connection: Connection,
  { before, after }: DiffRequest,
  prepared: Prepared,
  signal: AbortSignal,
): Promise<Prepared> {
  const rows = (await rowCount(connection, before, signal)) + (await rowCount(connection, after, signal));
  if (rows > MOST_HELD_ROWS) return prepared;
  await connection.run(
    `create or replace temp table ${HELD} as with ${prepared.pairs} from pairs`,
    [],
    signal,
  );
  return { ...prepared, pairs: `pairs as (from ${HELD})` };
}

async function moduleMoves(
  connection: Connection,
  { pairs }: Prepared,
  signal: AbortSignal,
): Promise<ModuleMove[]> {
  // In order, as the match sums them, so that the order of the rows cannot move the last digit.
  const net = (side: "b" | "a"): string => {
    const weight = `${sideOf(side, "weight")}::double`;
    return `round(sum(${weight} order by ${weight}) filter (${sideOf(side, "genotype_evidence")} = 'called'), 2)`;
  };
  return connection.rows<ModuleMove>(
    `with ${pairs} select ${either("module")} as module,
      count(*) filter (where kind = 'added') as added, count(*) filter (where kind = 'removed') as removed,
      count(*) filter (where kind = 'changed') as changed, count(*) filter (where kind <> 'added') as rows_before,
      count(*) filter (where kind <> 'removed') as rows_after,
      ${net("b")} as net_weight_before, ${net("a")} as net_weight_after
    from pairs group by 1 order by 1`,
    [],
    signal,
  );
}

async function listed(connection: Connection, prepared: Prepared, signal: AbortSignal): Promise<RowDiff[]> {
  const { key, pairs, hasWeight, lists } = prepared;
  const values = key.columns.map((name) => textOf(either(name), lists.has(name)));
  const moved = hasWeight
    ? `abs(coalesce(${sideOf("a", "weight")}, 0) - coalesce(${sideOf("b", "weight")}, 0)) desc, `
    : "";
  return connection.rows<RowDiff>(
    `with ${pairs} select kind, [${values.join(", ")}] as key, ${cellsSql(prepared)} as cells
    from pairs where kind <> 'same' order by ${moved}place, kind limit ${MOST_ROWS}`,
    [],
    signal,
  );
}

/** The values that a changed row lists, or that an added or removed one has. */
function cellsSql({ columns, lists }: Prepared): string {
  const cells = (of: Prepared["columns"]): string => {
    const values = of.map(({ name, is }) => {
      const text = (side: "b" | "a"): string => textOf(sideOf(side, name), lists.has(name));
      const [before, after] = [is === "added" ? "null" : text("b"), is === "removed" ? "null" : text("a")];
      return `{"column": ${quoteText(name)}, before: ${before}, after: ${after}}`;
    });
    return `[${values.join(", ")}]::struct("column" varchar, before varchar, after varchar)[]`;
  };
  const rank = (name: string): number => (TELLING.includes(name) ? TELLING.indexOf(name) : TELLING.length);
  const compared = cells(columns.filter(({ is }) => is === "compared"));
  const all = cells(columns.toSorted((a, b) => rank(a.name) - rank(b.name)));
  return `case when kind = 'changed' then list_filter(${compared}, lambda x: x.before is distinct from x.after)
    else list_filter(${all}, lambda x: coalesce(x.before, '') <> coalesce(x.after, ''))[:${MOST_VALUES}] end`;
}

function either(name: string): string {
  return `case when kind = 'removed' then ${sideOf("b", name)} else ${sideOf("a", name)} end`;
}

function differs(name: string): string {
  return `${sideOf("a", name)} is distinct from ${sideOf("b", name)}`;
}

/** A column of one side of the pairs. */
function sideOf(side: "b" | "a", name: string): string {
  return quoteName(`${side} ${name}`);
}

/** A value for people; a list is its items joined by `/`, as a genotype is written. */
function textOf(sql: string, isList: boolean): string {
  return isList ? `array_to_string(${sql}, '/')` : `(${sql})::varchar`;
}
