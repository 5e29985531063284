import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The notebooks that come with Karyon. */
export const SHIPPED_NOTEBOOKS: string = fileURLToPath(new URL("../notebooks", import.meta.url));

/** The notebook that is meant where none in particular is. */
export const FIRST_NOTEBOOK = "personal-genome.md";

/** What was found of the cells of those, beside what is built. */
export const SHARED_ANALYSES: string = fileURLToPath(
  new URL("../node_modules/.cache/karyon/analyses.json", import.meta.url),
);

/** Where everything of a workspace lies. Absolute paths. */
export interface WorkspacePaths {
  readonly root: string;
  /** Notebooks, modules and report templates: the workspace's own, else those that come with Karyon. */
  readonly notebooks: string;
  /** The notebooks folder that comes with Karyon. */
  readonly shipped: string;
  /** `users/USER/` holds files that became partitions by being dropped there. */
  readonly input: string;
  /** The readable tree: `USER/SAMPLE/…`. */
  readonly output: string;
  readonly cache: string;
  /** Catalog, objects, staging: Karyon's own. */
  readonly home: string;
}

/** Environment names of the Python original, each with a name of ours that wins. */
const NAMES = {
  output: ["KARYON_OUTPUT_DIR", "JUST_DNA_PIPELINES_OUTPUT_DIR"],
  input: ["KARYON_INPUT_DIR", "JUST_DNA_PIPELINES_INPUT_DIR"],
  cache: ["KARYON_CACHE_DIR", "JUST_DNA_PIPELINES_CACHE_DIR"],
  home: ["KARYON_HOME", "DAGSTER_HOME"],
  port: ["KARYON_PORT", "DAGSTER_PORT"],
  threads: ["KARYON_WORKERS", "JUST_DNA_PIPELINES_WORKERS"],
  runs: ["KARYON_RUNS"],
  memory: ["KARYON_MEMORY"],
  kernelMemory: ["KARYON_KERNEL_MEMORY"],
} as const;

type Environment = Readonly<Record<string, string | undefined>>;

/** The first of a setting's names that is set and not empty. */
export function setting(
  name: keyof typeof NAMES,
  environment: Environment = process.env,
): string | undefined {
  return NAMES[name].map((one) => environment[one]).find((value) => value !== undefined && value !== "");
}

export function workspacePaths(
  directory: string | undefined,
  environment: Environment = process.env,
): WorkspacePaths {
  const root = resolve(directory ?? ".");
  const own = join(root, "notebooks");
  const place = (name: "output" | "input" | "cache" | "home", usual: string): string =>
    resolve(root, setting(name, environment) ?? usual);
  return {
    root,
    notebooks: existsSync(own) ? own : SHIPPED_NOTEBOOKS,
    shipped: SHIPPED_NOTEBOOKS,
    input: place("input", "data/input"),
    output: place("output", "data/output/users"),
    cache: place("cache", "data/cache"),
    home: place("home", ".karyon"),
  };
}
