import type { Problem } from "./problem.ts";
import type { Locus, Resolution } from "./resolution.ts";
import type { ModuleSpec } from "./spec.ts";
import type { StudyRow } from "./studies.ts";
import type { VariantRow } from "./variants.ts";

/** The texts of an authored module; null: the file is not there. */
export interface ModuleFiles {
  readonly "module_spec.yaml": string | null;
  readonly "variants.csv": string | null;
  readonly "studies.csv": string | null;
  readonly "resolution.csv": string | null;
}

/** An annotation module as authored, whole and valid. */
export interface AuthoredModule {
  readonly spec: ModuleSpec;
  /** In file order. */
  readonly variants: readonly VariantRow[];
  readonly studies: readonly StudyRow[];
  readonly resolution: Resolution;
  /** Warnings alone: a module with an error is broken. */
  readonly warnings: readonly Problem[];
}

/** A module that cannot be used, with everything that is wrong with it. */
export interface BrokenModule {
  /** As the spec says; the folder's name when the spec cannot be read. */
  readonly name: string;
  readonly problems: readonly Problem[];
}

export function isBroken(module: AuthoredModule | BrokenModule): module is BrokenModule {
  return "problems" in module;
}

/** Where a variant lies: as authored, else as resolved, else nowhere (an empty list). */
export function lociOf(module: AuthoredModule, variant: VariantRow): readonly Locus[] {
  if (variant.place !== null) return [{ ...variant.place, status: "authored" }];
  return module.resolution.get(variant.key) ?? [];
}
