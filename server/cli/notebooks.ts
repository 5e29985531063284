import type { Command } from "commander";
import * as z from "zod";

import { cellsOf } from "#notebook/notebook.ts";

import { table } from "./format.ts";
import { commandGroup, defineVerb } from "./verb.ts";
import type { AnyVerb } from "./verb.ts";

const NONE = z.strictObject({});
const ONE = z.strictObject({ name: z.string() });
const TWO = z.strictObject({ from: z.string(), name: z.string() });

interface Made {
  readonly notebook: string;
}

interface Listed {
  readonly notebooks: readonly {
    readonly notebook: string;
    readonly title: string;
    readonly cells: number;
  }[];
}

export const notebookList: AnyVerb = defineVerb<z.output<typeof NONE>, Listed>({
  name: "notebook-list",
  parameters: NONE,
  declare(program, ask) {
    notebookGroup(program)
      .command("list")
      .description("all notebooks of the workspace")
      .action(() => ask({}));
  },
  async run(_parameters, { workspace }) {
    const all = await workspace.sessions.notebooks();
    return {
      notebooks: all.map(({ notebook }) => ({
        notebook: notebook.path,
        title: notebook.title,
        cells: cellsOf(notebook).length,
      })),
    };
  },
  print: ({ notebooks }) => table(notebooks.map(({ notebook, title }) => [notebook, title])),
});

export const notebookCreate: AnyVerb = defineVerb<z.output<typeof ONE>, Made>({
  name: "notebook-create",
  parameters: ONE,
  writesNotebooks: true,
  declare(program, ask) {
    notebookGroup(program)
      .command("new <name>")
      .description("make an empty notebook")
      .action((name: string) => ask({ name }));
  },
  run: async ({ name }, { workspace }) => ({ notebook: await workspace.sessions.create(name) }),
  print: ({ notebook }) => `Made ${notebook}.`,
});

export const notebookRename: AnyVerb = defineVerb<z.output<typeof TWO>, Made>({
  name: "notebook-rename",
  parameters: TWO,
  writesNotebooks: true,
  declare(program, ask) {
    notebookGroup(program)
      .command("rename <from> <name>")
      .description("give a notebook another file name")
      .action((from: string, name: string) => ask({ from, name }));
  },
  run: async ({ from, name }, { workspace }) => ({ notebook: await workspace.sessions.rename(from, name) }),
  print: ({ notebook }) => `It is ${notebook} now.`,
});

export const notebookCopy: AnyVerb = defineVerb<z.output<typeof TWO>, Made>({
  name: "notebook-duplicate",
  parameters: TWO,
  writesNotebooks: true,
  declare(program, ask) {
    notebookGroup(program)
      .command("copy <from> <name>")
      .description("copy a notebook; its assets get names of their own")
      .action((from: string, name: string) => ask({ from, name }));
  },
  run: async ({ from, name }, { workspace }) => ({ notebook: await workspace.sessions.copy(from, name) }),
  print: ({ notebook }) => `Made ${notebook}.`,
});

export const notebookTrust: AnyVerb = defineVerb<z.output<typeof ONE>, Made>({
  name: "notebook-trust",
  parameters: ONE,
  writesNotebooks: true,
  declare(program, ask) {
    notebookGroup(program)
      .command("trust <name>")
      .description("let a notebook run that was written elsewhere, as it is now")
      .action((name: string) => ask({ name }));
  },
  run: async ({ name }, { workspace }) => ({ notebook: await workspace.sessions.trust(name) }),
  print: ({ notebook }) => `${notebook} may run.`,
});

interface Removed {
  /** Where it lies now. */
  readonly trash: string;
}

export const notebookRemove: AnyVerb = defineVerb<z.output<typeof ONE>, Removed>({
  name: "notebook-delete",
  parameters: ONE,
  writesNotebooks: true,
  declare(program, ask) {
    notebookGroup(program)
      .command("rm <name>")
      .description("move a notebook to the trash; what it made stays")
      .action((name: string) => ask({ name }));
  },
  run: async ({ name }, { workspace }) => ({ trash: await workspace.sessions.remove(name, new Date()) }),
  print: ({ trash }) => `It is in the trash: ${trash}`,
});

export function notebookGroup(program: Command): Command {
  return commandGroup(program, "notebook", "the notebooks of the workspace");
}
