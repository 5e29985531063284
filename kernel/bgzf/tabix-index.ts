import { WorkspaceError } from "#protocol/error.ts";

/** Place of a byte in the inflated file, as the index stores it. */
export type VirtualOffset = (byte: number) => bigint;

/** Windows of the linear index are 2^14 bases, and so are the smallest bins. */
const WINDOW_BITS = 14;
/** The longest contig that this format can hold. */
const LONGEST_CONTIG = 2 ** 29;
/** A bin of no place: where a contig's records lie and how many there are. */
const COUNTS_BIN = 37_450;
const MAGIC = Buffer.from("TBI\u0001", "latin1");
/** Preset of VCF: name in column 1, position in column 2, the end is computed; `#` begins a line of the header. */
const VCF_LAYOUT = [2, 1, 2, 0, "#".charCodeAt(0), 0];

interface Contig {
  readonly name: string;
  /** Bin → pairs of inflated bytes: from, to. */
  readonly bins: Map<number, number[]>;
  /** By window: the first byte of a record that reaches into it. */
  readonly windows: number[];
  readonly from: number;
  to: number;
  records: number;
  lastStart: number;
}

/**
 * A tabix index (`.tbi`) of a VCF in blocked gzip, made while its records are written. Records come contig by contig,
 * each by position. Format: https://samtools.github.io/hts-specs/tabix.pdf; memory goes with the places covered, not
 * with the records.
 */
export class TabixIndex {
  readonly #contigs: Contig[] = [];
  readonly #names = new Set<string>();

  /**
   * Adds a record that reaches from `start0` to before `end0`, 0-based, in the inflated bytes from `from` to before `to`.
   *
   * @throws {WorkspaceError} `asset` for a record out of order, or beyond what the format can hold
   */
  add(name: string, start0: number, end0: number, from: number, to: number): void {
    const contig = this.#contigOf(name, from);
    if (start0 < contig.lastStart) throw outOfOrder(`records of ${name} are not in order`);
    if (end0 > LONGEST_CONTIG) throw beyond(name, end0);
    contig.lastStart = start0;
    contig.to = to;
    contig.records++;
    const begin = Math.max(0, start0);
    const end = Math.max(begin + 1, end0);
    addChunk(contig.bins, binOf(begin, end), from, to);
    for (let window = begin >> WINDOW_BITS; window <= (end - 1) >> WINDOW_BITS; window++) {
      contig.windows[window] ??= from;
    }
  }

  /** The index, not compressed yet. */
  bytes(offset: VirtualOffset): Buffer {
    const names = Buffer.from(this.#contigs.map(({ name }) => `${name}\0`).join(""));
    return Buffer.concat([
      MAGIC,
      integers(this.#contigs.length, ...VCF_LAYOUT, names.length),
      names,
      ...this.#contigs.flatMap((contig) => contigBytes(contig, offset)),
    ]);
  }

  #contigOf(name: string, from: number): Contig {
    const last = this.#contigs.at(-1);
    if (last?.name === name) return last;
    if (this.#names.has(name)) throw outOfOrder(`records of ${name} are not together`);
    const contig = { name, bins: new Map(), windows: [], from, to: from, records: 0, lastStart: -Infinity };
    this.#names.add(name);
    this.#contigs.push(contig);
    return contig;
  }
}

/** The variants of a person are in order: the table is one that somebody joined with them. */
function outOfOrder(message: string): WorkspaceError {
  return new WorkspaceError({
    code: "asset",
    message,
    hint: "Keep the order of the variants in the cell that they come from, as a join does.",
  });
}

function beyond(contig: string, end: number): WorkspaceError {
  return new WorkspaceError({
    code: "asset",
    message: `a record of ${contig} ends at ${end}, beyond the ${LONGEST_CONTIG} that an index of a VCF holds`,
    hint: "Take it out of the VCF: no human chromosome is so long.",
  });
}

/** Records of one bin that follow one another are one chunk. */
function addChunk(bins: Map<number, number[]>, bin: number, from: number, to: number): void {
  const chunks = bins.get(bin);
  if (chunks === undefined) bins.set(bin, [from, to]);
  else if (chunks.at(-1) === from) chunks[chunks.length - 1] = to;
  else chunks.push(from, to);
}

/** The smallest bin that holds a stretch, 0-based and end exclusive (SAMv1 §5.3). */
function binOf(start: number, end: number): number {
  const last = end - 1;
  for (let level = 5; level > 0; level--) {
    const bits = WINDOW_BITS + 3 * (5 - level);
    if (start >> bits === last >> bits) return ((1 << (3 * level)) - 1) / 7 + (start >> bits);
  }
  return 0;
}

function contigBytes(contig: Contig, offset: VirtualOffset): Buffer[] {
  const { bins, windows, from, to, records } = contig;
  const parts = [integers(bins.size + 1)];
  for (const [bin, chunks] of bins) {
    parts.push(integers(bin, chunks.length / 2), longs(chunks.map((byte) => offset(byte))));
  }
  parts.push(integers(COUNTS_BIN, 2), longs([offset(from), offset(to), BigInt(records), 0n]));
  parts.push(integers(windows.length), longs(filled(windows).map((byte) => offset(byte))));
  return parts;
}

/** A window that no record reaches begins where the last one before it did. */
function filled(windows: readonly (number | undefined)[]): number[] {
  let last = windows.find((byte) => byte !== undefined) ?? 0;
  return Array.from(windows, (byte) => (last = byte ?? last));
}

function integers(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [at, value] of values.entries()) bytes.writeInt32LE(value, at * 4);
  return bytes;
}

function longs(values: readonly bigint[]): Buffer {
  const bytes = Buffer.alloc(values.length * 8);
  for (const [at, value] of values.entries()) bytes.writeBigUInt64LE(value, at * 8);
  return bytes;
}
