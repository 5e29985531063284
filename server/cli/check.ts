import * as z from "zod";

import type { Cell } from "#notebook/notebook.ts";
import { cellsOf } from "#notebook/notebook.ts";
import { parseExpression, parseScript } from "#notebook/parse-script.ts";
import { stripTypes } from "#notebook/strip-types.ts";
import { errorInfo } from "#protocol/error.ts";
import type { ErrorInfo } from "#protocol/error.ts";
import { counted } from "#protocol/numerals.ts";

import type { Definitions, StandingNotebook } from "../definitions.ts";
import { notebookNamed } from "../notebook-named.ts";
import { newerParts } from "../shipped.ts";
import type { Workspace } from "../workspace.ts";
import { errorText } from "./format.ts";
import { defineVerb } from "./verb.ts";
import type { AnyVerb } from "./verb.ts";

const PARAMETERS = z.strictObject({ notebooks: z.array(z.string()).optional() });

interface Problem extends ErrorInfo {
  /** Path of the notebook; null for a module folder. */
  readonly notebook: string | null;
}

/** What is valid in a module folder, and may still be a mistake. */
interface Doubt extends Problem {
  /** Rule of the lint, such as `PALINDROMIC`; null: what reading found. */
  readonly rule: string | null;
}

interface Checked {
  readonly notebooks: number;
  readonly cells: number;
  readonly modules: number;
  readonly problems: readonly Problem[];
  readonly doubts: readonly Doubt[];
}

/** What the kernel says of the module folders. */
interface CheckedModules {
  readonly modules: number;
  readonly problems: readonly {
    readonly severity: "error" | "warning";
    readonly folder: string | null;
    readonly at: string;
    readonly field: string | null;
    readonly rule: string | null;
    readonly message: string;
  }[];
}

export const check: AnyVerb = defineVerb<z.output<typeof PARAMETERS>, Checked>({
  name: "check",
  parameters: PARAMETERS,
  declare(program, ask) {
    program
      .command("check [notebook...]")
      .description(
        "read every notebook, its cells, the graph of assets and the module folders, and name what is off; nothing is run",
      )
      .action((notebooks: string[]) => ask(notebooks.length === 0 ? {} : { notebooks }));
  },
  async run({ notebooks: wanted }, { workspace, signal }) {
    const definitions = await workspace.definitions();
    const all = await workspace.sessions.notebooks();
    const unread = wanted === undefined ? await workspace.sessions.unread() : [];
    const chosen = wanted === undefined ? all : wanted.flatMap((name) => named(name, all));
    const problems = await Promise.all(chosen.map((one) => problemsOf(one, definitions)));
    const { modules, broken, doubts } =
      wanted === undefined ? await moduleFolders(workspace, signal) : NO_MODULES;
    return {
      notebooks: chosen.length,
      cells: chosen.reduce((sum, { notebook }) => sum + cellsOf(notebook).length, 0),
      modules,
      problems: [
        ...unread.map(({ path, error }) => ({ ...error, at: path, notebook: path })),
        ...broken,
        ...problems.flat(),
      ],
      doubts: [...doubts, ...(wanted === undefined ? await newerDoubts(workspace) : [])],
    };
  },
  failed: ({ problems }) => problems.length > 0,
  print: ({ notebooks, cells, modules, problems, doubts }) => {
    const what = [
      `${counted(cells, "cell")} in ${counted(notebooks, "notebook")}`,
      ...(modules === 0 ? [] : [counted(modules, "module")]),
    ].join(", ");
    const found = [
      problems.length === 0 ? "no problem" : counted(problems.length, "problem"),
      ...(doubts.length === 0 ? [] : [counted(doubts.length, "doubt")]),
    ].join(", ");
    return [
      ...problems.map((problem) => `✕ ${errorText(problem)}`),
      ...doubts.map((doubt) => `? ${errorText(doubt)}`),
      `${problems.length === 0 ? "✓ " : ""}${what}: ${found}`,
    ].join("\n");
  },
});

/** @throws {WorkspaceError} `usage` when there is none */
function named(name: string, all: readonly StandingNotebook[]): StandingNotebook[] {
  const { path } = notebookNamed(
    all.map(({ notebook }) => notebook),
    name,
  );
  return all.filter(({ notebook }) => notebook.path === path);
}

/** What is off in a notebook, from its top: what the kernel and the graph found, and scripts that cannot be read. */
async function problemsOf(standing: StandingNotebook, { view }: Definitions): Promise<Problem[]> {
  const { path } = standing.notebook;
  const found = new Map(view(standing).cells.map((cell) => [cell.id, cell]));
  const all = await Promise.all(
    cellsOf(standing.notebook).map(async (cell): Promise<Problem[]> => {
      const seen = found.get(cell.id);
      const error = seen?.error ?? (seen?.kind === "view" ? await scriptError(cell) : null);
      if (error === null) return [];
      const line = cell.line + (error.span?.line ?? 0);
      return [{ ...error, notebook: path, cell: cell.id, at: error.at ?? `${path}:${line}` }];
    }),
  );
  return all.flat();
}

/** Why a cell of the page cannot be read; null when it can, and for what is no script. */
async function scriptError({ language, source }: Cell): Promise<ErrorInfo | null> {
  try {
    if (language === "js") parseScript(source);
    else if (language === "ts") parseScript(await stripTypes(source));
    else if (language === "input") parseExpression(source);
    return null;
  } catch (error) {
    return errorInfo(error);
  }
}

/** What Karyon ships in a newer version: what stands here may be known to be wrong. */
async function newerDoubts({ paths, software }: Workspace): Promise<Doubt[]> {
  return (await newerParts(paths)).map(({ name, mine }) => ({
    code: "notebook",
    message: `${software} ships a newer version`,
    hint:
      mine === "unchanged"
        ? `Take it over: karyon update ${name}`
        : `You changed yours: karyon update ${name} shows the difference.`,
    at: name,
    notebook: null,
    rule: null,
  }));
}

const NO_MODULES = { modules: 0, broken: [], doubts: [] };

/** What is off and what is doubtful in the module folders. */
async function moduleFolders(
  workspace: Workspace,
  signal: AbortSignal,
): Promise<{ modules: number; broken: readonly Problem[]; doubts: readonly Doubt[] }> {
  const reply = await workspace.kernels.ask(
    { type: "call", name: "check-modules", parameters: {} },
    { signal },
  );
  if (reply === null || !("value" in reply)) throw new Error("the kernel did not check the modules");
  const { modules, problems } = reply.value as CheckedModules;
  const found = problems.map(({ severity, folder, at, field, rule, message }) => ({
    severity,
    rule,
    problem: {
      code: "module" as const,
      message: field === null ? message : `${field}: ${message}`,
      at,
      notebook: null,
      ...(folder === null ? {} : { cell: `modules/${folder}` }),
    },
  }));
  return {
    modules,
    broken: found.flatMap(({ severity, problem }) => (severity === "error" ? [problem] : [])),
    doubts: found.flatMap(({ severity, rule, problem }) =>
      severity === "warning" ? [{ ...problem, rule }] : [],
    ),
  };
}
