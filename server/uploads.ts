import { randomUUID } from "node:crypto";
import { createWriteStream, existsSync } from "node:fs";
import { link, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";

import { WorkspaceError } from "#protocol/error.ts";
import { GENOME_ENDINGS, genomeEnding } from "#protocol/genome-name.ts";
import { partitionKey } from "#protocol/ids.ts";
import type { PartitionKey } from "#protocol/ids.ts";
import { vcfAttribute } from "#protocol/vcf-files.ts";

import { inspectGenome } from "./inspect-genome.ts";
import { makeFolder } from "./make-folder.ts";
import { withinSpace } from "./runs/disk-reserve.ts";
import type { Workspace } from "./workspace.ts";

/** What became of a file that was uploaded. */
export interface Uploaded {
  /** Null until all files of its sample are there. */
  readonly partition: PartitionKey | null;
  /** File name that it has now: another one where that was taken. */
  readonly file: string;
  readonly bytes: number;
  /** What the head of the file states: samples, build, caller. Of several samples one has to be chosen. */
  readonly inspection: unknown;
}

export interface UploadRequest {
  readonly user: string;
  /** As the person's file is called. */
  readonly name: string;
  readonly mostBytes: number;
  /** For one of several files that are one sample. */
  readonly together?: Together;
}

/** Files that are sent one after the other, and become one sample with the last of them. */
export interface Together {
  /** What the files have in common: a UUID. */
  readonly id: string;
  /** Name of the sample. */
  readonly sample: string;
  readonly last: boolean;
}

const LONGEST_NAME = 160;
/** Of a file's name with the number that it may get: more no disk takes. */
const MOST_BYTES = 250;
/** Begins the names of folders in which files arrive. */
const ARRIVING = ".upload-";
/** Names that are tried before it is given up. */
const MOST_NAMES = 1_000;

/**
 * Keeps a genome file in `INPUT/users/USER/` and makes it a partition. The file takes its name when it is whole and its
 * header was read; nothing that is there is written over: a name that is taken gets a number. Several that are one
 * sample lie in a folder that has its name.
 *
 * @throws {WorkspaceError} `usage` for a name that is none or a file above the limit; `source` for what is no genome
 */
export async function storeUpload(
  workspace: Workspace,
  { user, name, mostBytes, together }: UploadRequest,
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<Uploaded> {
  const { stem, ending } = readName(name);
  partitionKey(readFolder("user", user), together === undefined ? stem : readSample(together.sample));
  const folder = join(workspace.paths.input, "users", user);
  const write = (staged: string): Promise<number> =>
    withinSpace(dirname(staged), signal, (within) => writeWhole(staged, body, mostBytes, within));
  if (together !== undefined)
    return storeTogether(workspace, { user, name, folder, together }, write, signal);
  const staging = join(folder, ARRIVING + randomUUID());
  await makeFolder(staging);
  try {
    const staged = join(staging, name);
    const bytes = await write(staged);
    const inspection = await inspectGenome(workspace, [staged], signal);
    const { file, partition } = await place(workspace, staged, folder, { user, stem, ending });
    return { partition, file, bytes, inspection };
  } catch (error) {
    throw asSent(error, staging);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/**
 * Keeps one of several files that are one sample. They arrive in one folder, which takes its name with the last; where
 * one cannot be read, or they do not go together, all go.
 */
async function storeTogether(
  workspace: Workspace,
  { user, name, folder, together: { id, sample, last } }: TogetherRequest,
  write: (staged: string) => Promise<number>,
  signal: AbortSignal,
): Promise<Uploaded> {
  const staging = join(folder, ARRIVING + id);
  await makeFolder(staging);
  let isGoingOn = false;
  try {
    const staged = join(staging, name);
    if (existsSync(staged)) throw sameName(name);
    const bytes = await write(staged);
    const names = last ? await readdir(staging) : [name];
    const inspection = await inspectGenome(
      workspace,
      names.map((one) => join(staging, one)),
      signal,
    );
    const partition = last ? await placeFolder(workspace, staging, names, { user, sample, folder }) : null;
    isGoingOn = partition === null;
    return { partition, file: name, bytes, inspection };
  } catch (error) {
    throw asSent(error, staging);
  } finally {
    if (!isGoingOn) await rm(staging, { recursive: true, force: true });
  }
}

interface TogetherRequest {
  readonly user: string;
  readonly name: string;
  /** Of the user. */
  readonly folder: string;
  readonly together: Together;
}

/** Gives the folder of a sample the first of its names that is free, as a folder and as a partition. */
async function placeFolder(
  workspace: Workspace,
  staging: string,
  names: readonly string[],
  { user, sample, folder }: { readonly user: string; readonly sample: string; readonly folder: string },
): Promise<PartitionKey> {
  for (let n = 1; n <= MOST_NAMES; n++) {
    const free = n === 1 ? sample : `${sample}-${n}`;
    const partition = partitionKey(user, free);
    const path = join(folder, free);
    if (workspace.catalog.partitions.get(partition) !== null || existsSync(path)) continue;
    await rename(staging, path);
    workspace.setPartition(partition, { vcf: vcfAttribute(names.map((name) => join(path, name))) });
    return partition;
  }
  throw tooMany(sample);
}

/** Removes what had arrived of files when the server was killed: it is a person's, and belongs to nothing. */
export async function sweepUploads(input: string): Promise<void> {
  const users = join(input, "users");
  for (const user of await readdir(users).catch(() => [])) {
    const names = await readdir(join(users, user)).catch(() => []);
    for (const name of names.filter((one) => one.startsWith(ARRIVING)))
      await rm(join(users, user, name), { recursive: true, force: true });
  }
}

async function writeWhole(
  path: string,
  body: AsyncIterable<Uint8Array>,
  mostBytes: number,
  signal: AbortSignal,
): Promise<number> {
  let bytes = 0;
  await pipeline(
    body,
    async function* counted(chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        bytes += chunk.byteLength;
        if (bytes > mostBytes) throw tooLarge(mostBytes);
        yield chunk;
      }
    },
    createWriteStream(path, { flags: "wx", mode: 0o600, flush: true }),
    { signal },
  );
  return bytes;
}

/** What is wrong with a file, by the name that it was sent under: where it arrived is nothing to a person. */
function asSent(error: unknown, staging: string): unknown {
  if (!(error instanceof WorkspaceError)) return error;
  const { at } = error.info;
  if (at === undefined || !at.startsWith(staging)) return error;
  return new WorkspaceError({ ...error.info, at: at.slice(staging.length + 1) }, { cause: error });
}

/** Gives the file the first of its names that is free, as a file and as a partition. Two at a time never get one name. */
async function place(
  workspace: Workspace,
  staged: string,
  folder: string,
  { user, stem, ending }: { readonly user: string; readonly stem: string; readonly ending: string },
): Promise<{ file: string; partition: PartitionKey }> {
  for (let n = 1; n <= MOST_NAMES; n++) {
    const sample = n === 1 ? stem : `${stem}-${n}`;
    const partition = partitionKey(user, sample);
    if (workspace.catalog.partitions.get(partition) !== null) continue;
    const path = join(folder, sample + ending);
    if (!(await takeName(staged, path))) continue;
    // Whoever watches the folder may have seen it first; a file of another ending may have been quicker.
    const taken = workspace.catalog.partitions.get(partition)?.attributes.vcf;
    if (taken === undefined) workspace.setPartition(partition, { vcf: path });
    if (taken === undefined || taken === path) return { file: sample + ending, partition };
    await rm(path);
  }
  throw tooMany(stem);
}

/** Gives a file another name, and never over what is there: false when the name is taken. The old name may stay. */
export async function takeName(from: string, to: string, linked: typeof link = link): Promise<boolean> {
  try {
    await linked(from, to).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code === "EEXIST") throw error;
      // A file system without links, such as that of a memory stick: an empty file takes the name first.
      await writeFile(to, "", { flag: "wx", mode: 0o600 });
      await rename(from, to);
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function tooMany(name: string): WorkspaceError {
  return new WorkspaceError({
    code: "usage",
    message: `too many files of one name: ${name}`,
    hint: "Give the file another name.",
  });
}

function sameName(name: string): WorkspaceError {
  return new WorkspaceError({
    code: "usage",
    message: `two files of one name: ${name}`,
    hint: "Rename one of them, and send them again.",
  });
}

function readName(name: string): { stem: string; ending: string } {
  const ending = genomeEnding(name);
  const stem = name.slice(0, name.length - ending.length);
  if (name.length > LONGEST_NAME || Buffer.byteLength(name) > MOST_BYTES) {
    throw new WorkspaceError({
      code: "usage",
      message: `the name of the file is too long: ${JSON.stringify(name.slice(0, LONGEST_NAME))}`,
      hint: "Give the file a shorter name.",
    });
  }
  if (ending === "" || isUnsafe(stem)) {
    throw new WorkspaceError({
      code: "usage",
      message: `not the name of a genome file: ${JSON.stringify(name.slice(0, LONGEST_NAME))}`,
      hint: `Send a file whose name ends in ${GENOME_ENDINGS}.`,
    });
  }
  return { stem, ending };
}

/** A folder of a sample has no name that a file of one could have. */
function readSample(sample: string): string {
  if (genomeEnding(sample) !== "") throw notName("sample", sample);
  return readFolder("sample", sample);
}

function readFolder(of: "user" | "sample", name: string): string {
  if (isUnsafe(name) || name.length > LONGEST_NAME) throw notName(of, name);
  return name;
}

function notName(of: "user" | "sample", name: string): WorkspaceError {
  return new WorkspaceError({
    code: "usage",
    message: `not the name of a ${of}: ${JSON.stringify(name.slice(0, LONGEST_NAME))}`,
    hint: "Write letters, digits, spaces, _ . or -.",
  });
}

/** What some file system, shell or reader of right-to-left marks takes for something else. */
function isUnsafe(name: string): boolean {
  return (
    name === "" ||
    /^[.\s-]|[.\s]$|[/\\<>:"|?*\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u.test(name) ||
    /^(?:con|nul|aux|prn)$/i.test(name)
  );
}

function tooLarge(mostBytes: number): WorkspaceError {
  return new WorkspaceError({
    code: "usage",
    message: `the file is larger than ${mostBytes} bytes`,
    hint: "Leave it where it is and add it by its path: karyon partitions add USER/SAMPLE --vcf FILE",
  });
}
