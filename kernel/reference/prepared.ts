import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { sha256 } from "#notebook/sha256.ts";

import type { Engine } from "../engines/engine.ts";
import type { JoinSummary } from "./join.ts";

/** What the result of a join hangs on. */
export interface JoinKey {
  /** Hash of the normalised variants. */
  readonly variants: string;
  /** Identity of the reference. */
  readonly reference: string;
  /** Of the reference, those taken over; null: all. */
  readonly columns: readonly string[] | null;
  readonly engine: Engine;
  readonly software: string;
}

/** Of a batch, the result of one sample, waiting for the step that makes it an asset. */
export interface Prepared extends JoinSummary {
  /** Samples that shared the pass. */
  readonly samples: number;
  /** Seconds of the whole batch. */
  readonly seconds: number;
}

const TABLE = "joined.parquet";
const SUMMARY = "summary.json";

/** Where results of a batch wait, in the directory for temporary files. */
function preparedFolder(spill: string, { variants, reference, columns, engine, software }: JoinKey): string {
  const key = JSON.stringify([variants, reference, columns, engine.name, engine.version, software]);
  return join(spill, "joined", sha256(key));
}

/** Puts a result where the step of its partition finds it. */
export async function prepare(spill: string, key: JoinKey, table: string, summary: Prepared): Promise<void> {
  const folder = preparedFolder(spill, key);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await rename(table, join(folder, TABLE));
  // Written last: without it there is nothing to take.
  await writeFile(join(folder, SUMMARY), JSON.stringify(summary));
}

/** Moves a result that waits to `target`; null when there is none. */
export async function takePrepared(spill: string, key: JoinKey, target: string): Promise<Prepared | null> {
  const folder = preparedFolder(spill, key);
  const text = await readFile(join(folder, SUMMARY), "utf8").catch(() => null);
  if (text === null) return null;
  // Another run, of a sample with the same file, may have been quicker.
  const taken = await rename(join(folder, TABLE), target).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return false;
      throw error;
    },
  );
  if (!taken) return null;
  await rm(folder, { recursive: true, force: true });
  return JSON.parse(text) as Prepared;
}

/** Throws away results that nobody took. */
export async function dropPrepared(spill: string): Promise<void> {
  await rm(join(spill, "joined"), { recursive: true, force: true });
}
