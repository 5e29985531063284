/** How something that is shown was made, in one record that can be checked: see {@link canonicalText}. */
import type { CodeVersion, DataVersion } from "./ids.ts";
import type { QueryValue } from "./messages.ts";

export interface Provenance {
  readonly cell: string;
  /** Cell type: `sql`, `annotate`, `view` … */
  readonly kind: string;
  /** Code version of what is kept; of a cell that is not, SHA-256 (hex) of its text. */
  readonly code: CodeVersion | string;
  /** Data version of what is kept; null for what is computed when it is looked at. */
  readonly data: DataVersion | null;
  /** ISO 8601, UTC; null for what is computed when it is looked at. */
  readonly madeAt: string | null;
  readonly rows: number | null;
  readonly sample: string | null;
  /** What it read, each once, by name. */
  readonly inputs: readonly ProvenanceInput[];
  /** What the `${}` of live SQL were, in the order of the text. */
  readonly values: readonly QueryValue[];
  /** Annotation modules that took part in it or in what it reads. */
  readonly modules: readonly {
    readonly name: string;
    readonly version: string | null;
    readonly digest: string;
  }[];
  /** Reference snapshots that took part. */
  readonly references: readonly string[];
  readonly engine: string | null;
  /** True: a run chose this engine, and the cell has another. Absent: it is the cell's. */
  readonly engineOfRun?: true;
  readonly software: string;
}

export interface ProvenanceInput {
  readonly name: string;
  /** Data version of what is kept or observed; null for another cell. */
  readonly data: DataVersion | null;
  /** SHA-256 (hex) of the text of another cell; null for what is kept or observed. */
  readonly code: string | null;
}

/** JSON with the keys of every object in order and nothing between: equal records have equal texts. */
export function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalText(item)).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalText(item)}`).join(",")}}`;
}
