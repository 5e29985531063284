import { WorkspaceError } from "#protocol/error.ts";

import { Cleaner, withoutNul } from "../text/clean.ts";
import { DamagedText } from "../text/damage.ts";
import { LONGEST_LINE_BYTES } from "../text/line-stretches.ts";
import { openText } from "../text/text.ts";
import type { TextFile } from "../text/text.ts";
import { isColumns, parseHeader } from "./header.ts";
import type { VcfHeader } from "./header.ts";

/** Text of records that is looked at before they are read: enough to see which fields they use. */
const PEEK_BYTES = 1 << 20;
const NEWLINE = 0x0a;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** A VCF whose header is read and whose records are still to come. */
export interface VcfText {
  readonly file: TextFile;
  readonly header: VcfHeader;
  /** The first complete record lines, without line ends; empty when the file has none. */
  readonly peek: readonly string[];
  readonly byteOrderMark: boolean;
  /** What {@link body} found odd; complete when it has ended. */
  readonly cleaner: Cleaner;
  /** The record lines, cleaned. To be read once; ending early closes the file. */
  readonly body: AsyncGenerator<Buffer, void, undefined>;
}

/**
 * Opens a VCF and reads its header.
 *
 * @throws {WorkspaceError} `source` when it is no VCF or its columns are not separated by tabs. Reading `body`
 *   throws `source` with the last good CHROM:POS where the packed bytes are damaged
 */
