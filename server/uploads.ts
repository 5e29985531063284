import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { link, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

import { WorkspaceError } from "#protocol/error.ts";
import { partitionKey } from "#protocol/ids.ts";
import type { PartitionKey } from "#protocol/ids.ts";

import { VCF_NAME } from "./dropped-files.ts";
import { inspectGenome } from "./inspect-genome.ts";
import { makeFolder } from "./make-folder.ts";
import type { Workspace } from "./workspace.ts";

/** What became of a file that was uploaded. */
export interface Uploaded {
  readonly partition: PartitionKey;
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
}

const LONGEST_NAME = 160;
/** Begins the names of folders in which files arrive. */
const ARRIVING = ".upload-";
/** Names that are tried before it is given up. */
const MOST_NAMES = 1_000;

/**
 * Keeps a VCF in `INPUT/users/USER/` and makes it a partition. The file takes its name when it is whole and its
 * header was read; nothing that is there is written over: a name that is taken gets a number.
 *
 * @throws {WorkspaceError} `usage` for a name that is none or a file above the limit; `source` for what is no VCF
 */
export async function storeUpload(
  workspace: Workspace,
  { user, name, mostBytes }: UploadRequest,
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<Uploaded> {
  const { stem, ending } = readName(name);
  partitionKey(readUser(user), stem);
  const folder = join(workspace.paths.input, "users", user);
  const staging = join(folder, ARRIVING + randomUUID());
  await makeFolder(staging);
  try {
    const staged = join(staging, name);
    const bytes = await write(staged, body, mostBytes, signal);
    const inspection = await inspectGenome(workspace, [staged], signal);
    const { file, partition } = await place(workspace, staged, folder, { user, stem, ending });
    return { partition, file, bytes, inspection };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
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

async function write(
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
    try {
      await link(staged, path);
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "EEXIST") continue;
      throw error;
    }
    // Whoever watches the folder may have seen it first; a file of another ending may have been quicker.
    const taken = workspace.catalog.partitions.get(partition)?.attributes.vcf;
    if (taken === undefined) workspace.setPartition(partition, { vcf: path });
    if (taken === undefined || taken === path) return { file: sample + ending, partition };
    await rm(path);
  }
  throw new WorkspaceError({
    code: "usage",
    message: `too many files of one name: ${stem}`,
    hint: "Give the file another name.",
  });
}

function readName(name: string): { stem: string; ending: string } {
  const ending = VCF_NAME.exec(name)?.[0] ?? "";
  const stem = name.slice(0, name.length - ending.length);
  if (ending === "" || isUnsafe(stem) || name.length > LONGEST_NAME) {
    throw new WorkspaceError({
      code: "usage",
      message: `not the name of a VCF: ${JSON.stringify(name.slice(0, LONGEST_NAME))}`,
      hint: "Send a file whose name ends in .vcf or .vcf.gz.",
    });
  }
  return { stem, ending };
}

function readUser(user: string): string {
  if (!isUnsafe(user) && user.length <= LONGEST_NAME) return user;
  throw new WorkspaceError({
    code: "usage",
    message: `not the name of a user: ${JSON.stringify(user.slice(0, LONGEST_NAME))}`,
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
