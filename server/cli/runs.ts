import type { Command } from "commander";
import * as z from "zod";

import { WorkspaceError } from "#protocol/error.ts";
import { WHOLE, parsePartition } from "#protocol/ids.ts";
import type { RunId } from "#protocol/ids.ts";
import { endedWords } from "#protocol/ended-words.ts";
import { expectedWords } from "#protocol/expected-words.ts";
import { keptWords } from "#protocol/kept-words.ts";
import { shellWord } from "#protocol/shell-words.ts";
import { SPARING_WORDS } from "#protocol/sparing.ts";
import { waitWords } from "#protocol/wait-words.ts";
import type { ErrorInfo } from "#protocol/error.ts";
import { duration } from "#protocol/numerals.ts";
import type { RunView } from "#protocol/view.ts";

import { viewOfRun } from "../workspace-views.ts";
import type { Workspace } from "../workspace.ts";
import { errorText, table } from "./format.ts";
import { endOfRun } from "./follow-run.ts";
import { commandGroup, defineVerb } from "./verb.ts";
import type { AnyVerb, VerbScope } from "./verb.ts";

/** The option of every command that starts runs by what they make. */
export const ENGINE_OPTION = [
  "--engine <name>",
  "what takes a choice of engine (SQL that is kept, joins) is made on this one, for this run",
] as const;

/** A job is a selection with a name. */
const JOBS: Readonly<Record<string, string>> = {
  annotate_and_report_job: "+user_longevity_report",
  generate_longevity_report_job: "user_longevity_report",
  export_vcf: "user_vcf_exports",
};
/** Assets that a job needs and does not make. */
const NEEDS: Readonly<Record<string, string>> = {
  generate_longevity_report_job: "user_hf_module_annotations",
};

const MATERIALISE = z.strictObject({
  select: z.string(),
  partition: z.string().optional(),
  engine: z.string().optional(),
});

export const assetMaterialize: AnyVerb = defineVerb<z.output<typeof MATERIALISE>, RunView>({
  name: "asset-materialize",
  parameters: MATERIALISE,
  declare(program, ask) {
    program
      .command("asset")
      .description("assets: what is kept")
      .command("materialize")
      .alias("materialise")
      .description("make what is selected, and all it is made from that is not fresh")
      .requiredOption("--select <selection>", "such as user_longevity_report, +hits, modules/*")
      .option("--partition <key>", "USER/SAMPLE; not needed for assets without partitions")
      .option(...ENGINE_OPTION)
      .action((options) => ask(options));
  },
  run: ({ select, ...how }, scope) => runToEnd(select, how, scope),
  failed: (run) => run.state !== "done",
  print: (run) => printRun(run),
});

const JOB = z.strictObject({
  job: z.string(),
  partition: z.string(),
  engine: z.string().optional(),
});

export const jobRun: AnyVerb = defineVerb<z.output<typeof JOB>, RunView>({
  name: "job-run",
  parameters: JOB,
  declare(program, ask) {
    program
      .command("job")
      .description("selections that have a name")
      .command("run <job>")
      .description(Object.keys(JOBS).join(" or "))
      .requiredOption("--partition <key>", "USER/SAMPLE")
      .option(...ENGINE_OPTION)
      .action((job: string, options) => ask({ job, ...options }));
  },
  async run({ job, ...how }, scope) {
    const { partition } = how;
    const selection = Object.hasOwn(JOBS, job) ? JOBS[job] : undefined;
    if (selection === undefined) {
      throw new WorkspaceError({
        code: "usage",
        message: `no such job: ${job}`,
        hint: `There are ${Object.keys(JOBS).join(", ")}.`,
      });
    }
    const needed = NEEDS[job];
    if (needed !== undefined) {
      const statuses = await scope.workspace.statuses(scope.workspace.partition(partition));
      const state = [...statuses].find(([key]) => key === needed)?.[1].state;
      if (state === "missing" || state === undefined) {
        throw new WorkspaceError({
          code: "asset",
          message: `${needed} of ${partition} is missing`,
          hint: `Make it first: karyon job run annotate_and_report_job --partition ${shellWord(partition)}`,
        });
      }
    }
    return runToEnd(selection, how, scope);
  },
  failed: (run) => run.state !== "done",
  print: (run) => printRun(run),
});

const RUN_LIST = z.strictObject({
  limit: z.coerce.number().int().positive().default(20),
  before: z.coerce.number().int().optional(),
});

