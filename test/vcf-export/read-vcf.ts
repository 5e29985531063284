import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";

/** A VCF taken apart as its specification says, by nothing of ours. */
export interface ReadVcf {
  readonly meta: readonly string[];
  readonly columns: readonly string[];
  readonly records: readonly ReadRecord[];
}

export interface ReadRecord {
  readonly line: string;
  readonly chrom: string;
  readonly pos: number;
  readonly id: string;
  readonly ref: string;
  readonly alt: string;
  readonly qual: string;
  readonly filter: string;
  /** Percent-decoded; a flag is `true`. */
  readonly info: Readonly<Record<string, string | true>>;
  readonly sample: Readonly<Record<string, string>>;
}

export async function readVcf(path: string): Promise<ReadVcf> {
  const text = gunzipSync(await readFile(path)).toString();
  if (!text.endsWith("\n")) throw new Error("the last line has no end");
  const lines = text.slice(0, -1).split("\n");
  const meta = lines.filter((line) => line.startsWith("##"));
  return {
    meta,
    columns: lines[meta.length]?.split("\t") ?? [],
    records: lines.slice(meta.length + 1).map((line) => recordOf(line)),
  };
}

function recordOf(line: string): ReadRecord {
  const [chrom = "", pos, id = "", ref = "", alt = "", qual = "", filter = "", info = "", format, sample] =
    line.split("\t");
  const values = sample?.split(":") ?? [];
  return {
    line,
    chrom,
    pos: Number(pos),
    id,
    ref,
    alt,
    qual,
    filter,
    info: Object.fromEntries(
      info === "."
        ? []
        : info.split(";").map((entry) => {
            const [key = "", value, ...more] = entry.split("=");
            if (more.length > 0) throw new Error(`two = in one entry: ${entry}`);
            return [key, value === undefined ? true : decodeURIComponent(value)];
          }),
    ),
    sample: Object.fromEntries((format?.split(":") ?? []).map((key, at) => [key, values[at] ?? "."])),
  };
}

/** Lines that a tabix index finds for a region, 1-based and inclusive, as a reader of the format finds them. */
export async function linesByIndex(
  path: string,
  contig: string,
  first: number,
  last: number,
): Promise<string[]> {
  const index = gunzipSync(await readFile(`${path}.tbi`));
  const packed = await readFile(path);
  const chunks = chunksOf(index, contig, first - 1, last);
  const lines = chunks.flatMap(([from, to]) => between(packed, from, to).split("\n").slice(0, -1));
  return lines.filter((line) => {
    const [chrom, pos, , ref = "", , , , info = ""] = line.split("\t");
    const end = Number(/(?:^|;)END=(\d+)/.exec(info)?.[1] ?? Number(pos) + ref.length - 1);
    return chrom === contig && Number(pos) <= last && end >= first;
  });
}

/** Format: https://samtools.github.io/hts-specs/tabix.pdf */
function chunksOf(index: Buffer, contig: string, start0: number, end0: number): [bigint, bigint][] {
  if (index.toString("latin1", 0, 4) !== "TBI\u0001") throw new Error("not a tabix index");
  const count = index.readInt32LE(4);
  const namesBytes = index.readInt32LE(32);
  const names = index
    .toString("utf8", 36, 36 + namesBytes)
    .split("\0")
    .slice(0, -1);
  let at = 36 + namesBytes;
  const found: [bigint, bigint][] = [];
  for (let contigAt = 0; contigAt < count; contigAt++) {
    const chunks: { bin: number; from: bigint; to: bigint }[] = [];
    const bins = index.readInt32LE(at);
    at += 4;
    for (let bin = 0; bin < bins; bin++) {
      const number = index.readUInt32LE(at);
      const size = index.readInt32LE(at + 4);
      at += 8;
      for (let chunk = 0; chunk < size; chunk++, at += 16) {
        chunks.push({ bin: number, from: index.readBigUInt64LE(at), to: index.readBigUInt64LE(at + 8) });
      }
    }
    const windows = index.readInt32LE(at);
    const windowAt = Math.min(start0 >> 14, windows - 1);
    const least = windowAt < 0 ? 0n : index.readBigUInt64LE(at + 4 + windowAt * 8);
    at += 4 + windows * 8;
    if (names[contigAt] !== contig) continue;
    const wanted = binsOver(start0, end0);
    for (const { bin, from, to } of chunks) {
      if (wanted.has(bin) && to > least) found.push([from, to]);
    }
  }
  return found.toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** SAMv1 §5.3, `reg2bins`. */
function binsOver(start0: number, end0: number): Set<number> {
  const bins = new Set([0]);
  for (const [offset, bits] of [
    [1, 26],
    [9, 23],
    [73, 20],
    [585, 17],
    [4681, 14],
  ] as const) {
    for (let bin = offset + (start0 >> bits); bin <= offset + ((end0 - 1) >> bits); bin++) bins.add(bin);
  }
  return bins;
}

/** Inflated bytes between two virtual offsets. */
function between(packed: Buffer, from: bigint, to: bigint): string {
  const [block, last] = [Number(from >> 16n), Number(to >> 16n)];
  const skipped = Number(from & 0xffffn);
  const head = last > block ? gunzipSync(packed.subarray(block, last)) : Buffer.alloc(0);
  const tail = gunzipSync(packed.subarray(last, last + packed.readUInt16LE(last + 16) + 1));
  return Buffer.concat([head, tail.subarray(0, Number(to & 0xffffn))])
    .subarray(skipped)
    .toString();
}
