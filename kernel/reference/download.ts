import { join } from "node:path";
import { mkdir, readdir, stat } from "node:fs/promises";

import { WorkspaceError } from "#protocol/error.ts";
import { noneIfMissing } from "#protocol/none-if-missing.ts";

import { hashFile } from "../assets/object-store.ts";
import { downloadFile, listDataset, placeIn } from "../sources/hugging-face.ts";
import type { DownloadContext, Hub } from "../sources/hugging-face.ts";
import { shardContig } from "./columns.ts";
import { isWholeParquet, noReference, readSnapshot, shardFolder, writeSnapshot } from "./shards.ts";

export interface DownloadRequest {
  readonly repo: string;
  readonly revision: string;
  readonly cache: string;
}

export interface Downloaded {
  readonly folder: string;
  readonly revision: string;
  readonly files: number;
  readonly downloaded: number;
  readonly bytes: number;
}

/**
 * Brings the shards of a dataset into the cache, those that are missing or are not what the hub says. What the
 * snapshot is, is written down when all of it is there.
 *
 * @throws {WorkspaceError} `source` when it cannot be had
 */
export async function downloadReference(
  { repo, revision, cache }: DownloadRequest,
  hub: Hub,
  context: DownloadContext,
): Promise<Downloaded> {
  context.progress({ phase: `asking ${new URL(hub.endpoint).host} for ${repo}` });
  const listed = await listDataset(hub, repo, revision, context);
  const files = listed.files.filter(({ path }) => shardContig(path) !== null);
  if (files.length === 0) {
    throw new WorkspaceError({
      code: "source",
      message: `${repo} has no shards of contigs`,
      hint: "Name a dataset with files such as data/homo_sapiens-chr1.parquet.",
    });
  }
  const folder = shardFolder(cache);
  await mkdir(folder, { recursive: true });
  let downloaded = 0;
  for (const file of files) {
    const target = placeIn(folder, file);
    if (target === null) continue;
    if (await downloadFile(hub, listed, file, target, context)) downloaded += 1;
  }
  await writeSnapshot(cache, { ...listed, files });
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return { folder, revision: listed.revision, files: files.length, downloaded, bytes };
}

export interface VerifiedFile {
  readonly file: string;
  readonly bytes: number | null;
  /** `unlisted`: it ends as Parquet does, but nobody says what it is to hold. */
  readonly state: "whole" | "missing" | "cut off" | "other size" | "other content" | "unlisted";
}

/**
 * Says of each shard whether it is what was downloaded. Asks nobody on the network; reads every byte.
 *
 * @throws {WorkspaceError} `asset` when there is no reference at all, or its folder cannot be read
 */
export async function verifyReference(
  cache: string,
  { signal, progress }: DownloadContext,
): Promise<{ folder: string; files: VerifiedFile[] }> {
  const folder = shardFolder(cache);
  const snapshot = await readSnapshot(cache);
  const listed = new Map((snapshot?.files ?? []).map((file) => [file.path.split("/").at(-1) ?? "", file]));
  // Of what is being downloaded, or was until that was stopped, a part is there.
  const found = (await readdir(folder).catch(noneIfMissing)).map((file) => file.replace(/\.part$/, ""));
  const there = found.filter((file) => shardContig(file) !== null);
  const names = [...new Set([...listed.keys(), ...there])].toSorted();
  if (names.length === 0) throw noReference(folder);
  const files: VerifiedFile[] = [];
  for (const file of names) {
    signal.throwIfAborted();
    progress({ phase: `reading ${file}`, fraction: files.length / names.length });
    const path = join(folder, file);
    const bytes = (await stat(path).catch(() => null))?.size ?? null;
    const expected = listed.get(file);
    const state = async (): Promise<VerifiedFile["state"]> => {
      if (bytes === null) return "missing";
      if (!(await isWholeParquet(path))) return "cut off";
      if (expected === undefined) return "unlisted";
      if (expected.bytes !== bytes) return "other size";
      return (await hashFile(path, signal)) === expected.sha256 ? "whole" : "other content";
    };
    files.push({ file, bytes, state: await state() });
  }
  return { folder, files };
}