export const runList: AnyVerb = defineVerb<z.output<typeof RUN_LIST>, { readonly runs: readonly RunView[] }>({
  name: "run-list",
  parameters: RUN_LIST,
  declare(program, ask) {
    runGroup(program)
      .command("list")
      .description("runs, the latest first")
      .option("--limit <n>", "how many", "20")
      .option("--before <id>", "only those before this one")
      .action((options) => ask(options));
  },
  run: ({ limit, before }, { workspace }) => {
    const views = workspace.catalog.runs(limit, before).map((id) => viewOfRun(workspace, id));
    return Promise.resolve({ runs: views.filter((view) => view !== null) });
  },
  print: ({ runs }) =>
    runs.length === 0
      ? "No runs yet."
      : table([
          ["Run", "State", "Started", "Partition", "Selection"],
          ...runs.map((run) => [
            String(run.id),
            stateWords(run),
            run.startedAt,
            run.partition || "–",
            `${run.selection}${onEngine(run)}`,
          ]),
        ]),
});

const RUN_SHOW = z.strictObject({ id: z.coerce.number().int().positive() });

/** A run as pages show it. @throws {WorkspaceError} `usage` for one that left no trace */
export function requireRun(workspace: Workspace, id: RunId): RunView {
  const view = viewOfRun(workspace, id);
  if (view !== null) return view;
  throw new WorkspaceError({ code: "usage", message: `no such run: ${id}`, hint: "See karyon run list." });
}

export const runShow: AnyVerb = defineVerb<z.output<typeof RUN_SHOW>, RunView>({
  name: "run-show",
  parameters: RUN_SHOW,
  declare(program, ask) {
    runGroup(program)
      .command("show <id>")
      .description("the steps of a run and how they ended")
      .action((id: string) => ask({ id }));
  },
  run: async ({ id }, { workspace }) => requireRun(workspace, id),
  print: (run) => printRun(run),
});

/** Runs a selection and answers when it has ended. */
export async function runToEnd(
  select: string,
  { partition, engine }: { readonly partition?: string | undefined; readonly engine?: string | undefined },
  scope: VerbScope,
): Promise<RunView> {
  const { workspace, signal } = scope;
  const key = partition === undefined ? WHOLE : parsePartition(partition);
  const live = await workspace.startRun(select, key, { signal, engine });
  return endOfRun(live, scope);
}

/** `done`, `waits for run 3 or 4`. */
function stateWords({ state, waitsFor }: RunView): string {
  return waitsFor.length === 0 ? state : waitWords(waitsFor);
}

function onEngine({ engine }: RunView): string {
  return engine === undefined ? "" : ` on ${engine}`;
}

/** A run and its steps, as lines. */
export function printRun(run: RunView): string {
  const head = `Run ${run.id} · ${stateWords(run)} · ${run.selection}${onEngine(run)}${run.partition === WHOLE ? "" : ` · ${run.partition}`}`;
  const idle = idleEngine(run);
  const note = [...(idle === null ? [] : [idle]), ...keptWords(run), ...endedWords(run)]
    .map((line) => `\n${line}`)
    .join("");
  if (run.steps.length === 0) return `${head}\nNothing had changed: nothing was done.${note}`;
  const rows = run.steps.map((step) => [
    run.state !== "running" && step.state === "pending" ? "not begun" : step.state,
    step.asset,
    step.seconds === null ? "" : `${duration(step.seconds)}${expectedWords(step)}`,
    [
      run.engine === undefined || step.engine === undefined ? null : `on ${step.engine}`,
      step.waitsFor === null ? null : `waits for run ${step.waitsFor}, which makes it`,
      // An error says so itself.
      step.sparing === null || step.error !== null ? null : SPARING_WORDS[step.sparing],
      step.reason ?? (step.error === null ? null : errorText(inCell(step.error, step.asset))),
    ]
      .filter((words) => words !== null)
      .join("; "),
  ]);
  return `${head}\n${table(rows)}${note}`;
}

/** A place in a text that names no cell is one in the cell that is made. */
function inCell(error: ErrorInfo, cell: string): ErrorInfo {
  return error.span === undefined ? error : { cell, ...error };
}

/** What is said when a run chose an engine and nothing was made on it; null when something was, or may be yet. */
function idleEngine({ engine, state, steps, kept = [] }: RunView): string | null {
  if (engine === undefined || state !== "done" || kept.length > 0) return null;
  if (steps.some((step) => step.engine?.startsWith(`${engine} `))) return null;
  return `Nothing was to be made on ${engine}: what is fresh is made again on another engine when it is selected itself.`;
}

export function runGroup(program: Command): Command {
  return commandGroup(program, "run", "what was run, and how it ended");
}
