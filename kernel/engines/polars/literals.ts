import { WorkspaceError } from "#protocol/error.ts";

import { quoteText } from "../engine.ts";
import type { Value } from "../engine.ts";
import { sqlPieces } from "../sql-text.ts";
import type { SqlPiece } from "../sql-text.ts";

const PARAMETER = /\$(\d+)|\?/g;
/** A list of parameters alone. */
const LIST = /(?:\[|\bin\s*\()\s*(?:\$\d+|\?)(?:\s*,\s*(?:\$\d+|\?))*\s*[\])]/gi;
const INT64 = 2n ** 63n;

/**
 * The SQL with its parameters written into it, for an engine that binds none. Only `$n` and `?` outside of
 * quotes and comments count; texts are quoted, which is safe in a SQL that knows no escapes but `''`. A
 * text that uses quotes of another kind is refused, for what is inside of them is then not sure.
 *
 * @throws {WorkspaceError} `engine` for such quotes, a parameter without a value, or a number that Polars cannot write
 */
export function withLiterals(sql: string, parameters: readonly Value[]): string {
  if (parameters.length === 0) return sql;
  let next = 0;
  const pieces = sqlPieces(sql);
  return pieces
    .map(({ kind, text }, i) => {
      if (isUnclear(text, kind, pieces[i + 1]?.kind))
        throw refused("unusual quotes or comments beside parameters");
      if (kind !== "code") return text;
      const bound = [...text.matchAll(PARAMETER)].map(({ 1: number, index: at }) => {
        const index = number === undefined ? next++ : Number(number) - 1;
        const value = parameters[index];
        if (value === undefined) throw refused(`parameter without a value: $${index + 1}`);
        return { value, at };
      });
      const fractions = fractionLists(text, bound);
      return text.replace(PARAMETER, (_, _number: string | undefined, at: number) => {
        const { value } = bound.find((one) => one.at === at) ?? { value: null };
        const written = fractions.has(at) && typeof value === "number" ? decimal(value) : literal(value);
        // Polars takes no brackets in a list, and after a bracket or a comma none are needed.
        return /[[(,]\s*$/.test(text.slice(0, at)) ? written.replace(/^\((-\d+)\)$/, "$1") : written;
      });
    })
    .join("");
}

/** Where the parameters stand that are items of a list with a fraction in it: all of it are numbers with a point then. */
function fractionLists(
  text: string,
  bound: readonly { readonly value: Value; readonly at: number }[],
): ReadonlySet<number> {
  const lists = [...text.matchAll(LIST)].map(({ 0: list, index }) =>
    bound.filter(({ at }) => at > index && at < index + list.length),
  );
  const isFraction = ({ value }: { readonly value: Value }): boolean =>
    typeof value === "number" && !Number.isSafeInteger(value) && Number.isFinite(value);
  return new Set(lists.filter((list) => list.some(isFraction)).flatMap((list) => list.map(({ at }) => at)));
}

/** A number with a point and without an exponent: Polars takes neither a cast nor `1e-7` in a list. */
function decimal(value: number): string {
  const [digits = "", exponent = ""] = Math.abs(value).toExponential().split("e");
  const all = digits.replace(".", "");
  const point = 1 + Number(exponent);
  const whole = point <= 0 ? "0" : all.slice(0, point).padEnd(point, "0");
  const rest = point <= 0 ? "0".repeat(-point) + all : all.slice(point);
  return `${value < 0 ? "-" : ""}${whole}.${rest || "0"}`;
}

/** Quotes that do not end, of another kind or with a letter before them, and comments within comments. */
function isUnclear(text: string, kind: SqlPiece["kind"], next: SqlPiece["kind"] | undefined): boolean {
  if (kind === "quoted") return text.startsWith("$");
  if (kind === "comment") return text.startsWith("/*") && text.indexOf("/*", 2) >= 0;
  return /['"`]|\/\*/.test(text) || (next === "quoted" && /(?:\w|&)$/.test(text));
}

function literal(value: Value): string {
  if (value === null) return "null";
  if (typeof value === "string") return text(value);
  if (typeof value === "boolean") return String(value);
  if (typeof value === "bigint" || Number.isSafeInteger(value))
    return integer(BigInt(value as bigint | number));
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw refused(`number that Polars cannot write: ${value}`);
    return `cast('${value}' as double)`;
  }
  return `[${value.map(text).join(", ")}]`;
}

/** In brackets where negative: `1 -$1` must not become the start of a comment. */
function integer(value: bigint): string {
  if (value >= INT64 || value <= -INT64) throw refused(`number that Polars cannot write: ${value}`);
  return value < 0n ? `(${value})` : String(value);
}

function text(value: string): string {
  if (value.includes("\0")) throw refused("text with a zero byte");
  return quoteText(value);
}

function refused(message: string): WorkspaceError {
  return new WorkspaceError({
    code: "engine",
    message,
    hint: "Write the values into the query, or use duckdb.",
  });
}
