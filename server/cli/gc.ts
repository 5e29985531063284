import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

import * as z from "zod";

import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import { noneIfMissing } from "#protocol/none-if-missing.ts";
import { bytes, count, counted } from "#protocol/numerals.ts";

import type { RecordedFile } from "../catalog/catalog.ts";
import { numberOf } from "./number-of.ts";
import { defineVerb } from "./verb.ts";
import type { AnyVerb } from "./verb.ts";

const PARAMETERS = z.strictObject({
  /** Of older versions than so many of an asset the files go too; their records stay. */
  keep: z.coerce.number().int().positive().optional(),
  /** A file that is younger may be about to get its record. */
  graceMinutes: z.coerce.number().nonnegative().default(60),
  dryRun: z.boolean().optional(),
});

interface Swept {
  readonly removed: boolean;
  readonly objects: number;
  readonly bytes: number;
  /** Those that records name, and too young ones. */
  readonly kept: number;
  /** Versions that history lists and whose files are gone now. */
  readonly versions_let_go: number;
}

/** Ends of names under which files are written before they get their own. */
const UNFINISHED = /\.[0-9a-f]{8}(?:-[0-9a-f-]{27})?\.tmp$/;
/** Names of the folders of stored files. */
const PREFIX = /^[0-9a-f]{2}$/;

/** Removes stored files that no record names: what a killed run left, and what was erased. */
export const gc: AnyVerb = defineVerb<z.output<typeof PARAMETERS>, Swept>({
  name: "gc",
  parameters: PARAMETERS,
  declare(program, ask) {
    program
      .command("gc")
      .description("remove stored files that no record names; nothing that history can show")
      .option("--keep <n>", "and the files of versions older than the latest n of each asset")
      .option("--grace-minutes <n>", "leave files alone that are younger", numberOf, 60)
      .option("--dry-run", "only say what would be removed")
      .action((options) => ask(options));
  },
  async run({ keep, graceMinutes, dryRun }, { workspace, signal }) {
    const { catalog, paths } = workspace;
    // What is there is listed first: a record that is made meanwhile names a file that is not in the list, or is.
    const stored = await objectsIn(join(paths.home, "objects"));
    const files = catalog.recordedFiles();
    const needed = neededOf(files, keep ?? Infinity, (asset, partition) =>
      catalog.versions.held(asset, partition),
    );
    const youngest = Date.now() - graceMinutes * 60_000;
    const unneeded = stored.filter(({ hash }) => !needed.hashes.has(hash));
    const notes = ["", "trusted", "journal"].map((name) => unfinishedIn(join(paths.home, name)));
    const unfinished = (await Promise.all([...notes, unfinishedIn(paths.output, true)])).flat();
    const doomed = [...unneeded, ...unfinished].filter(({ changedAt }) => changedAt <= youngest);
    const gone: Found[] = [];
    for (const one of doomed) {
      signal.throwIfAborted();
      if (!(await isUntouched(one))) continue;
      if (dryRun !== true) await rm(one.path, { force: true });
      gone.push(one);
    }
    return {
      removed: dryRun !== true,
      objects: gone.length,
      bytes: gone.reduce((sum, one) => sum + one.bytes, 0),
      kept: stored.length + unfinished.length - gone.length,
      versions_let_go: needed.letGo,
    };
  },
  print: ({ removed, objects, bytes: size, kept, versions_let_go }) =>
    [
      `${removed ? "Removed" : "Would remove"} ${counted(objects, "file")}, ${bytes(size)}; ${count(kept)} stay.`,
      ...(versions_let_go === 0
        ? []
        : [`${count(versions_let_go)} older versions keep their records alone.`]),
    ].join("\n"),
});

interface Found {
  readonly path: string;
  readonly bytes: number;
  /** Milliseconds: when its name or content last changed. */
  readonly changedAt: number;
  /** Its content was written, or a run had the same content again. */
  readonly mtimeMs: number;
}

type Stored = Found & { readonly hash: string };

/** Whether no run has had its content again since it was listed. Not by `ctime`, which moves when a link to it goes, too. */
async function isUntouched({ path, mtimeMs }: Found): Promise<boolean> {
  return (await stat(path).catch(() => null))?.mtimeMs === mtimeMs;
}

/** Files that a process which was killed did not come to name: links of the readable tree, and notes of Karyon's own. */
async function unfinishedIn(folder: string, recursive = false): Promise<Found[]> {
  const names = await readdir(folder, { recursive }).catch(() => []);
  const found = names.map(async (name): Promise<Found[]> => {
    const path = join(folder, name);
    const info = UNFINISHED.test(name) ? await stat(path).catch(() => null) : null;
    return info === null ? [] : [{ path, bytes: info.size, changedAt: info.ctimeMs, mtimeMs: info.mtimeMs }];
  });
  return (await Promise.all(found)).flat();
}

async function objectsIn(folder: string): Promise<Stored[]> {
  const found: Stored[] = [];
  const prefixes = await readdir(folder).catch(noneIfMissing);
  for (const prefix of prefixes.filter((name) => PREFIX.test(name))) {
    for (const rest of await readdir(join(folder, prefix)).catch(noneIfMissing)) {
      const path = join(folder, prefix, rest);
      const info = await stat(path).catch(() => null);
      // What was made of an object lies beside it, under its name and more.
      const [own = ""] = rest.split(".");
      if (info !== null)
        found.push({
          hash: prefix + own,
          path,
          bytes: info.size,
          changedAt: info.ctimeMs,
          mtimeMs: info.mtimeMs,
        });
    }
  }
  return found;
}

/**
 * Files of the latest `keep` records of each asset and partition, of all where a person holds one, and the texts of
 * notebooks: they are small.
 */
export function neededOf(
  files: readonly RecordedFile[],
  keep: number,
  held: (asset: AssetKey, partition: PartitionKey) => boolean,
): { readonly hashes: ReadonlySet<string>; readonly letGo: number } {
  const hashes = new Set<string>();
  const records = new Map<string, Set<number>>();
  const letGo = new Set<number>();
  for (const file of files.toReversed()) {
    const { asset, partition } = file;
    const place = JSON.stringify([asset, partition]);
    const seqs = records.get(place) ?? new Set();
    if (asset === null || seqs.size < keep || seqs.has(file.seq) || held(asset, partition)) {
      records.set(place, seqs.add(file.seq));
      hashes.add(file.hash);
    } else letGo.add(file.seq);
  }
  return { hashes, letGo: letGo.size };
}
