import * as z from "zod";

import { WorkspaceError } from "#protocol/error.ts";
import type { RunView } from "#protocol/view.ts";

import type { LoggedEvent } from "../catalog/events.ts";
import { runView } from "../runs/run-view.ts";
import { eventLine } from "./log.ts";
import { printRun, runGroup, runToEnd } from "./runs.ts";
import { defineVerb } from "./verb.ts";
import type { AnyVerb } from "./verb.ts";
import type { Workspace } from "../workspace.ts";

const RUN = z.strictObject({ id: z.coerce.number().int().positive() });
const CANCEL = z.strictObject({ id: z.coerce.number().int().positive(), kill: z.boolean().optional() });

export const runCancel: AnyVerb = defineVerb<z.output<typeof CANCEL>, RunView>({
  name: "run-cancel",
  parameters: CANCEL,
  declare(program, ask) {
    runGroup(program)
      .command("cancel <id>")
      .description("stop a run of the server")
      .option("--kill", "end its kernel at once")
      .action((id: string, options) => ask({ id, ...options }));
  },
  async run({ id, kill }, { workspace }) {
    const view = viewOf(id, workspace);
    const live = workspace.live.get(id);
    if (live === null) {
      throw new WorkspaceError({
        code: "usage",
        message:
          view.state === "running" ? `run ${id} is another process's` : `run ${id} has ended: ${view.state}`,
        hint: view.state === "running" ? "Press Ctrl-C where it was started." : "There is nothing to stop.",
      });
    }
    workspace.live.cancel(id, kill === true);
    await live.ended;
    return viewOf(id, workspace);
  },
  print: (run) => printRun(run),
});

/** What was asked for then, asked for again: what was made meanwhile is not made twice. */
export const runRetry: AnyVerb = defineVerb<z.output<typeof RUN>, RunView>({
  name: "run-retry",
  parameters: RUN,
  declare(program, ask) {
    runGroup(program)
      .command("retry <id>")
      .description("run again what a run was to make, as far as it is not fresh")
      .action((id: string) => ask({ id }));
  },
  run: ({ id }, scope) => {
    const { selection, partition, engine } = viewOf(id, scope.workspace);
    const how = { ...(partition === "" ? {} : { partition }), ...(engine === undefined ? {} : { engine }) };
    return runToEnd(selection, how, scope);
  },
  failed: (run) => run.state !== "done",
  print: (run) => printRun(run),
});

export const runLog: AnyVerb = defineVerb<z.output<typeof RUN>, { readonly events: readonly LoggedEvent[] }>({
  name: "run-log",
  parameters: RUN,
  declare(program, ask) {
    runGroup(program)
      .command("log <id>")
      .description("everything that was written down of a run, in its order")
      .action((id: string) => ask({ id }));
  },
  run: ({ id }, { workspace }) => {
    viewOf(id, workspace);
    return Promise.resolve({ events: workspace.catalog.eventsOfRun(id) });
  },
  print: ({ events }) => events.map((event) => eventLine(event)).join("\n"),
});

function viewOf(id: number, { catalog }: Workspace): RunView {
  const view = runView(id, catalog.eventsOfRun(id));
  if (view !== null) return view;
  throw new WorkspaceError({ code: "usage", message: `no such run: ${id}`, hint: "See karyon run list." });
}
