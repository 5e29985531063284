import { open, readFile, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

import * as z from "zod";

import { WorkspaceError } from "#protocol/error.ts";
import { noneIfMissing } from "#protocol/none-if-missing.ts";
import type { Shard } from "#protocol/reference.ts";

import { hashFile } from "../assets/object-store.ts";
import { REFERENCE_CONTIGS, shardContig } from "./columns.ts";

const FOLDER = "ensembl_variations";
const MAGIC = "PAR1";
/** Magic at both ends and the length of the footer. */
const LEAST_BYTES = 12;

/** What the hub said of the snapshot that was downloaded. */
export interface Snapshot {
  readonly repo: string;
  /** Commit. */
  readonly revision: string;
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly sha256: string }[];
}

const SNAPSHOT: z.ZodType<Snapshot> = z.object({
  repo: z.string(),
  revision: z.string(),
  files: z.array(z.object({ path: z.string(), bytes: z.number(), sha256: z.string() })),
});
const REMEMBERED = z.record(
  z.string(),
  z.object({ bytes: z.number(), modified: z.number(), sha256: z.string() }),
);

/** Folder of the shards in a cache directory. */
export function shardFolder(cache: string): string {
  return join(cache, FOLDER, "data");
}

/** What was downloaded, as the hub described it; null when the files came here another way, or that cannot be read. */
export async function readSnapshot(cache: string): Promise<Snapshot | null> {
  const text = await readFile(snapshotPath(cache), "utf8").catch(() => null);
  try {
    return text === null ? null : SNAPSHOT.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

export async function writeSnapshot(cache: string, snapshot: Snapshot): Promise<void> {
  await writeFile(snapshotPath(cache), `${JSON.stringify(snapshot, null, 2)}\n`);
}

/**
 * The shards that are there, in the order of the contigs. Each is hashed once and again when size or time of
 * change are others: fourteen gigabytes are not read before every run.
 *
 * @throws {WorkspaceError} `asset` when there is none, or the folder cannot be read
 */
export async function cachedShards(cache: string, signal: AbortSignal): Promise<Shard[]> {
  const folder = shardFolder(cache);
  const names = await readdir(folder).catch(noneIfMissing);
  const found = names.flatMap((file) => {
    const chrom = shardContig(file);
    return chrom === null ? [] : [{ chrom, file }];
  });
  if (found.length === 0) throw noReference(folder);
  const remembered = await readRemembered(folder);
  const next: Record<string, { bytes: number; modified: number; sha256: string }> = {};
  const shards: Shard[] = [];
  for (const { chrom, file } of found) {
    const path = join(folder, file);
    const { size, mtimeMs } = await stat(path);
    const known = remembered[file];
    const isKnown = known?.bytes === size && known.modified === mtimeMs;
    const sha256 = isKnown ? known.sha256 : await hashFile(path, signal);
    next[file] = { bytes: size, modified: mtimeMs, sha256 };
    shards.push({ chrom, file, bytes: size, sha256 });
  }
  // A cache that others own may not be written to: then it is hashed each time.
  await writeFile(join(folder, "shards.json"), JSON.stringify(next)).catch(() => {});
  return shards.toSorted((a, b) => rank(a) - rank(b) || (a.file < b.file ? -1 : 1));
}

/** Whether a file begins and ends as Parquet does: one that was cut off does not. */
export async function isWholeParquet(path: string): Promise<boolean> {
  const file = await open(path).catch(() => null);
  if (file === null) return false;
  try {
    const { size } = await file.stat();
    if (size < LEAST_BYTES) return false;
    const ends = Buffer.alloc(2 * MAGIC.length);
    await file.read(ends, 0, MAGIC.length, 0);
    await file.read(ends, MAGIC.length, MAGIC.length, size - MAGIC.length);
    return ends.toString("latin1") === MAGIC + MAGIC;
  } finally {
    await file.close();
  }
}

export function noReference(folder: string): WorkspaceError {
  return new WorkspaceError({
    code: "asset",
    message: `no Ensembl reference in ${folder}`,
    hint: "Download it: karyon download-ensembl, or set KARYON_CACHE_DIR to where it is.",
  });
}

function snapshotPath(cache: string): string {
  return join(cache, FOLDER, "snapshot.json");
}

async function readRemembered(folder: string): Promise<z.output<typeof REMEMBERED>> {
  const text = await readFile(join(folder, "shards.json"), "utf8").catch(() => null);
  try {
    return text === null ? {} : REMEMBERED.parse(JSON.parse(text));
  } catch {
    return {};
  }
}

function rank({ chrom }: Shard): number {
  const at = REFERENCE_CONTIGS.indexOf(chrom);
  return at < 0 ? REFERENCE_CONTIGS.length : at;
}
