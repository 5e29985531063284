import { createInterface } from "node:readline";
import { Readable } from "node:stream";

import { WorkspaceError } from "#protocol/error.ts";

import { openText } from "../sources/text/text.ts";
import { columnNames } from "../sources/vcf/header.ts";

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
 * Reads the head of a VCF, packed as its records are, and stops there.
 *
 * @throws {WorkspaceError} `source` when the file is gone or has no head
 */
export async function readSourceHead(path: string, signal: AbortSignal): Promise<SourceHead> {
  const meta: string[] = [];
  let columns: readonly string[] | null = null;
  signal.throwIfAborted();
  const file = await openText(path, signal).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  const text = Readable.from(file.chunks, { objectMode: false });
  try {
    for await (const raw of createInterface({ input: text, crlfDelay: Infinity })) {
      const line = raw.replace(/^\uFEFF/, "");
      if (line.startsWith("##")) meta.push(line.trimEnd());
      else if (line.startsWith("#")) columns = columnNames(line);
      else if (line !== "") return { meta, columns: columns ?? [], first: line.split("\t") };
    }
  } finally {
    text.destroy();
    await file.close();
  }
  if (columns === null) throw unreadable(path);
  return { meta, columns, first: null };
}

function unreadable(path: string, cause?: unknown): WorkspaceError {
  return new WorkspaceError(
    {
      code: "source",
      message: "the header of the VCF cannot be read",
      hint: "Say where the file is: karyon partitions add USER/SAMPLE --vcf FILE",
      at: path,
    },
    { cause },
  );
}
