import * as z from "zod";

import { WorkspaceError } from "#protocol/error.ts";
import { EDITED_COLUMNS } from "#protocol/what-if.ts";
import type { ModuleEdit, Thresholds } from "#protocol/what-if.ts";

const EDIT = z.strictObject({
  module: z.string(),
  variant: z.string(),
  genotype: z.string(),
  column: z.enum(EDITED_COLUMNS),
  value: z.string().max(2_000),
});
export const EDITS: z.ZodType<readonly ModuleEdit[]> = z.array(EDIT).max(1_000);
export const THRESHOLDS: z.ZodType<Thresholds> = z.strictObject({
  min_qual: z.number().nonnegative().nullable(),
  min_depth: z.number().nonnegative().nullable(),
});

/** Filters that would let more pass than those that stand do, in words; null: none would. */
export function looser(thresholds: Thresholds, standing: Thresholds): string | null {
  for (const name of ["min_qual", "min_depth"] as const) {
    const [wanted, now] = [thresholds[name], standing[name]];
    if (wanted !== null && now !== null && wanted < now)
      return `${name} ${wanted} is less strict than ${now}, which stands`;
  }
  return null;
}

/** Takes one more `--set`. */
export function withEdit(text: string, before: readonly ModuleEdit[] = []): readonly ModuleEdit[] {
  return [...before, readEdit(text)];
}

/** Reads `MODULE:VARIANT:GENOTYPE:COLUMN=VALUE`; a variant may have a colon of its own. */
function readEdit(text: string): ModuleEdit {
  const [, module, variant, genotype, column, value] = /^([^:]+):(.+):([^:]+):(\w+)=(.*)$/.exec(text) ?? [];
  const edit = EDIT.safeParse({ module, variant, genotype, column, value });
  if (edit.success) return edit.data;
  throw new WorkspaceError({
    code: "usage",
    message: `not an edit: ${text}`,
    hint: "Write MODULE:VARIANT:GENOTYPE:COLUMN=VALUE, such as coronary:rs17672135:T/T:weight=-1.",
  });
}
