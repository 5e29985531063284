import type * as z from "zod";

import { WorkspaceError } from "#protocol/error.ts";

type Issue = z.core.$ZodIssue;

/** The first of what a schema refused in the parameters of a verb, in words for the one who wrote them. */
export function refusedParameters(error: z.ZodError, parameters: unknown): WorkspaceError {
  const [issue] = error.issues;
  const { name, value, hint } = issue === undefined ? NOTHING : told(issue, parameters);
  const shown = typeof value === "string" ? value : JSON.stringify(value);
  return new WorkspaceError({
    code: "usage",
    message: value === undefined ? `${name} is missing` : `not a value for ${name}: ${shown}`,
    hint,
  });
}

interface Told {
  readonly name: string;
  /** As it was written; undefined when it was not. */
  readonly value: unknown;
  readonly hint: string;
}

const NOTHING: Told = { name: "parameters", value: undefined, hint: "See karyon help." };

function told(issue: Issue, parameters: unknown): Told {
  // Of several shapes the first is the usual one.
  const [inner] = issue.code === "invalid_union" ? (issue.errors[0] ?? []) : [];
  if (inner !== undefined) return told({ ...inner, path: [...issue.path, ...inner.path] }, parameters);
  if (issue.code === "unrecognized_keys")
    return { name: "parameters", value: issue.keys.join(", "), hint: "Leave it out." };
  const name = issue.path.length === 0 ? "parameters" : issue.path.join(".");
  return { name, value: valueAt(parameters, issue.path), hint: hintOf(issue) };
}

function valueAt(parameters: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    parameters,
  );
}

function hintOf(issue: Issue): string {
  if (issue.code === "invalid_type") {
    return issue.expected === "int" ? "Write a whole number." : `Write a ${issue.expected}.`;
  }
  if (issue.code === "too_small") {
    return `Write ${issue.inclusive === true ? "at least" : "more than"} ${issue.minimum}.`;
  }
  if (issue.code === "invalid_value") return `Write ${issue.values.map(String).join(", ")}.`;
  return `${issue.message}.`;
}
