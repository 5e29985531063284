import type { ErrorInfo } from "#protocol/error.ts";

import type { Output } from "./output.ts";

/** The inputs of a script as JavaScript values, or what stands in their way. */
export type Given =
  | { readonly values: readonly unknown[]; readonly notes: readonly string[] }
  | Extract<Output, { kind: "blocked" }>;

/** @param names variables of the dataflow, in the order of the parameters */
export function given(names: readonly string[], outputs: ReadonlyMap<string, Output>): Given {
  const values: unknown[] = [];
  const notes = new Set<string>();
  for (const name of names) {
    const output = outputs.get(name);
    if (output === undefined) throw new Error(`no value of ${name}`);
    if (output.kind === "blocked") return output;
    if (output.kind === "error") return blockedBy(name, output.error);
    if (output.kind !== "variable") return blockedBy(name, MISSING);
    values.push(output.value);
    for (const note of output.notes) notes.add(note);
  }
  return { values, notes: [...notes] };
}

const MISSING: ErrorInfo = { code: "asset", message: "not made yet", hint: "Run it." };

/** @param variable name in the dataflow: `var:x`, `rows:x` … */
export function blockedBy(variable: string, error: ErrorInfo): Extract<Output, { kind: "blocked" }> {
  return { kind: "blocked", by: error.cell ?? variable.replace(/^\w+:/, ""), error };
}
