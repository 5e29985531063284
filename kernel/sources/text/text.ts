import { stat } from "node:fs/promises";

import { WorkspaceError } from "#protocol/error.ts";

import { bgzfText, blockSize } from "./bgzf.ts";
import type { BgzfEnd } from "./bgzf.ts";
import { inflateStream } from "./gzip.ts";
import { Slabs } from "./slabs.ts";
import { entryText, onlyEntry } from "./zip.ts";

/** How the bytes of a file are packed, by its first bytes: a name proves nothing. */
export type Compression = "plain" | "gzip" | "bgzip" | "zip";

/** A file as text, unpacked by what its first bytes say it is. */
export interface TextFile {
  readonly compression: Compression;
  /** Size of the file in bytes. */
  readonly bytes: number;
  /** Bytes of the file read so far. */
  bytesRead(): number;
  /** SHA-256 (hex) of the file; may be asked for once, after {@link chunks} has ended. */
  sha256(): string;
  /** Whether a bgzip file ends in the block that marks its end; true for other files. Known after {@link chunks}. */
  endMarked(): boolean;
  /** The text in order, in buffers of any size. To be read once. */
  readonly chunks: AsyncGenerator<Buffer, void, undefined>;
  /** Lets go of the file, read to the end or not. */
  close(): Promise<void>;
}

/**
 * Opens a plain, gzip or bgzip file, or a zip of one. What it holds is not looked at.
 *
 * @throws {WorkspaceError} `source` when there is no such file, or its bytes are of a kind that we do not unpack.
 *   Reading throws `DamagedText` where packed bytes are broken
 */
export async function openText(path: string, signal: AbortSignal): Promise<TextFile> {
  const facts = await stat(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  if (!facts.isFile())
    throw new WorkspaceError({ code: "source", message: `not a file: ${path}`, hint: "Name a VCF file." });
  const slabs = new Slabs(path);
  const pieces = slabs.pieces(signal);
  const first = await pieces.next();
  const head = first.done === true ? Buffer.alloc(0) : first.value;
  const compression = compressionOf(head);
  if (compression === null) {
    await pieces.return();
    throw packedOtherwise(packerOf(head) ?? "packed", path);
  }
  const end: BgzfEnd = { marked: compression !== "bgzip" };
  const whole = resumed(head, pieces);
  const chunks = await unpacked(compression, path, whole, end).catch(async (error: unknown) => {
    await pieces.return();
    throw error;
  });
  return {
    compression,
    bytes: facts.size,
    bytesRead: () => slabs.bytesRead,
    sha256: () => slabs.sha256(),
    endMarked: () => end.marked,
    chunks,
    async close() {
      await chunks.return();
      // A generator that was never asked for anything does not run its `finally`.
      await pieces.return();
    },
  };
}

async function unpacked(
  compression: Compression,
  path: string,
  pieces: AsyncGenerator<Buffer, void, undefined>,
  end: BgzfEnd,
): Promise<AsyncGenerator<Buffer, void, undefined>> {
  if (compression === "plain") return pieces;
  if (compression === "zip") return gunzipped(entryText(pieces, await onlyEntry(path)));
  return compression === "gzip" ? inflateStream(pieces) : bgzfText(pieces, end);
}

/** What is in a zip may be packed itself. */
async function* gunzipped(
  pieces: AsyncGenerator<Buffer, void, undefined>,
): AsyncGenerator<Buffer, void, undefined> {
  const first = await pieces.next();
  const head = first.done === true ? Buffer.alloc(0) : first.value;
  const whole = resumed(head, pieces);
  yield* head[0] === 0x1f && head[1] === 0x8b ? inflateStream(whole) : whole;
}

async function* resumed(
  head: Buffer,
  pieces: AsyncGenerator<Buffer, void, undefined>,
): AsyncGenerator<Buffer, void, undefined> {
  if (head.length > 0) yield head;
  yield* pieces;
}

/** Null for a kind of packing that is not ours. */
function compressionOf(head: Buffer): Compression | null {
  if (head.subarray(0, ZIP.length).equals(Buffer.from(ZIP))) return "zip";
  if (head[0] === 0x1f && head[1] === 0x8b) return (blockSize(head, 0) ?? 0) > 0 ? "bgzip" : "gzip";
  return packerOf(head) === undefined ? "plain" : null;
}

function packerOf(head: Buffer): string | undefined {
  return PACKERS.find(([magic]) => head.subarray(0, magic.length).equals(Buffer.from(magic)))?.[1];
}

function packedOtherwise(packer: string, path: string): WorkspaceError {
  return new WorkspaceError({
    code: "source",
    message: `a ${packer} file cannot be read as it is`,
    hint: "Unpack it and give the VCF inside, as text or packed with bgzip or gzip; where there are several of one sample, give them together.",
    at: path,
  });
}

const ZIP: readonly number[] = [0x50, 0x4b, 0x03, 0x04];
const PACKERS: readonly (readonly [magic: readonly number[], name: string])[] = [
  [[0x42, 0x5a, 0x68], "bzip2"],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], "xz"],
  [[0x28, 0xb5, 0x2f, 0xfd], "zstd"],
  [[0x50, 0x41, 0x52, 0x31], "Parquet"],
];

function unreadable(path: string, error: unknown): WorkspaceError {
  const detail = error instanceof Error ? error.message : String(error);
  return new WorkspaceError(
    {
      code: "source",
      message: `cannot read file: ${path}`,
      hint: "Check the path and the permissions of the file.",
      detail,
    },
    { cause: error },
  );
}
