import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";

import { WorkspaceError } from "#protocol/error.ts";

/** What a VCF says before its records, as text. */
export interface SourceHead {
  /** The lines that start with `##`, in order, without line ends. */
  readonly meta: readonly string[];
  /** Names of the columns: the line that starts with `#CHROM`. */
  readonly columns: readonly string[];
  /** Columns of the first record; null when there is none. */
  readonly first: readonly string[] | null;
}

/** What several VCFs of one sample say: what the first one says holds, and others add to it. */
export async function readSourceHeads(paths: readonly string[], signal: AbortSignal): Promise<SourceHead> {
  const heads: SourceHead[] = [];
  for (const path of paths) heads.push(await readSourceHead(path, signal));
  const [first] = heads;
  if (first === undefined) throw unreadable("");
  const meta = [...new Set(heads.flatMap((head) => head.meta))];
  return { ...first, meta, first: heads.find((head) => head.first !== null)?.first ?? null };
}

/**
 * Reads the head of a VCF, plain or packed by gzip of any kind, and stops there.
 *
 * @throws {WorkspaceError} `source` when the file is gone or has no head
 */
export async function readSourceHead(path: string, signal: AbortSignal): Promise<SourceHead> {
  const meta: string[] = [];
  let columns: readonly string[] | null = null;
  const isPacked = await isGzip(path);
  // What opens the file fails in a moment: whoever reads its lines has to be there by then.
  signal.throwIfAborted();
  const text = inflated(path, isPacked, signal);
  try {
    for await (const raw of createInterface({ input: text, crlfDelay: Infinity })) {
      const line = raw.replace(/^\uFEFF/, "").trimEnd();
      if (line.startsWith("##")) meta.push(line);
      else if (line.startsWith("#")) columns = line.split("\t");
      else if (line !== "") return { meta, columns: columns ?? [], first: line.split("\t") };
    }
  } finally {
    text.destroy();
  }
  if (columns === null) throw unreadable(path);
  return { meta, columns, first: null };
}

async function isGzip(path: string): Promise<boolean> {
  const file = await open(path).catch(() => null);
  if (file === null) throw unreadable(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}

function inflated(path: string, isPacked: boolean, signal: AbortSignal): Readable {
  const bytes = createReadStream(path, { signal });
  if (!isPacked) return bytes;
  const text = createGunzip();
  bytes.on("error", (error) => text.destroy(error));
  text.on("close", () => bytes.destroy());
  return bytes.pipe(text);
}

function unreadable(path: string): WorkspaceError {
  return new WorkspaceError({
    code: "source",
    message: "the header of the VCF cannot be read",
    hint: "Say where the file is: karyon partitions add USER/SAMPLE --vcf FILE",
    at: path,
  });
}
