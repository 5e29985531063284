import { join } from "node:path";

import type { Command } from "commander";
import * as z from "zod";

import { nearHint } from "#graph/nearest.ts";
import { WorkspaceError } from "#protocol/error.ts";
import { PAGE_COMMANDS } from "#protocol/page-commands.ts";

import { withLease } from "../runs/hold-lease.ts";
import { textAt } from "../text-at.ts";
import type { Workspace } from "../workspace.ts";
import { writeWhole } from "../write-whole.ts";
import { table } from "./format.ts";
import { commandGroup, defineVerb } from "./verb.ts";
import type { AnyVerb, VerbScope } from "./verb.ts";

/** The keys of every command of the page that a person changed; none: the command has no key. */
type Keys = Readonly<Record<string, readonly string[]>>;

interface KeysResult {
  /** Absolute path of the file that they stand in, also when nothing was changed. */
  readonly file: string;
  readonly keys: Keys;
}

/** Of whoever changes them: each reads what the one before wrote. */
const LEASE = "keys";
const command = z.string().regex(/^[a-z][a-z-]{0,39}$/);
const KEY_HINT =
  'Write one key, such as u, Alt-u, Mod-Shift-K or F2, or two, such as "v d"; Mod is Ctrl, and Command on a Mac';
/** One key, or two that are pressed one after the other: `Mod-k`, `v d`. */
const some = z.array(z.string().regex(/^\S{1,24}(?: \S{1,24})?$/)).max(4);
/** As the page names a key that is pressed: what a letter or sign gives, or the name of another, such as `F2`. */
const KEY = String.raw`(?:Mod-)?(?:Alt-)?(?:Shift-)?(?:\S|[A-Z][A-Za-z0-9]+)`;
const given = z.array(z.string().regex(new RegExp(`^${KEY}(?: ${KEY})?$`, "u"), KEY_HINT)).max(4);
const FILE: z.ZodType<Keys> = z.record(command, some);

export const keysList: AnyVerb = defineVerb({
  name: "keys-list",
  parameters: z.strictObject({}),
  declare(program, ask) {
    group(program)
      .command("list")
      .description("the keys that were changed, and the file they stand in")
      .action(() => ask({}));
  },
  run: async (_, { workspace }: VerbScope): Promise<KeysResult> => ({
    file: fileOf(workspace),
    keys: await read(workspace),
  }),
  print,
});

/** Gives commands other keys; null gives one those that it came with. */
export const keysSet: AnyVerb = defineVerb({
  name: "keys-set",
  parameters: z.strictObject({ keys: z.record(z.string(), given.nullable()) }),
  declare(program, ask) {
    group(program)
      .command("set <command> [keys...]")
      .description("the keys of a command, such as move-up Alt-u; without any it has none")
      .action((name: string, keys: string[]) => ask({ keys: { [name]: keys } }));
  },
  async run({ keys }, { workspace, signal }: VerbScope): Promise<KeysResult> {
    for (const name of Object.keys(keys)) requireCommand(name);
    return withLease(workspace.catalog.leases, LEASE, signal, async () => {
      const all = Object.entries({ ...(await read(workspace)), ...keys });
      return write(
        workspace,
        Object.fromEntries(all.flatMap(([name, own]) => (own === null ? [] : [[name, own]]))),
      );
    });
  },
  print,
});

export const keysReset: AnyVerb = defineVerb({
  name: "keys-reset",
  parameters: z.strictObject({}),
  declare(program, ask) {
    group(program)
      .command("reset")
      .description("all keys as they came")
      .action(() => ask({}));
  },
  run: (_, { workspace, signal }: VerbScope): Promise<KeysResult> =>
    withLease(workspace.catalog.leases, LEASE, signal, () => write(workspace, {})),
  print,
});

function group(program: Command): Command {
  return commandGroup(program, "keys", "the keys of the notebook's page");
}

/** @throws {WorkspaceError} `usage` for a name that is no command of the page */
function requireCommand(name: string): void {
  const known: readonly string[] = PAGE_COMMANDS;
  if (known.includes(name)) return;
  throw new WorkspaceError({
    code: "usage",
    message: `no command of the page: ${name}`,
    hint: nearHint(name, known, `There are ${known.join(", ")}.`),
  });
}

function fileOf({ paths }: Workspace): string {
  return join(paths.home, "keys.json");
}

/** @throws {WorkspaceError} `usage` for a file that holds something else */
async function read(workspace: Workspace): Promise<Keys> {
  const file = fileOf(workspace);
  const text = (await textAt(file)) ?? "{}";
  try {
    return FILE.parse(JSON.parse(text));
  } catch (cause) {
    throw new WorkspaceError(
      {
        code: "usage",
        message: `not a file of keys: ${file}`,
        hint: 'Write {"COMMAND": ["KEY"]}, such as {"move-up": ["Alt-u"]}, or karyon keys reset.',
      },
      { cause },
    );
  }
}

async function write(workspace: Workspace, keys: Keys): Promise<KeysResult> {
  const file = fileOf(workspace);
  await writeWhole(file, `${JSON.stringify(keys, null, 2)}\n`);
  return { file, keys };
}

function print({ file, keys }: KeysResult): string {
  const changed = Object.entries(keys);
  return changed.length === 0
    ? `no key was changed; ${file} would hold them`
    : `${table(changed.map(([name, own]) => [name, own.length === 0 ? "no key" : own.join(" or ")]))}\n\nin ${file}`;
}
