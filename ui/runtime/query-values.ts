import { WorkspaceError } from "#protocol/error.ts";
import type { QueryValue } from "#protocol/messages.ts";

/**
 * What a `${}` of SQL is bound to: text, a number, true or false, nothing, or a list of texts and numbers.
 *
 * @throws {WorkspaceError} `notebook` for anything else
 */
export function queryValue(value: unknown): QueryValue {
  if (value === undefined || value === null) return null;
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isNaN(value) ? null : value;
  if (typeof value === "bigint" && Number.isSafeInteger(Number(value))) return Number(value);
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "object" && Symbol.iterator in value) {
    return [...(value as Iterable<unknown>)].map((item) => listItem(item));
  }
  throw unbound(value);
}

function listItem(value: unknown): string | number {
  const item = queryValue(value);
  if (typeof item === "string" || typeof item === "number") return item;
  throw unbound(value);
}

function unbound(value: unknown): WorkspaceError {
  return new WorkspaceError({
    code: "notebook",
    message: `a \${} of SQL cannot be ${Array.isArray(value) ? "a list in a list" : `a ${typeof value}`}`,
    hint: "Give it text, a number, true or false, null, or a list of texts or numbers.",
  });
}
