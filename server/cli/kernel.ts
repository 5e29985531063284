import type { Command } from "commander";
import * as z from "zod";

import { WorkspaceError } from "#protocol/error.ts";
import { bytes } from "#protocol/numerals.ts";
import type { KernelView } from "#protocol/view.ts";

import { fileNamed } from "../notebook-named.ts";
import type { Workspace } from "../workspace.ts";
import { table } from "./format.ts";
import { commandGroup, defineVerb } from "./verb.ts";
import type { AnyVerb } from "./verb.ts";

const NONE = z.strictObject({});
const ONE = z.strictObject({ notebook: z.string() });

interface Listed {
  readonly kernels: readonly KernelView[];
}

/** Kernels belong to the server: without one, a command has none. */
export const kernelList: AnyVerb = defineVerb<z.output<typeof NONE>, Listed>({
  name: "kernel-list",
  parameters: NONE,
  declare(program, ask) {
    kernelGroup(program)
      .command("list")
      .description("the kernels of the notebooks, what they do and what they hold")
      .action(() => ask({}));
  },
  run: (_, { workspace: { kernels } }) =>
    Promise.resolve({ kernels: kernels.notebooks.toSorted().map((path) => kernels.view(path)) }),
  print: ({ kernels }) =>
    kernels.length === 0
      ? "No kernel of a notebook is running."
      : table(
          kernels.map((kernel) => [
            kernel.notebook,
            kernel.state,
            memoryOf(kernel),
            kernel.death?.message ?? "",
          ]),
        ),
});

export const kernelInterrupt: AnyVerb = onKernel(
  "interrupt",
  "stop what the kernel of a notebook computes; it stays",
  async ({ kernels }, path) => kernels.interrupt(path),
);
export const kernelRestart: AnyVerb = onKernel(
  "restart",
  "end the kernel of a notebook, whatever it does, and start another",
  ({ kernels }, path) => kernels.restart(path),
);
export const kernelKill: AnyVerb = onKernel(
  "kill",
  "end the kernel of a notebook; the next question starts another",
  ({ kernels }, path) => kernels.kill(path),
);

function onKernel(
  action: string,
  description: string,
  act: (workspace: Workspace, path: string) => Promise<void>,
): AnyVerb {
  return defineVerb<z.output<typeof ONE>, { readonly kernel: KernelView }>({
    name: `kernel-${action}`,
    parameters: ONE,
    declare(program, ask) {
      kernelGroup(program)
        .command(`${action} <notebook>`)
        .description(description)
        .action((notebook: string) => ask({ notebook }));
    },
    async run({ notebook }, { workspace }) {
      const { kernels } = workspace;
      const path = fileNamed(notebook);
      if (!kernels.notebooks.includes(path)) throw noKernel(notebook, kernels.notebooks);
      await act(workspace, path);
      return { kernel: kernels.view(path) };
    },
    print: ({ kernel }) => `${kernel.notebook}: kernel ${kernel.state}`,
  });
}

function noKernel(notebook: string, known: readonly string[]): WorkspaceError {
  return new WorkspaceError({
    code: "usage",
    message: `no kernel of ${notebook} is running`,
    hint:
      known.length === 0 ? "Kernels run while karyon start does." : `There are those of ${known.join(", ")}.`,
  });
}

function memoryOf({ heldBytes, capBytes }: KernelView): string {
  return heldBytes === null || capBytes === null ? "" : `${bytes(heldBytes)} of ${bytes(capBytes)}`;
}

function kernelGroup(program: Command): Command {
  return commandGroup(program, "kernel", "the kernels that compute what is looked at in a notebook");
}
