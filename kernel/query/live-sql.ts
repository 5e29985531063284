import { holes } from "#graph/template-holes.ts";
import { placeOf } from "#notebook/text-place.ts";
import { WorkspaceError } from "#protocol/error.ts";
import type { ErrorInfo, Span } from "#protocol/error.ts";
import type { QueryItem, QueryValue } from "#protocol/messages.ts";

import type { Value } from "../engines/engine.ts";
import { sqlPieces } from "../engines/sql-text.ts";

/** The SQL of a cell with a parameter in place of each `${}`, and the way back from it to the cell's text. */
export interface BoundSql {
  readonly sql: string;
  /** Index in the cell's text of what stands at an index of `sql`. */
  readonly sourceIndex: (index: number) => number;
}

/** Gives a value its parameter, as `$1`. */
export type Bind = (value: Value) => string;

/**
 * Binds the values of a cell's `${}`: none of them is ever text of the query. In `'quotes'` a value becomes a part of
 * the text, which is bound as one. A list in `in (${…})` becomes its items, and no item at all when it is empty;
 * elsewhere it is an array. Null for `values` binds nulls, to look at a query whose values are not there.
 *
 * @throws {WorkspaceError} `notebook` for a `${}` in a quoted name; `usage` when the number of values is another
 */
export function bindSql(source: string, values: readonly QueryValue[] | null, bind: Bind): BoundSql {
  const { texts, expressions } = holes(source);
  if (values !== null && values.length !== expressions.length) {
    throw new WorkspaceError({
      code: "usage",
      message: `${expressions.length} values are needed, ${values.length} came`,
      hint: "Send one value for each ${} of the cell.",
    });
  }
  let sql = "";
  let index = 0;
  const starts: { readonly sql: number; readonly source: number }[] = [];
  const add = (text: string, source: number): void => {
    starts.push({ sql: sql.length, source });
    sql += text;
  };
  /** The quoted text that the last hole stands in, as far as it was read, and where it begins. */
  let quoted: string | null = null;
  let quotedFrom = 0;
  for (const [i, text] of texts.entries()) {
    let rest = text;
    if (quoted !== null) {
      const inside = /^(?:[^']|'')*/.exec(text)?.[0] ?? "";
      quoted += unquoted(inside);
      rest = text.slice(inside.length + 1);
      if (inside.length < text.length) {
        add(bind(values === null ? null : quoted), quotedFrom);
        quoted = null;
      }
    }
    const from = index + text.length - rest.length;
    index += text.length;
    const hole = expressions[i];
    if (hole !== undefined && hole.quote !== "" && hole.quote !== "'") throw inName(source, index);
    const value = values === null ? null : (values[i] ?? null);
    if (hole?.quote === "'") {
      if (quoted === null) {
        const opening = openQuote(rest);
        add(rest.slice(0, opening), from);
        quoted = unquoted(rest.slice(opening + 1));
        quotedFrom = from + opening;
      }
      quoted += inText(value);
    } else if (quoted === null) {
      add(rest, from);
      if (hole !== undefined) add(placed(value, sql, texts[i + 1] ?? "", bind), index);
    }
    index += hole === undefined ? 0 : hole.text.length + 3;
  }
  // The engine says what is wrong with a quote that does not end.
  if (quoted !== null) add("'", quotedFrom);
  return {
    sql,
    sourceIndex: (at) => {
      const start = starts.findLast((one) => one.sql <= at) ?? { sql: 0, source: 0 };
      return Math.min(start.source + at - start.sql, source.length);
    },
  };
}

/** What stands for no item in `in (…)`: nothing is in it, and everything is not. */
export const NO_ITEMS = "select null where false";

/** Whether what stands between two pieces of SQL is all of an `in (…)`. */
export function isInList(before: string, after: string): boolean {
  return /\bin\s*\(\s*$/i.test(before) && /^\s*\)/.test(after);
}

function placed(value: QueryValue, before: string, after: string, bind: Bind): string {
  if (!Array.isArray(value)) return bind(value as QueryItem);
  const items = (value as readonly QueryItem[]).map((item) => bind(item));
  if (!isInList(before, after)) return `[${items.join(", ")}]`;
  return items.length === 0 ? NO_ITEMS : items.join(", ");
}

/** Where the quoted text begins that a piece of SQL ends in. */
function openQuote(sql: string): number {
  let at = 0;
  let begin = 0;
  for (const { kind, text } of sqlPieces(sql)) {
    // What is between two quoted texts that touch is a quote inside of one.
    if (sql[at - 1] !== "'" || text[0] !== "'") begin = at;
    const quote = kind === "code" ? text.indexOf("'") : -1;
    if (quote >= 0) return quote === 0 ? begin : at + quote;
    at += text.length;
  }
  return at;
}

/** What stands between quotes, as the text that it means. */
function unquoted(text: string): string {
  return text.replaceAll("''", "'");
}

function inText(value: QueryValue): string {
  if (!Array.isArray(value)) return value === null ? "" : String(value);
  throw new WorkspaceError({
    code: "notebook",
    message: "a list in quotes",
    hint: "Write in (${…}) without quotes.",
  });
}

function inName(source: string, index: number): WorkspaceError {
  return new WorkspaceError({
    code: "notebook",
    message: "a ${} in a quoted name",
    hint: "Bind values, not names: choose a column with case when.",
    span: { ...placeOf(source, index), length: 2 },
  });
}

/** An error of the engine with its place in the cell's text instead of the SQL that ran. */
export function inCell(info: ErrorInfo, cell: string, source: string, index: number | null): ErrorInfo {
  const { span: _elsewhere, ...rest } = info;
  const span: Span | null =
    index === null ? null : { ...placeOf(source, index), length: info.span?.length ?? 1 };
  return { ...rest, cell, ...(span === null ? {} : { span }) };
}
