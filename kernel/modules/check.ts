import { join, relative, resolve } from "node:path";

import { LINT_WORDS, lintModule, lintTogether } from "./lint.ts";
import type { LintFinding, LintRule } from "./lint.ts";
import { loadModules } from "./load.ts";
import { isBroken } from "./module.ts";
import type { AuthoredModule, BrokenModule } from "./module.ts";
import type { Problem } from "./problem.ts";
import { MODULE_NAME } from "./spec.ts";

/** Something off in a module folder, with its place from the notebooks' folder: `modules/NAME/variants.csv:12`. */
export interface ModuleProblem extends Problem {
  /** Name of the folder; null: it is about several modules. */
  readonly folder: string | null;
  /** Null: what reading found. */
  readonly rule: LintRule | null;
}

/** Of a folder whose name is no module's. */
export const FOLDER_LEFT_OUT =
  "the folder is left out: write its name in lower-case letters, digits and underscores";

/** Reading warns of each row of these already. */
const SAID_BY_READING: readonly LintRule[] = ["ALLELE_NOT_AT_LOCUS", "STRAND_SUSPECT", "SIGN_CONTRADICTS"];

/** Everything that is off (`error`) or doubtful (`warning`) in the module folders of a workspace, by folder. */
export async function checkModules(
  notebooks: string,
): Promise<{ readonly modules: number; readonly problems: readonly ModuleProblem[] }> {
  const directory = join(notebooks, "modules");
  const modules = await loadModules(directory);
  const place = (folder: string, at: string): string => relative(notebooks, resolve(directory, folder, at));
  const problems = [...modules].flatMap(([folder, module]) =>
    problemsOf(folder, module).map((problem) => ({ ...problem, folder, at: place(folder, problem.at) })),
  );
  const sound = [...modules].filter((entry): entry is [string, AuthoredModule] => !isBroken(entry[1]));
  const together = lintTogether(new Map(sound)).map((finding) => doubt(finding, ""));
  return {
    modules: modules.size,
    problems: [
      ...problems,
      ...together.map((problem) => ({ ...problem, folder: null, at: place("", problem.at) })),
    ],
  };
}

type Found = Omit<ModuleProblem, "folder">;

function problemsOf(folder: string, module: AuthoredModule | BrokenModule): readonly Found[] {
  if (!MODULE_NAME.test(folder)) {
    return [{ severity: "error", at: ".", field: null, rule: null, message: FOLDER_LEFT_OUT }];
  }
  if (isBroken(module)) {
    // Doubts may follow from the errors alone.
    const errors = module.problems.filter(({ severity }) => severity === "error");
    return errors.map((problem) => ({ ...problem, rule: null }));
  }
  return [
    ...module.warnings.map((problem) => ({ ...problem, rule: null })),
    ...lintModule(module)
      .filter(({ rule }) => !SAID_BY_READING.includes(rule))
      .map((finding) => doubt(finding, ".")),
  ];
}

/** @param elsewhere the place when the whole module is meant */
function doubt({ rule, count, at, examples }: LintFinding, elsewhere: string): Found {
  const such = examples.length === count ? examples.join("; ") : `${count}, such as ${examples.join("; ")}`;
  return {
    severity: "warning",
    at: at ?? elsewhere,
    field: null,
    rule,
    message: `${LINT_WORDS[rule]}: ${such}`,
  };
}
