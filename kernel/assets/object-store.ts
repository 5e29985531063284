import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { chmod, mkdir, open, rename, rm, stat, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";

import { WorkspaceError } from "#protocol/error.ts";
import type { ObjectHash } from "#protocol/ids.ts";
import type { StoredFile } from "#protocol/record.ts";

import { fileMark } from "../file-mark.ts";

/** Only the owner reads a stored file, and nobody writes it again: links to it are shown to people. */
const OBJECT_MODE = 0o400;

/** Objects that this process has hashed: path → mark of the file. */
const verified = new Map<string, string>();

/** Path of an object in a store. */
export function objectPath(objects: string, hash: string): string {
  return join(objects, hash.slice(0, 2), hash.slice(2));
}

/** SHA-256 (hex) of a file. */
export async function hashFile(path: string, signal?: AbortSignal): Promise<ObjectHash> {
  const hash = createHash("sha256");
  // Read so, the stream fetches the next piece while this one is hashed.
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20, ...(signal && { signal }) }))
    hash.update(piece as Buffer);
  return hash.digest("hex") as ObjectHash;
}

/** A staged file that is on disk. */
interface StagedFile extends StoredFile {
  readonly mtimeMs: number;
}

/**
 * Moves staged files into the store, each under the hash of its content: on disk before its name is.
 * What is stored belongs to nobody until a record names it; a crash before that leaves garbage, never half an
 * asset.
 *
 * `reading`: what still reads the files where they are staged, while they are hashed and go to disk. Nothing is moved
 * before it ends, and nothing is stored when it fails.
 */
export async function store(
  staging: string,
  names: readonly string[],
  objects: string,
  reading: Promise<unknown> = Promise.resolve(),
): Promise<StoredFile[]> {
  const staged = await settled(
    names.map((name) => onDisk(join(staging, name), name)),
    reading,
  );
  return settled(staged.map((file) => storeFile(join(staging, file.name), file, objects)));
}

/** Nothing goes on in the staging directory when this is over. */
async function settled<Result>(
  work: readonly Promise<Result>[],
  beside: Promise<unknown> = Promise.resolve(),
): Promise<Result[]> {
  await Promise.allSettled([...work, beside]);
  await beside;
  return Promise.all(work);
}

async function onDisk(path: string, name: string): Promise<StagedFile> {
  const { size: bytes, mtimeMs } = await stat(path);
  // The disk writes while the processor counts.
  const [hash] = await Promise.all([hashFile(path), synchronise(path)]);
  return { name, hash, bytes, mtimeMs };
}

async function storeFile(
  path: string,
  { name, hash, bytes, mtimeMs }: StagedFile,
  objects: string,
): Promise<StoredFile> {
  const target = objectPath(objects, hash);
  const there = await stat(target).catch(() => null);
  if (there?.size === bytes) {
    await rm(path);
    // Programs warn of an index that is older than its file, and two files may have the same one.
    const written = new Date(Math.ceil(mtimeMs));
    if (there.mtimeMs < mtimeMs) await utimes(target, written, written);
  } else {
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await chmod(path, OBJECT_MODE);
    await rename(path, target);
    await synchronise(dirname(target));
    // Not hashed again before it is read: no later than here it was what its name says.
    const mark = await fileMark(target);
    if (mark !== null) verified.set(target, mark);
  }
  return { name, hash, bytes };
}

/** Waits until a file, or the names in a directory, are on disk. Windows cannot open a directory: it needs none. */
export async function synchronise(path: string): Promise<void> {
  const handle = await open(path, "r").catch(() => null);
  try {
    await handle?.sync();
  } finally {
    await handle?.close();
  }
}

/**
 * Checks an object against its hash, unless this process has hashed it and the file is still the same. One that was
 * changed is none: it is removed, so that what it belongs to counts as missing and is made again.
 *
 * @throws {WorkspaceError} `asset` when it is gone or was changed
 */
export async function verify(objects: string, hash: string): Promise<string> {
  const path = objectPath(objects, hash);
  const mark = await fileMark(path);
  if (mark !== null && verified.get(path) === mark) return path;
  const found = await hashFile(path).catch(() => null);
  if (found !== hash) {
    await rm(path, { force: true });
    throw new WorkspaceError({
      code: "asset",
      message: `stored file ${hash.slice(0, 12)} ${found === null ? "is gone" : "was changed on disk"}`,
      hint: "Materialise the asset again: its inputs are still known.",
    });
  }
  if (mark !== null) verified.set(path, mark);
  return path;
}
