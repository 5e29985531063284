import { indexOf } from "#notebook/text-place.ts";
import { WorkspaceError } from "#protocol/error.ts";
import type { FailingRows } from "#protocol/error.ts";

import type { Connection, Value } from "../engines/engine.ts";
import { parseQuery, withoutPlaces } from "./parse-query.ts";

/** As many rows of a failure are told. */
export const MOST_ROWS = 5;
const MOST_COLUMNS = 8;
const MOST_CHARACTERS = 80;
/** How long the rows may be looked for: the error waits for them. */
const PATIENCE_MS = 3000;

/** A part of DuckDB's own parse tree. */
type Node = Readonly<Record<string, unknown>>;

/** An expression, and the rows that it is evaluated over: those of `from` that `where` lets through. */
interface Evaluated {
  readonly expression: Node;
  readonly from: unknown;
  readonly where: readonly Node[];
  /** The part of it that is known to fail. */
  readonly about?: Node;
  /** The SELECT that it stands in, and the WITH of all around it. */
  readonly select: Node;
  readonly ctes: readonly unknown[];
}

/**
 * An error at a value, with the first rows that the query fails at: DuckDB names one value at the most. Each part of
 * the query that computes something, or that part alone which DuckDB points at, is tried over the rows that it is
 * evaluated over. Any other error is given back as it is, and so is one whose rows are not found in a few seconds, as
 * of an aggregate that overflows. `sql` is one query that the connection just failed at.
 */
export async function withFailingRows(
  error: unknown,
  { sql, parameters = [] }: { readonly sql: string; readonly parameters?: readonly Value[] },
  connection: Connection,
  signal: AbortSignal,
): Promise<unknown> {
  if (!(error instanceof WorkspaceError) || error.info.rows === undefined) return error;
  const { span } = error.info;
  const looking = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  try {
    const tree = await parseQuery("", sql, { sql, sourceIndex: (index) => index }, connection);
    const all = [...evaluatedIn(tree, [])].filter(({ expression }) => computes(expression));
    const at = span === undefined ? null : Buffer.byteLength(sql.slice(0, indexOf(sql, span)));
    const pointedAt = all.flatMap((one) => {
      const found = at === null ? null : nodeAt(one.expression, at);
      // What it points at may be guarded by a CASE around it, and another part of the expression may fail at other rows.
      return found === null ? [] : [{ ...one, where: [...one.where, fails(found)], about: found }, one];
    });
    for (const one of pointedAt.length > 0 ? pointedAt : all) {
      const rows = await failing(one, parameters, connection, looking);
      if (rows !== null) return new WorkspaceError({ ...error.info, rows }, { cause: error.cause });
    }
  } catch {
    // The error itself says enough.
  }
  return error;
}

/** The first rows at which an expression fails, or one inside of it when it cannot be tried as a whole; null for none. */
async function failing(
  one: Evaluated,
  parameters: readonly Value[],
  connection: Connection,
  signal: AbortSignal,
): Promise<FailingRows | null> {
  try {
    const probe = probeOf(one, parameters);
    const [text] = await connection.rows<{ sql: string }>(
      "select json_deserialize_sql($1::json)::varchar as sql",
      [JSON.stringify(probe.tree)],
      signal,
    );
    const rows = await connection.rows<Record<string, string | null>>(
      `select columns(*)::varchar from (${text?.sql ?? ""})`,
      probe.parameters,
      signal,
    );
    return rows.length === 0 ? null : shownRows(rows, namesIn(one.about ?? one.expression));
  } catch (error) {
    if (signal.aborted) throw error;
    // Aggregates, subqueries and what gives another value each time are not tried; what they are computed from is.
    for (const expression of expressionsIn(Object.values(one.expression))) {
      const rows = computes(expression)
        ? await failing({ ...one, expression }, parameters, connection, signal)
        : null;
      if (rows !== null) return rows;
    }
    return null;
  }
}

/** `select * from … where …` for the rows at which the expression fails. */
function probeOf(
  { expression, from, where, select, ctes }: Evaluated,
  parameters: readonly Value[],
): { readonly tree: unknown; readonly parameters: readonly Value[] } {
  const conditions = [...where, fails(expression)];
  const limit = {
    class: "CONSTANT",
    type: "VALUE_CONSTANT",
    alias: "",
    value: { type: { id: "INTEGER", type_info: null }, is_null: false, value: MOST_ROWS },
  };
  const node = {
    ...select,
    modifiers: [{ type: "LIMIT_MODIFIER", limit, offset: null }],
    cte_map: { map: ctes },
    select_list: [STAR],
    from_table: from,
    where_clause: { class: "CONJUNCTION", type: "CONJUNCTION_AND", alias: "", children: conditions },
    group_expressions: [],
    group_sets: [],
    aggregate_handling: "STANDARD_HANDLING",
    having: null,
    qualify: null,
  };
  // A statement takes values for the parameters that it has, counted from 1.
  const kept: string[] = [];
  const renumbered = JSON.stringify(withoutPlaces(node), (_key, value: unknown) => {
    if (!isNode(value) || value["class"] !== "PARAMETER") return value;
    const name = String(value["identifier"]);
    if (!kept.includes(name)) kept.push(name);
    return { ...value, identifier: String(kept.indexOf(name) + 1) };
  });
  const named_param_map = kept.map((_name, i) => ({ key: String(i + 1), value: i + 1 }));
  return {
    tree: { error: false, statements: [{ node: JSON.parse(renumbered) as unknown, named_param_map }] },
    parameters: kept.map((name) => parameters[Number(name) - 1] ?? null),
  };
}

