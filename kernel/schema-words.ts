import type { Document } from "yaml";
import * as z from "zod";

type Issue = z.core.$ZodRawIssue;

/** What an expected type is called in words; another is called as zod does. */
const TYPES: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "keys with values",
  record: "keys with values",
};

/**
 * What a schema found off in a value that a person wrote, in words; null where the schema has words of its own, or zod's
 * are good enough. Given to `safeParse` as `error`.
 */
export function schemaWords(issue: Issue): string | null {
  const { input } = issue;
  if (issue.code === "invalid_type") {
    if (input === undefined) return "is not there";
    const type = TYPES[issue.expected] ?? issue.expected;
    const quote = type === "a text" && typeof input !== "object" ? `; write it as "${shown(input)}"` : "";
    return `not ${type}: ${shown(input)}${quote}`;
  }
  if (issue.code === "invalid_value") {
    const values = issue.values.map(String).join(", ");
    if (input === undefined) return `is not there: write ${values}`;
    const quote = typeof input === "string" ? "" : `; write "${values}"`;
    return issue.values.length === 1
      ? `not ${values}: ${shown(input)}${quote}`
      : `not one of ${values}: ${shown(input)}`;
  }
  if (issue.code === "unrecognized_keys") {
    const known = issue.inst instanceof z.ZodObject ? Object.keys(issue.inst.shape) : [];
    const there = known.length === 0 ? "" : `; there are ${known.join(", ")}`;
    return `unknown key: ${issue.keys.join(", ")}${there}`;
  }
  if (issue.code === "invalid_union") return `not a value that can stand here: ${shown(input)}`;
  return null;
}

/** What is off in a text of YAML, in words of ours where the parser speaks to who calls it. */
export function yamlWords(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (message.startsWith("Source contains multiple documents"))
    return "more than one document: leave out the ---";
  if (message.startsWith("Excessive alias count")) return "aliases that stand for too much: write it out";
  return message;
}

/** The value of a document. @throws {Error} for aliases that stand for nothing, for too much or for themselves */
export function yamlValue(document: Document): unknown {
  const value: unknown = document.toJS();
  try {
    JSON.stringify(value);
  } catch {
    throw new Error("an alias stands inside what it stands for: write it out");
  }
  return value;
}

function shown(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  return Array.isArray(value) ? "a list" : "keys with values";
}
