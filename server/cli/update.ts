import * as z from "zod";

import { nearHint } from "#graph/nearest.ts";
import { WorkspaceError } from "#protocol/error.ts";
import type { LineChange } from "#protocol/line-changes.ts";
import { counted } from "#protocol/numerals.ts";
import type { NewerPart, UpdateResult } from "#protocol/verb-results.ts";

import { differences, newerParts, takeOver } from "../shipped.ts";
import type { Take } from "../shipped.ts";
import { table } from "./format.ts";
import { defineVerb } from "./verb.ts";
import type { AnyVerb } from "./verb.ts";

/** Lines of a difference that are printed of each file; with `--json` all. */
const MOST_LINES = 60;

const PARAMETERS = z.strictObject({
  /** Of parts, such as `modules/coronary`. Absent: all. */
  names: z.array(z.string()).optional(),
  /** What is done with what the person changed; absent: nothing. */
  take: z.enum(["theirs", "mine", "merged"]).optional(),
  dry_run: z.boolean().optional(),
});

type Part = UpdateResult["parts"][number];

export const update: AnyVerb = defineVerb<z.output<typeof PARAMETERS>, UpdateResult>({
  name: "update",
  parameters: PARAMETERS,
  declare(program, ask) {
    program
      .command("update [name...]")
      .description(
        "take over the notebooks, modules and report templates that a newer Karyon ships; what you changed is shown, and never overwritten unless you say so",
      )
      .option("--dry-run", "only say what is newer; of what is named, show the difference")
      .option("--merge", "of a named notebook: take over the cells that you did not change")
      .option("--overwrite", "of what is named: take theirs; yours goes to the trash")
      .option("--keep", "of what is named: keep yours, and say no more of it until Karyon ships another")
      .action((names: string[], options: Options) =>
        ask({
          ...(names.length === 0 ? {} : { names }),
          ...takeOf(names, options),
          ...(options.dryRun === true ? { dry_run: true } : {}),
        }),
      );
  },
  async run({ names, take, dry_run: isDry = false }, { workspace }) {
    const { paths, sessions, software } = workspace;
    const newer = await newerParts(paths);
    const chosen = names?.map((name) => named(name, newer)) ?? newer;
    for (const { name, mergeable } of take === "merged" && !isDry ? chosen : [])
      if (!mergeable) throw noMerge(name);
    let conflicts = 0;
    const parts: Part[] = [];
    for (const part of chosen) {
      const how = take ?? (part.mine === "unchanged" ? "theirs" : null);
      if (isDry || how === null) {
        const files = names === undefined ? part.files : await differences(paths, part.name);
        parts.push({ ...part, files, did: "left" });
        continue;
      }
      conflicts += await takeOver(paths, sessions, { part: part.name, take: how, now: new Date() });
      parts.push({ ...part, did: DID[how] });
    }
    if (parts.some(({ did }) => did !== "left")) workspace.definitionsChanged();
    return { software, parts, conflicts };
  },
  print: ({ software, parts, conflicts }) => {
    if (parts.length === 0) return `Nothing that ${software} ships is newer than what is here.`;
    const rows = parts.map((part) => [part.name, counted(part.files.length, "file"), WORDS[part.did](part)]);
    return [
      ...parts.flatMap(({ files }) => files.flatMap(({ path, lines }) => printed(path, lines))),
      table(rows),
      ...(conflicts === 0
        ? []
        : [
            `${counted(conflicts, "cell")} had been changed by both: theirs stands below yours, switched off.`,
          ]),
    ].join("\n");
  },
});

interface Options {
  readonly dryRun?: boolean;
  readonly merge?: boolean;
  readonly overwrite?: boolean;
  readonly keep?: boolean;
}

const DID: Readonly<Record<Take, Part["did"]>> = { theirs: "taken", mine: "kept", merged: "merged" };

const WORDS: Readonly<Record<Part["did"], (part: Part) => string>> = {
  taken: () => "taken over",
  kept: () => "kept as it is",
  merged: () => "merged with yours",
  left: ({ name, mine, mergeable, files }) =>
    mine === "unchanged"
      ? `newer: karyon update ${name}`
      : files.some(({ lines }) => lines !== undefined)
        ? `changed by you: ${[...(mergeable ? ["--merge"] : []), "--overwrite", "--keep"].join(", ")}?`
        : `changed by you, too: karyon update ${name} shows the difference`,
};

/** @throws {WorkspaceError} `usage` for two of the options, and for one without a name */
function takeOf(names: readonly string[], { merge, overwrite, keep }: Options): { take: Take } | null {
  const asked = (
    [
      [merge, "merged"],
      [overwrite, "theirs"],
      [keep, "mine"],
    ] as const
  ).flatMap(([is, take]) => (is === true ? [take] : []));
  const [take] = asked;
  if (take === undefined) return null;
  if (asked.length === 1 && names.length > 0) return { take };
  throw new WorkspaceError({
    code: "usage",
    message: asked.length > 1 ? "more than one way to take it over" : "nothing is named",
    hint: "Write karyon update NAME with one of --merge, --overwrite and --keep.",
  });
}

function named(name: string, newer: readonly NewerPart[]): NewerPart {
  const part = newer.find((one) => one.name === name || one.files.some(({ path }) => path === name));
  if (part !== undefined) return part;
  throw new WorkspaceError({
    code: "usage",
    message: `nothing newer is shipped of this name: ${name.slice(0, 200)}`,
    hint: nearHint(
      name,
      newer.map((one) => one.name),
      "See karyon update --dry-run.",
    ),
  });
}

function noMerge(name: string): WorkspaceError {
  return new WorkspaceError({
    code: "usage",
    message: `cannot be merged: ${name}`,
    hint: "Only a notebook of which it is known what you changed can: look at the difference, and choose --overwrite or --keep.",
  });
}

/** A difference as lines: `-` yours, `+` theirs. */
function printed(path: string, lines: readonly LineChange[] | undefined): string[] {
  if (lines === undefined) return [];
  const more = lines.length - MOST_LINES;
  return [
    `--- yours: ${path}`,
    `+++ shipped: ${path}`,
    ...lines
      .slice(0, MOST_LINES)
      .map(({ line, is }) => `${{ same: " ", gone: "-", new: "+", gap: "…" }[is]} ${line}`),
    ...(more > 0 ? [`… and ${counted(more, "line")} more`] : []),
    "",
  ];
}
