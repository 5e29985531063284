import * as z from "zod";

import type { Cell } from "#notebook/notebook.ts";
import { cellsOf } from "#notebook/notebook.ts";
import { parseExpression, parseScript } from "#notebook/parse-script.ts";
import { stripTypes } from "#notebook/strip-types.ts";
import { WorkspaceError, errorInfo } from "#protocol/error.ts";
import type { ErrorInfo } from "#protocol/error.ts";

import type { Definitions, StandingNotebook } from "../definitions.ts";
import { count, errorText } from "./format.ts";
import { defineVerb } from "./verb.ts";
import type { AnyVerb } from "./verb.ts";

const PARAMETERS = z.strictObject({ notebooks: z.array(z.string()).exactOptional() });

interface Problem extends ErrorInfo {
  /** Path of the notebook; null for a module folder. */
  readonly notebook: string | null;
}

interface Checked {
  readonly notebooks: number;
  readonly cells: number;
  readonly problems: readonly Problem[];
}

export const check: AnyVerb = defineVerb<z.output<typeof PARAMETERS>, Checked>({
  name: "check",
  parameters: PARAMETERS,
  declare(program, ask) {
    program
      .command("check [notebook...]")
      .description(
        "read every notebook, its cells and the graph of assets, and name what is off; nothing is run",
      )
      .action((notebooks: string[]) => ask(notebooks.length === 0 ? {} : { notebooks }));
  },
  async run({ notebooks: wanted }, { workspace }) {
    const definitions = await workspace.definitions();
    const all = await workspace.sessions.notebooks();
    const unread = (await workspace.sessions.list()).filter(
      (path) => !all.some(({ notebook }) => notebook.path === path),
    );
    const chosen = wanted === undefined ? all : wanted.map((name) => named(name, all));
    const problems = await Promise.all(chosen.map((one) => problemsOf(one, definitions)));
    return {
      notebooks: chosen.length,
      cells: chosen.reduce((sum, { notebook }) => sum + cellsOf(notebook).length, 0),
      problems: [
        ...(wanted === undefined ? [...unread.map(unreadable), ...ofModules(definitions)] : []),
        ...problems.flat(),
      ],
    };
  },
  failed: ({ problems }) => problems.length > 0,
  print: ({ notebooks, cells, problems }) => {
    const what = `${count(cells)} cells in ${count(notebooks)} ${notebooks === 1 ? "notebook" : "notebooks"}`;
    return problems.length === 0
      ? `✓ ${what}: no problem`
      : [
          ...problems.map((problem) => `✕ ${errorText(problem)}`),
          `${what}, ${count(problems.length)} problems`,
        ].join("\n");
  },
});

function named(name: string, all: readonly StandingNotebook[]): StandingNotebook {
  const found = all.find(({ notebook: { path } }) => path === name || path === `${name}.md`);
  if (found !== undefined) return found;
  throw new WorkspaceError({
    code: "usage",
    message: `no notebook: ${name}`,
    hint: `There are ${all.map(({ notebook }) => notebook.path).join(", ")}.`,
  });
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

/** A notebook that is listed and left out of all that is made. */
function unreadable(path: string): Problem {
  return {
    code: "notebook",
    message: "the notebook cannot be read: its cells are left out",
    hint: "Change who may read the file, or remove it.",
    at: path,
    notebook: path,
  };
}

/** Problems of assets that no notebook declares. */
function ofModules({ graph }: Definitions): Problem[] {
  return [...graph.problems].flatMap(([key, error]) =>
    graph.assets.get(key)?.place.notebook === null ? [{ ...error, notebook: null, cell: key }] : [],
  );
}
