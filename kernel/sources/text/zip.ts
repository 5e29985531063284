import { open } from "node:fs/promises";
import { createInflateRaw, crc32 } from "node:zlib";

import { WorkspaceError } from "#protocol/error.ts";
import { genomeEnding } from "#protocol/genome-name.ts";

import { DamagedText } from "./damage.ts";
import { inflated } from "./gzip.ts";

/** A file inside a zip. */
export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly flags: number;
  readonly crc: number;
  readonly packedBytes: number;
  /** Place of its header in the zip, from 0. */
  readonly start: number;
}

/** The record that ends a zip, without and with the longest comment. */
const END_BYTES = 22;
const LONGEST_END_BYTES = END_BYTES + 0xffff;
const END_MARK = 0x06054b50;
const ENTRY_MARK = 0x02014b50;
const ENTRY_BYTES = 46;
const HEADER_BYTES = 30;
/** Says that a size is written elsewhere, as of more than 4 GB. */
const ELSEWHERE = 0xffffffff;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;
const MOST_NAMED = 4;

/**
 * The file of a zip that may be a genome by its name: vendors pack one.
 *
 * Format: APPNOTE 6.3 §4.3, https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 *
 * @throws {WorkspaceError} `source` for a zip of none or of several, for one that is locked, cut off, or packed otherwise
 */
export async function onlyEntry(path: string): Promise<ZipEntry> {
  const entries = await entriesOf(path);
  const files = entries.filter(({ name }) => !/^__MACOSX\/|(?:^|\/)\.[^/]*$|\/$/.test(name));
  const genomes = files.filter(({ name }) => genomeEnding(name) !== "");
  const [entry] = genomes;
  if (entry === undefined) throw refused(path, `the zip holds no genome file${listed(files)}`);
  if (genomes.length > 1) throw refused(path, `the zip holds ${genomes.length} files${listed(genomes)}`);
  const isPlain = (entry.flags & ENCRYPTED) === 0 && [STORED, DEFLATED].includes(entry.method);
  if (!isPlain) throw refused(path, `the zip is locked, or packed in another way than most: ${entry.name}`);
  if (entry.packedBytes === ELSEWHERE || entry.start === ELSEWHERE)
    throw refused(path, `the zip holds a file that is too large to be read as it is: ${entry.name}`);
  return entry;
}

/**
 * The text of an entry, from the bytes of the whole zip, all of which it reads.
 *
 * @throws {DamagedText} where the packed bytes are broken or cut off, or are not those of the entry
 */
export async function* entryText(
  pieces: AsyncGenerator<Buffer, void, undefined>,
  entry: ZipEntry,
): AsyncGenerator<Buffer, void, undefined> {
  const packed = packedBytes(pieces, entry);
  let crc = 0;
  for await (const chunk of entry.method === STORED ? packed : inflated(packed, createInflateRaw)) {
    crc = crc32(chunk, crc);
    yield chunk;
  }
  if (crc !== entry.crc) throw new DamagedText("the text is broken");
}

async function* packedBytes(
  pieces: AsyncGenerator<Buffer, void, undefined>,
  entry: ZipEntry,
): AsyncGenerator<Buffer, void, undefined> {
  let at = 0;
  let header: Buffer = Buffer.alloc(0);
  /** Where its bytes begin; null until its header is read. */
  let first: number | null = null;
  for await (const piece of pieces) {
    const from = at;
    at += piece.length;
    let rest = piece;
    let restAt = from;
    if (first === null) {
      if (at <= entry.start) continue;
      rest = Buffer.concat([header, piece.subarray(Math.max(0, entry.start - from))]);
      restAt = at - rest.length;
      header = rest;
      if (rest.length < HEADER_BYTES) continue;
      first = entry.start + HEADER_BYTES + rest.readUInt16LE(26) + rest.readUInt16LE(28);
    }
    const bytes = rest.subarray(Math.max(0, first - restAt), Math.max(0, first + entry.packedBytes - restAt));
    if (bytes.length > 0) yield bytes;
  }
}

async function entriesOf(path: string): Promise<readonly ZipEntry[]> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const tail = Buffer.alloc(Math.min(size, LONGEST_END_BYTES));
    await file.read(tail, 0, tail.length, size - tail.length);
    const end = tail.length < END_BYTES ? -1 : lastMark(tail);
    if (end < 0) throw refused(path, "the zip is cut off: its list of files is missing");
    const list = Buffer.alloc(Math.min(tail.readUInt32LE(end + 12), size));
    await file.read(list, 0, list.length, tail.readUInt32LE(end + 16));
    return readEntries(list);
  } finally {
    await file.close();
  }
}

function lastMark(tail: Buffer): number {
  for (let at = tail.length - END_BYTES; at >= 0; at -= 1) if (tail.readUInt32LE(at) === END_MARK) return at;
  return -1;
}

function readEntries(list: Buffer): ZipEntry[] {
  const entries: ZipEntry[] = [];
  let at = 0;
  while (at + ENTRY_BYTES <= list.length && list.readUInt32LE(at) === ENTRY_MARK) {
    const nameBytes = list.readUInt16LE(at + 28);
    entries.push({
      flags: list.readUInt16LE(at + 8),
      method: list.readUInt16LE(at + 10),
      crc: list.readUInt32LE(at + 16),
      packedBytes: list.readUInt32LE(at + 20),
      start: list.readUInt32LE(at + 42),
      name: list.toString("utf8", at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes),
    });
    at += ENTRY_BYTES + nameBytes + list.readUInt16LE(at + 30) + list.readUInt16LE(at + 32);
  }
  return entries;
}

function listed(files: readonly ZipEntry[]): string {
  if (files.length === 0) return "";
  const names = files.slice(0, MOST_NAMED).map(({ name }) => name);
  return `: ${names.join(", ")}${files.length > MOST_NAMED ? ", …" : ""}`;
}

function refused(path: string, message: string): WorkspaceError {
  return new WorkspaceError({
    code: "source",
    message,
    hint: "Unpack it, and give the genome file that is in it, or all that are one sample together.",
    at: path,
  });
}