const STAR: Node = {
  class: "STAR",
  type: "STAR",
  alias: "",
  relation_name: "",
  exclude_list: [],
  replace_list: [],
  columns: false,
  expr: null,
  qualified_exclude_list: [],
  rename_list: [],
};

/** True where an expression has no value, not even null. */
function fails(expression: Node): Node {
  const bare = { ...expression, alias: "" };
  return operator("IS_NULL", operator("TRY", operator("IS_NULL", bare)));
}

function operator(name: string, child: Node): Node {
  return { class: "OPERATOR", type: `OPERATOR_${name}`, alias: "", children: [child] };
}

/** What is evaluated in every SELECT of a tree, that in FROM and WITH before what reads it. */
function* evaluatedIn(value: unknown, ctes: readonly unknown[]): Generator<Evaluated> {
  if (Array.isArray(value)) for (const item of value) yield* evaluatedIn(item, ctes);
  if (!isNode(value)) return;
  const own = mapOf(value["cte_map"]);
  // A WITH reads those before it, and a table of its own name.
  for (const [i, entry] of own.entries()) yield* evaluatedIn(entry, [...ctes, ...own.slice(0, i)]);
  const all = [...ctes, ...own];
  for (const [key, item] of Object.entries(value)) if (key !== "cte_map") yield* evaluatedIn(item, all);
  if (value["type"] !== "SELECT_NODE") return;
  const { from_table: from, where_clause: where, select_list, group_expressions, modifiers } = value;
  const place = { select: value, ctes: all };
  for (const { condition, side } of conditionsIn(from))
    yield { ...place, expression: condition, from: side, where: [] };
  const conjuncts = isNode(where) && where["type"] === "CONJUNCTION_AND" ? where["children"] : [where];
  const tests = expressionsIn(conjuncts);
  for (const expression of tests)
    yield { ...place, expression, from, where: tests.filter((one) => one !== expression) };
  // In which order they are evaluated the engine chooses.
  if (tests.length > 1) for (const expression of tests) yield { ...place, expression, from, where: [] };
  for (const expression of expressionsIn([select_list, group_expressions, modifiers]))
    yield { ...place, expression, from, where: tests };
}

/** The conditions of all joins in a FROM, over either side: which of them they read is not looked up. */
function* conditionsIn(from: unknown): Generator<{ readonly condition: Node; readonly side: unknown }> {
  if (!isNode(from) || from["type"] !== "JOIN") return;
  const { left, right, condition } = from;
  for (const side of [left, right]) {
    yield* conditionsIn(side);
    if (isNode(condition)) yield { condition, side };
  }
}

/** The outermost expressions in a value. */
function expressionsIn(value: unknown): Node[] {
  if (Array.isArray(value)) return value.flatMap((item) => expressionsIn(item));
  if (!isNode(value) || value["type"] === "SELECT_NODE") return [];
  return typeof value["class"] === "string" ? [value] : expressionsIn(Object.values(value));
}

/** Whether an expression is more than a column, a value or a star. */
function computes(expression: Node): boolean {
  return !["COLUMN_REF", "CONSTANT", "PARAMETER", "STAR", "SUBQUERY"].includes(String(expression["class"]));
}

/** The part of an expression that stands at a byte of the SQL. */
function nodeAt(value: unknown, at: number): Node | null {
  if (typeof value !== "object" || value === null) return null;
  if (isNode(value) && value["query_location"] === at) return value;
  for (const item of Object.values(value)) {
    const found = nodeAt(item, at);
    if (found !== null) return found;
  }
  return null;
}

/** Names of the columns that an expression reads. */
function namesIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  if (isNode(value) && value["class"] === "COLUMN_REF") {
    const { column_names: names } = value;
    return Array.isArray(names) ? [String(names.at(-1))] : [];
  }
  return Object.values(value).flatMap((item) => namesIn(item));
}

/** Rows with the columns that matter first, and long values cut. */
export function shownRows(
  rows: readonly Readonly<Record<string, string | null>>[],
  read: readonly string[],
): FailingRows {
  const all = Object.keys(rows[0] ?? {});
  const isRead = (name: string): boolean => read.some((one) => one.toLowerCase() === name.toLowerCase());
  const columns = [...all.filter(isRead), ...all.filter((name) => !isRead(name))].slice(0, MOST_COLUMNS);
  return { columns, rows: rows.map((row) => columns.map((name) => cut(row[name] ?? null))) };
}

function cut(value: string | null): string | null {
  return value !== null && value.length > MOST_CHARACTERS ? `${value.slice(0, MOST_CHARACTERS)}…` : value;
}

function mapOf(value: unknown): readonly unknown[] {
  return isNode(value) && Array.isArray(value["map"]) ? (value["map"] as unknown[]) : [];
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
