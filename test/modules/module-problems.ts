import { isBroken } from "../../kernel/modules/module.ts";
import { parseModule } from "../../kernel/modules/parse.ts";
import { problemText } from "../../kernel/modules/problem.ts";
import { specOf } from "./genome-fixture.ts";

export const SPEC: string = specOf("fixture");
export const VARIANTS = "rsid,genotype,weight,state,conclusion\nrs1,A/G,1,protective,a\n";
export const STUDIES = "rsid,pmid\nrs1,123\n";

/** Every problem of a module, as lines; errors with a `!` in front. */
export function problems(
  files: { spec?: string | null; variants?: string | null; studies?: string | null; resolution?: string },
  strict = false,
): string[] {
  const module = parseModule(
    "fixture",
    {
      "module_spec.yaml": files.spec === undefined ? SPEC : files.spec,
      "variants.csv": files.variants === undefined ? VARIANTS : files.variants,
      "studies.csv": files.studies === undefined ? STUDIES : files.studies,
      "resolution.csv": files.resolution ?? "rsid,chrom,start,ref,alts\nrs1,1,100,A,G\n",
    },
    { strict },
  );
  const found = isBroken(module) ? module.problems : module.warnings;
  return found.map((problem) => (problem.severity === "error" ? "!" : "") + problemText(problem));
}

/** One row of `variants.csv` with the given columns beside the ones that every row needs. */
export function variant(cells: Readonly<Record<string, string>>): string {
  const row = { rsid: "rs1", genotype: "A/G", state: "neutral", conclusion: "a", ...cells };
  return `${Object.keys(row).join(",")}\n${Object.values(row).join(",")}\n`;
}
