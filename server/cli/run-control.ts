import * as z from "zod";

import { WorkspaceError } from "#protocol/error.ts";
import { WHOLE } from "#protocol/ids.ts";
import type { RunView } from "#protocol/view.ts";

import type { LoggedEvent } from "../catalog/events.ts";
import { eventLine } from "./log.ts";
import { printRun, requireRun, runGroup, runToEnd } from "./runs.ts";
import { defineVerb } from "./verb.ts";
import type { AnyVerb } from "./verb.ts";

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
    const view = requireRun(workspace, id);
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
    return requireRun(workspace, id);
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
    const { selection, partition, engine } = requireRun(scope.workspace, id);
    return runToEnd(selection, { partition: partition === WHOLE ? undefined : partition, engine }, scope);
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
    requireRun(workspace, id);
    return Promise.resolve({ events: workspace.catalog.eventsOfRun(id) });
  },
  print: ({ events }) => events.map((event) => eventLine(event)).join("\n"),
});
