import { readFile } from "node:fs/promises";

import { FIXED_ARRAYS, TEXT_WORDS } from "../../columns/column-data.ts";
import type { ColumnData, FixedType } from "../../columns/column-data.ts";
import { DICTIONARY, FIXED, TEXT } from "./codes.ts";

/** Pages of 64 KiB: 4 MiB at first, 2 GiB at the most. */
const PAGES = { initial: 64, maximum: 32_768 };

/** Address in the memory of the reader. */
export type Address = number;

/** What `assembly/reader.ts` exports. */
export interface ReaderExports {
  readonly lines: WebAssembly.Global<"i32">;
  readonly records: WebAssembly.Global<"i32">;
  readonly blankLines: WebAssembly.Global<"i32">;
  readonly innerHeaderLines: WebAssembly.Global<"i32">;
  readonly infoTwice: WebAssembly.Global<"i32">;
  readonly bareReferences: WebAssembly.Global<"i32">;
  readonly wrongNumber: WebAssembly.Global<"i32">;
  readonly wrongType: WebAssembly.Global<"i32">;
  readonly returns: WebAssembly.Global<"i32">;
  start(): void;
  room(bytes: number): Address;
  textRoom(bytes: number): Address;
  addInfo(idBytes: number, values: number, isList: number, count: number): number;
  addFormat(idBytes: number, values: number, isList: number, count: number): number;
  addPassing(bytes: number): void;
  useGenotype(field: number): void;
  useSampleFilter(field: number): void;
  useDepth(field: number): void;
  useBlockDepth(field: number): void;
  useQuality(field: number): void;
  useBlockLength(field: number): void;
  useInfoDepth(field: number): void;
  useInfoLength(field: number): void;
  begin(
    columns: number,
    genotypes: number,
    minDepth: number,
    minQual: number,
    rowsOfPart: number,
    headerLines: number,
    reach: number,
    endIdBytes: number,
  ): void;
  newPart(table: number): Address;
  usePart(table: number, part: Address): void;
  resetPart(part: Address): void;
  isFull(table: number): number;
  rows(table: number): number;
  columnOf(part: Address, index: number): Address;
  describe(column: Address): Address;
  read(from: Address, end: Address): Address;
  maskFrom(mask: number): number;
  recordsOf(mask: number): number;
  backward(): number;
  keptBackward(): number;
  contigCount(): number;
  contigStart(place: number): Address;
  contigEnd(place: number): Address;
  contigPositions(place: number): number;
  contigSpan(place: number): number;
  contigNear(place: number): number;
  longest(): number;
  misfit(): number;
  columns(): number;
  columnStart(column: number): Address;
  columnStop(column: number): Address;
}

/** What the reader asks of us, see `assembly/host.ts`. */
export interface Host {
  decimal(text: string): number;
  foldContig(spelling: string): string;
  note(finding: number): void;
}

/** What `describe` writes. */
const DESCRIPTION_WORDS = 9;
/** Types of fixed width, in the order of their codes. */
const TYPES = ["INTEGER", "UINTEGER", "FLOAT", "DOUBLE", "BOOLEAN"] as const satisfies readonly FixedType[];

let compiled: Promise<WebAssembly.Module> | null = null;

/** The reader as WebAssembly; compiled once for each thread. */
export function compiledReader(): Promise<WebAssembly.Module> {
  compiled ??= compile();
  return compiled;
}

async function compile(): Promise<WebAssembly.Module> {
  // What builds is in no bundle.
  const builder = new URL("../../../start/assembled.js", import.meta.url).href;
  const { assembled } = (await import(builder)) as { assembled: (entry: string) => Promise<string> };
  const module = await assembled("kernel/sources/vcf/assembly/reader.ts");
  return WebAssembly.compile(await readFile(module));
}

/** An instance of the reader, and its memory, which other threads may read in place. */
export class ReaderMemory {
  readonly reader: ReaderExports;
  readonly #memory = new WebAssembly.Memory({ ...PAGES, shared: true });
  #bytes = Buffer.from(this.#memory.buffer);

  private constructor(module: WebAssembly.Module, host: Host) {
    const instance = new WebAssembly.Instance(module, {
      env: {
        memory: this.#memory,
        abort: () => {
          throw new Error("the reader of records broke");
        },
      },
      host: {
        decimal: (start: Address, end: Address) => host.decimal(this.latin(start, end)),
        foldContig: (start: Address, end: Address) => this.put(host.foldContig(this.text(start, end))),
        note: (finding: number) => host.note(finding),
      },
    });
    this.reader = instance.exports as unknown as ReaderExports;
    this.reader.start();
  }

  static async open(host: Host): Promise<ReaderMemory> {
    return new ReaderMemory(await compiledReader(), host);
  }

  /** All of the memory, as it is now: it may have grown. */
  get bytes(): Buffer {
    if (this.#bytes.buffer !== this.#memory.buffer) this.#bytes = Buffer.from(this.#memory.buffer);
    return this.#bytes;
  }

  text(start: Address, end: Address): string {
    return this.bytes.toString("utf8", start, end);
  }

  latin(start: Address, end: Address): string {
    return this.bytes.toString("latin1", start, end);
  }

  /** Writes a text where the reader looks for one. Returns its length in bytes. */
  put(text: string): number {
    const length = Buffer.byteLength(text);
    const room = this.reader.room(length);
    return this.bytes.write(text, room);
  }

  words(address: Address, length: number): Uint32Array {
    return new Uint32Array(this.#memory.buffer, address, length);
  }

  /** What the `rows` rows of a column hold, in place: good until its part is reset. */
  data(column: Address, rows: number): ColumnData {
    const description = this.words(this.reader.describe(column), DESCRIPTION_WORDS);
    const [kind = 0, nulls = 0, bits = 0, bitBytes = 0, at = 0, count = 0] = description;
    const beside = description.slice(6);
    const { buffer } = this.#memory;
    const validity = { nulls, bits: new Uint8Array(buffer, bits, bitBytes) };
    switch (kind) {
      case FIXED: {
        const type = TYPES[count] ?? "INTEGER";
        return { kind: "fixed", type, values: new FIXED_ARRAYS[type](buffer, at, rows), validity };
      }
      case TEXT: {
        const words = new Int32Array(buffer, at, rows * TEXT_WORDS);
        return { kind: "text", words, ...this.#longTexts(count, beside), validity };
      }
      case DICTIONARY:
        return {
          kind: "dictionary",
          codes: this.words(at, rows),
          texts: this.#texts(count, beside),
          validity,
        };
      default: {
        const [child = 0] = beside;
        return { kind: "list", starts: this.words(at, rows + 1), child: this.data(child, count), validity };
      }
    }
  }

  /** The texts of a dictionary by code. A column of nulls alone has one that no row is. */
  #texts(count: number, [endsAt = 0, start = 0]: Uint32Array): string[] {
    if (count === 0) return [""];
    const ends = this.words(endsAt, count);
    return Array.from(ends, (end, code) => this.text(start + (ends[code - 1] ?? 0), start + end));
  }

  #longTexts(
    count: number,
    [rowsAt = 0, endsAt = 0, start = 0]: Uint32Array,
  ): { longRows: readonly number[]; longTexts: readonly Uint8Array[] } {
    const ends = this.words(endsAt, count);
    // A copy: the engine takes no text out of memory that threads share.
    const texts = Uint8Array.from(this.bytes.subarray(start, start + (ends.at(-1) ?? 0)));
    return {
      longRows: [...this.words(rowsAt, count)],
      longTexts: Array.from(ends, (end, index) => texts.subarray(ends[index - 1] ?? 0, end)),
    };
  }
}
