import { WorkspaceError } from "#protocol/error.ts";
import { MOST_SENT } from "#protocol/messages.ts";
import type { QueryItem, QueryValue } from "#protocol/messages.ts";
import { count } from "#protocol/numerals.ts";

/**
 * What a `${}` of SQL is bound to: text, a finite number, true or false, nothing (also for NaN and undefined), or a
 * list of those. A date is its text in UTC (ISO 8601).
 *
 * @throws {WorkspaceError} `notebook` for anything else, and for more than the server takes
 */
export function queryValue(value: unknown): QueryValue {
  const item = itemOf(value);
  if (item !== undefined) return item;
  if (
    typeof value !== "object" ||
    value === null ||
    isElement(value) ||
    value instanceof Map ||
    !(Symbol.iterator in value)
  )
    throw unbound(kindOf(value));
  const items: QueryItem[] = [];
  // Step by step: what is iterated may have no end.
  for (const one of value as Iterable<unknown>) {
    const known = itemOf(one);
    if (known === undefined) throw unbound(`a list with ${kindOf(one)} in it`);
    if (items.push(known) > MOST_SENT.items)
      throw unbound(
        `a list of more than ${count(MOST_SENT.items)}`,
        "Give it fewer, or say in SQL what they have in common.",
      );
  }
  return items;
}

/** Undefined for what is no single value. */
function itemOf(value: unknown): QueryItem | undefined {
  if (value === undefined || value === null) return null;
  if (typeof value === "boolean") return value;
  if (typeof value === "string") {
    if (value.length > MOST_SENT.source)
      throw unbound(
        `a text of ${count(value.length)} characters`,
        `Give it ${count(MOST_SENT.source)} at most.`,
      );
    return value;
  }
  if (typeof value === "number") {
    if (Number.isFinite(value)) return value;
    if (Number.isNaN(value)) return null;
    throw unbound(String(value), "Write 'infinity'::double in the SQL, or leave the condition out.");
  }
  if (typeof value === "bigint") {
    if (Number.isSafeInteger(Number(value))) return Number(value);
    throw unbound(
      "a bigint beyond 2^53",
      "Give it as text, String(…), and cast that in the SQL, as ::hugeint.",
    );
  }
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw unbound("an invalid date");
    return value.toISOString();
  }
  return undefined;
}

/** A form, which is what Inputs makes, and a select are lists of what is in them. */
function isElement(value: unknown): boolean {
  return value instanceof Node;
}

function kindOf(value: unknown): string {
  if (isElement(value)) return "an element";
  if (typeof value !== "object" || value === null) return `a ${typeof value}`;
  if (Array.isArray(value)) return "a list";
  // As the browser calls it: `Map`, `Promise`; an object of a class is an Object.
  const name = Object.prototype.toString.call(value).slice("[object ".length, -1);
  return `${/^[AEIO]/.test(name) ? "an" : "a"} ${name}`;
}

function unbound(kind: string, hint?: string): WorkspaceError {
  return new WorkspaceError({
    code: "notebook",
    message: `a \${} of SQL cannot be ${kind}`,
    hint:
      hint ??
      (kind === "an element"
        ? "Give it the value of an input: an input cell's, or that of view(…)."
        : "Give it text, a number, true or false, null, or a list of those."),
  });
}