export async function openVcf(path: string, signal: AbortSignal): Promise<VcfText> {
  const file = await openText(path, signal);
  try {
    return await readHead(path, file);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readHead(path: string, file: TextFile): Promise<VcfText> {
  let text: Buffer = Buffer.alloc(0);
  let scanned = 0;
  let body: number | null = null;
  let ended = false;
  let damage: DamagedText | null = null;
  const lines: string[] = [];
  while (!ended && (body === null || text.length - body < PEEK_BYTES)) {
    const next = await file.chunks.next().catch((error: unknown) => {
      if (error instanceof DamagedText) return error;
      throw error;
    });
    if (next instanceof DamagedText) damage = next;
    else if (next.done !== true) text = Buffer.concat([text, next.value]);
    ended = next instanceof DamagedText || next.done === true;
    refuseOtherText(text, path);
    while (body === null) {
      const lineEnd = text.indexOf(NEWLINE, scanned);
      if (lineEnd < 0 && !ended) {
        // Whatever it is, it is not taken into memory whole.
        if (text.length - scanned > LONGEST_LINE_BYTES) body = scanned;
        break;
      }
      const start = scanned === 0 && startsWithMark(text) ? BYTE_ORDER_MARK.length : scanned;
      const stop = lineEnd < 0 ? text.length : lineEnd;
      const line = withoutNul(text.toString("utf8", start, stop)).replace(/\r$/, "");
      if (start >= text.length || (line !== "" && !line.startsWith("#")) || isColumns(lines.at(-1))) {
        body = Math.min(scanned, text.length);
        break;
      }
      lines.push(line);
      scanned = stop + 1;
    }
  }
  if (text.length === 0 && damage === null) throw empty(path);
  if (damage !== null && !isColumns(lines.at(-1))) throw damaged(path, damage, Buffer.alloc(0));
  const header = parseHeader(lines, path);
  const first = text.subarray(body ?? text.length);
  const peek = peekLines(first, ended && damage === null);
  refuseSpaces(peek, header, path);
  const cleaner = new Cleaner();
  return {
    file,
    header,
    peek,
    byteOrderMark: startsWithMark(text),
    cleaner,
    body: cleanedBody(path, first, damage, file, cleaner),
  };
}

async function* cleanedBody(
  path: string,
  first: Buffer,
  damage: DamagedText | null,
  file: TextFile,
  cleaner: Cleaner,
): AsyncGenerator<Buffer, void, undefined> {
  let last: Buffer = Buffer.alloc(0);
  let beforeLast: Buffer = last;
  try {
    const start = cleaner.clean(first);
    if (start.length > 0) yield start;
    last = start;
    if (damage !== null) throw damage;
    for await (const chunk of file.chunks) {
      const bytes = cleaner.clean(chunk);
      beforeLast = last;
      last = bytes;
      if (bytes.length > 0) yield bytes;
    }
    const rest = cleaner.end();
    if (rest.length > 0) yield rest;
  } catch (error) {
    throw error instanceof DamagedText ? damaged(path, error, Buffer.concat([beforeLast, last])) : error;
  } finally {
    await file.close();
  }
}

function startsWithMark(text: Buffer): boolean {
  return text.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
}

const READS = "Give the VCF of the variants that were called from it.";
const ARRAY = "this is raw data of a genotyping array, such as 23andMe or AncestryDNA give it";
const ARRAY_HINT =
  "Write source=genome where the notebook has source=vcf, as newer ones have it: see karyon update.";
/** What is not the text of a VCF, though it may well hold one, by its first bytes. */
const OTHER_TEXTS: readonly (readonly [start: string, message: string, hint: string])[] = [
  ["BCF", "this is BCF, the binary form of VCF", "Convert it with bcftools view -Oz."],
  ["BAM\x01", "this is BAM: reads, not variants", READS],
  ["CRAM", "this is CRAM: reads, not variants", READS],
  ["@HD\t", "this is SAM: reads, not variants", READS],
  ["# This data file generated by 23andMe", ARRAY, ARRAY_HINT],
  ["#AncestryDNA", ARRAY, ARRAY_HINT],
  ["rsid\tchromosome\tposition", ARRAY, ARRAY_HINT],
  ["RSID,CHROMOSOME,POSITION", ARRAY, ARRAY_HINT],
  [
    "TBI\x01",
    "this is an index of a VCF",
    "Give the VCF itself: the file without .tbi at the end of its name.",
  ],
  [
    "CSI\x01",
    "this is an index of a VCF",
    "Give the VCF itself: the file without .csi at the end of its name.",
  ],
  ["\x1f\x8b", "the file is packed twice with gzip", "Unpack it once, for example with gunzip."],
  ["\xff\xfe", "this is text in UTF-16", "Save it as UTF-8."],
  ["\xfe\xff", "this is text in UTF-16", "Save it as UTF-8."],
];

function refuseOtherText(text: Buffer, path: string): void {
  const found = OTHER_TEXTS.find(([start]) => text.toString("latin1", 0, start.length) === start);
  if (found === undefined) return;
  const [, message, hint] = found;
  throw new WorkspaceError({ code: "source", message, hint, at: path });
}

function empty(path: string): WorkspaceError {
  return new WorkspaceError({
    code: "source",
    message: "the file is empty",
    hint: "Download or copy it again.",
    at: path,
  });
}

function peekLines(body: Buffer, whole: boolean): string[] {
  const end = whole ? body.length : body.lastIndexOf(NEWLINE);
  if (end <= 0) return [];
  return body
    .toString("utf8", 0, end)
    .split("\n")
    .map((line) => line.replace(/\r$/, ""))
    .filter((line) => line !== "" && !line.startsWith("#"));
}

function refuseSpaces(peek: readonly string[], header: VcfHeader, path: string): void {
  const first = peek[0];
  if (first === undefined || first.includes("\t")) return;
  const spaces = first.trim().split(/ +/).length >= 8;
  throw new WorkspaceError({
    code: "source",
    message: spaces
      ? "columns are separated by spaces, a VCF has tabs"
      : "not a VCF record: the line has no tab",
    hint: spaces
      ? "Replace the spaces between columns by tabs; an editor or a web page may have changed them."
      : "Give a complete VCF file.",
    at: `${path}:${header.lines + 1}`,
  });
}

/** Never shows more of a record than where it lies. */
function damaged(path: string, error: DamagedText, tail: Buffer): WorkspaceError {
  const lines = tail.toString("latin1").split("\n").slice(0, -1);
  const [contig, position] = lines.at(-1)?.split("\t", 2) ?? [];
  const where =
    contig === undefined || position === undefined
      ? "before the first record"
      : `after ${contig}:${position}`;
  return new WorkspaceError(
    {
      code: "source",
      message: `file is damaged ${where}: ${error.message}`,
      hint: "Download or copy the file again and compare its size or checksum with the original.",
      at: path,
    },
    { cause: error },
  );
}
