import type { AuthoredModule, BrokenModule, ModuleFiles } from "./module.ts";
import type { Problem } from "./problem.ts";
import { parseResolution } from "./resolution.ts";
import { parseSpec } from "./spec.ts";
import { parseStudies } from "./studies.ts";
import { checkModule } from "./validate.ts";
import { parseVariants } from "./variants.ts";

/**
 * Reads and validates an authored module.
 *
 * `strict`: an allele that its locus does not have is an error, not a warning.
 */
export function parseModule(
  name: string,
  files: ModuleFiles,
  { strict = false }: { readonly strict?: boolean } = {},
): AuthoredModule | BrokenModule {
  const problems: Problem[] = [];
  const missing = (file: string, why: string): void => {
    problems.push({ severity: "error", at: file, field: null, message: why });
  };
  const yaml = files["module_spec.yaml"];
  const spec = yaml === null ? null : parseSpec("module_spec.yaml", yaml, problems);
  if (yaml === null) missing("module_spec.yaml", "is not there");
  if (spec === null) return { name, problems };

  const [variants, studies, resolution] = [
    files["variants.csv"],
    files["studies.csv"],
    files["resolution.csv"],
  ];
  if (variants === null) missing("variants.csv", "is not there: a module needs a table of genotypes");
  if (studies === null) missing("studies.csv", "is not there: evidence is mandatory");
  const module: AuthoredModule = {
    spec,
    variants: variants === null ? [] : parseVariants("variants.csv", variants, spec, problems),
    studies: studies === null ? [] : parseStudies("studies.csv", studies, problems),
    resolution: resolution === null ? new Map() : parseResolution("resolution.csv", resolution, problems),
    warnings: [],
  };
  // Of a file that has no row for a reason, the reason is told.
  const isTold = (file: string): boolean =>
    problems.some(({ severity, at }) => severity === "error" && at.split(":", 1)[0] === file);
  if (module.variants.length === 0 && !isTold("variants.csv")) missing("variants.csv", "has no usable row");
  if (module.studies.length === 0 && !isTold("studies.csv"))
    missing("studies.csv", "has no usable row: evidence is mandatory");
  problems.push(...checkModule(module, strict));
  if (problems.some(({ severity }) => severity === "error")) return { name: spec.name, problems };
  return { ...module, warnings: problems };
}
