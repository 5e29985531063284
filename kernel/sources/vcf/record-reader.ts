import { FLANK_BP } from "#protocol/annotation.ts";
import { WorkspaceError } from "#protocol/error.ts";
import type { QualityFilters, Spread } from "#protocol/annotation.ts";

import { oddAllele } from "./alleles.ts";
import {
  ALT,
  ANY_NUMBER,
  CONTIG,
  FLAGS,
  FLOATS,
  INTEGERS,
  PER_ALLELE,
  PER_ALTERNATE,
  PER_GENOTYPE,
  POS,
  QUAL,
  REF,
  TEXTS,
  VERBATIM,
} from "./codes.ts";
import { foldContig } from "./contigs.ts";
import { decimal } from "./decimal.ts";
import type { Field, Layout } from "./fields.ts";
import { isColumns } from "./header.ts";
import { FirstLines, LINE_FINDINGS, shown } from "./first-lines.ts";
import type { LineFinding } from "./first-lines.ts";
import type { Part } from "./parted-table.ts";
import { ReaderMemory } from "./reader-memory.ts";
import type { Address, ReaderExports } from "./reader-memory.ts";
import { ReaderPart, TABLE_CODES, rowsOfPart } from "./reader-part.ts";
import type { TableName } from "./reader-part.ts";

/** What the records said, all in all. */
export interface Counts {
  readonly records: number;
  /** Each mask that occurred, with its number of records. */
  readonly masks: readonly { readonly mask: number; readonly count: number }[];
  readonly blankLines: number;
  /** Lines among the records that begin as those of a header. */
  readonly innerHeaderLines: number;
  /** Kept records of which a key stands twice in INFO. */
  readonly infoTwice: number;
  /** Kept calls of the reference whose depth and quality are missing. */
  readonly bareReferences: number;
  /** Kept records of which a field has another number of values than it should; that field is null. */
  readonly wrongNumber: number;
  /** Kept records of which a field has a value of another type than the header declares; that value is null. */
  readonly wrongType: number;
  /** Whether any line ended in CRLF. */
  readonly returns: boolean;
  /** Records that lie behind the record before them, and returns to a contig after another; and the same of kept ones. */
  readonly backward: number;
  readonly keptBackward: number;
  /** Contigs of the kept records in the order in which they came, by folded name. */
  readonly contigs: readonly string[];
  /** How they lie on each of these, where none of them lies behind another. */
  readonly spreads: readonly Spread[];
  /** Bases from the first to the last of the longest record, kept or removed. */
  readonly longest: number;
}

const NEWLINE = 0x0a;
const WORD_BYTES = 8;

/** The depth of the sample, and what says how sure a call is, in the order in which they are looked for. */
const DEPTHS = ["DP", "MIN_DP"];
const BLOCK_DEPTHS = ["MIN_DP", "DP"];
const QUALITIES = ["GQ", "RGQ", "GQX"];

/** What the values of a field are, for the reader. */
const VALUES = { BOOLEAN: FLAGS, INTEGER: INTEGERS, FLOAT: FLOATS, VARCHAR: TEXTS } as const;
const NUMBERS: ReadonlyMap<string, number> = new Map([
  ["A", PER_ALTERNATE],
  ["R", PER_ALLELE],
  ["G", PER_GENOTYPE],
]);

export interface RecordReaderOptions {
  /** Columns of the file that are read: 8, or 9 and the place of the sample among the samples. */
  readonly columns: number;
  readonly layout: Layout;
  readonly filters: QualityFilters;
  /** Of the file. */
  readonly path: string;
  /** Name of the sample that is read; null: none is. */
  readonly sample: string | null;
  /** Size of the file, however it is packed. */
  readonly bytes: number;
  /** Lines above the first record. */
  readonly headerLines: number;
}

/**
 * Reads records out of the text into the parts of two tables, and counts what it finds out about them. The work is
 * done by `assembly/reader.ts`; here is what it is told, what it asks, and what comes of it.
 */
export class RecordReader {
  readonly firstLines: FirstLines = new FirstLines();
  readonly #options: RecordReaderOptions;
  readonly #memory: ReaderMemory;
  readonly #reader: ReaderExports;
  #at: Address = 0;
  #end: Address = 0;

  private constructor(options: RecordReaderOptions, memory: ReaderMemory) {
    this.#options = options;
    this.#memory = memory;
    this.#reader = memory.reader;
    this.#tell(options);
  }

  static async open(options: RecordReaderOptions): Promise<RecordReader> {
    let reader: RecordReader | null = null;
    const memory = await ReaderMemory.open({
      decimal,
      foldContig,
      note: (finding) => {
        const kind = LINE_FINDINGS[finding];
        if (kind !== undefined && reader !== null) reader.#note(kind);
      },
    });
    reader = new RecordReader(options, memory);
    return reader;
  }

  get records(): number {
    return this.#reader.records.value;
  }

  /** Lines of the file so far, the header's too. */
  get lines(): number {
    return this.#reader.lines.value;
  }

  /** An empty part of a table. */
  newPart(table: TableName): Part {
    return new ReaderPart(table, this.#options.layout, this.#memory);
  }

  /** What comes next goes into this part, which is empty. */
  use(table: TableName, part: Part): void {
    if (part instanceof ReaderPart) this.#reader.usePart(TABLE_CODES[table], part.address);
  }

  isFull(table: TableName): boolean {
    return this.#reader.isFull(TABLE_CODES[table]) === 1;
  }

  /** Rows of the part that is in use. */
  rows(table: TableName): number {
    return this.#reader.rows(TABLE_CODES[table]);
  }

  /** Takes whole lines, the last of which ends in a line feed: {@link read} reads them. */
  take(lines: Uint8Array): void {
    // Memory that threads share is copied by the word only between places of one alignment.
    const offset = lines.byteOffset % WORD_BYTES;
    this.#at = this.#reader.textRoom(lines.length + offset) + offset;
    this.#end = this.#at + lines.length;
    this.#memory.bytes.set(lines, this.#at);
    // Whatever comes behind, the last line ends.
    this.#memory.bytes[this.#end] = NEWLINE;
  }

  /** Reads on. Returns whether all that was taken is read; else a part is full. */
  read(): boolean {
    this.#at = this.#reader.read(this.#at, this.#end);
    return this.#at === this.#end;
  }

  /** Counts of all that was read. */
  counts(): Counts {
    const reader = this.#reader;
    const places = Array.from({ length: reader.contigCount() }, (_, place) => place);
    const masks: { mask: number; count: number }[] = [];
    for (let mask = reader.maskFrom(0); mask >= 0; mask = reader.maskFrom(mask + 1)) {
      masks.push({ mask, count: reader.recordsOf(mask) });
    }
    return {
      records: this.records,
      masks,
      blankLines: reader.blankLines.value,
      innerHeaderLines: reader.innerHeaderLines.value,
      infoTwice: reader.infoTwice.value,
      bareReferences: reader.bareReferences.value,
      wrongNumber: reader.wrongNumber.value,
      wrongType: reader.wrongType.value,
      returns: reader.returns.value === 1,
      backward: reader.backward(),
      keptBackward: reader.keptBackward(),
      contigs: places.map((place) => this.#memory.text(reader.contigStart(place), reader.contigEnd(place))),
      spreads: places.map((place) => ({
        positions: reader.contigPositions(place),
        span: reader.contigSpan(place),
        near: reader.contigNear(place),
      })),
      longest: reader.longest(),
    };
  }

  /** Tells the reader what the file holds and what is asked of its records. */
  #tell({ columns, layout, filters, headerLines, bytes }: RecordReaderOptions): void {
    const reader = this.#reader;
    const put = (text: string): number => this.#memory.put(text);
    for (const one of layout.info) {
      const { id, type, list } = one;
      const field = reader.addInfo(put(id), VALUES[type], Number(list), numberCode(one));
      if (id === "DP") reader.useInfoDepth(field);
      if (id === "SVLEN") reader.useInfoLength(field);
    }
    const fields = new Map<string, number>();
    for (const one of layout.format) {
      const { id, type, list } = one;
      const values = id === "GT" ? VERBATIM : VALUES[type];
      fields.set(id, reader.addFormat(put(id), values, Number(list), numberCode(one)));
    }
    const use = (ids: readonly string[], tell: (field: number) => void): void => {
      for (const id of ids) {
        const field = fields.get(id);
        if (field !== undefined) tell(field);
      }
    };
    use(["GT"], (field) => reader.useGenotype(field));
    use(["FT"], (field) => reader.useSampleFilter(field));
    use(DEPTHS, (field) => reader.useDepth(field));
    use(BLOCK_DEPTHS, (field) => reader.useBlockDepth(field));
    use(QUALITIES, (field) => reader.useQuality(field));
    use(["LEN"], (field) => reader.useBlockLength(field));
    for (const text of filters.pass_filters ?? []) reader.addPassing(put(text === "" ? "." : text));
    reader.begin(
      columns,
      Number(layout.genotypes),
      threshold(filters.min_depth),
      threshold(filters.min_qual),
      rowsOfPart(layout, bytes),
      headerLines,
      2 * FLANK_BP,
      put("END"),
    );
  }

  /** The reader came to the first line of a finding. */
  #note(finding: LineFinding): void {
    if (finding === "HEADER_LINE") this.#requireSameSample();
    this.firstLines.note(finding, this.lines, () => this.#what(finding));
  }

  #what(finding: LineFinding): string {
    switch (finding) {
      case "SHORT_RECORD":
        return `${this.#reader.columns()} columns of ${this.#options.columns}`;
      case "BAD_POSITION":
        return this.#column(CONTIG) === "" ? "CHROM is empty" : `POS is ${shown(this.#column(POS))}`;
      case "GT_INDEX":
        return `GT has an index beyond the ${this.#alternates().length} alternates`;
      case "GT_MALFORMED":
        return "GT is no list of allele indexes: it is read as a no-call";
      case "SYMBOLIC_ALLELE":
      case "AMBIGUOUS_ALLELE":
        return `allele ${shown(oddAllele(this.#column(REF), this.#alternates()) ?? this.#column(ALT))}`;
      case "QUAL_NAN":
        return `QUAL is ${shown(this.#column(QUAL))}`;
      case "UNSORTED":
        return `${this.#column(CONTIG)}:${this.#column(POS)} comes after a later position`;
      case "BLANK_LINE":
        return "blank";
      case "HEADER_LINE":
        return shown(this.#column(CONTIG));
      case "INFO_TWICE":
        return "a key stands twice in INFO: the first counts";
      case "BARE_REFERENCE":
        return "GT is 0/0, DP and GQ are missing";
      case "POLYPLOID":
        return "GT has more than two alleles";
      case "WRONG_NUMBER":
        return this.#miscounted();
      case "WRONG_TYPE":
        return this.#mistyped();
    }
  }

  /** Behind the records of one file may stand those of another person. */
  #requireSameSample(): void {
    const { columns, sample, path } = this.#options;
    if (sample === null || !isColumns(this.#column(CONTIG))) return;
    const name = this.#reader.columns() < columns ? "" : this.#column(columns - 1);
    if (name === sample) return;
    throw new WorkspaceError({
      code: "source",
      message: `two files stand one behind the other: in the second, ${sample} is not in the same column`,
      hint: "Give the files as they were: those of one sample together, those of several people one by one.",
      at: `${path}:${this.lines}`,
    });
  }

  #miscounted(): string {
    const field = this.#misfit();
    const alternates = this.#alternates().length;
    return `${field?.id} (Number=${field?.number}) has another number of values beside ${alternates} ${alternates === 1 ? "alternate" : "alternates"}`;
  }

  #mistyped(): string {
    const field = this.#misfit();
    return field?.type === "FLOAT"
      ? `${field.id} (Type=Float) has a value that is no number`
      : `${field?.id} (Type=Integer) has a value that is no integer`;
  }

  #misfit(): Field | undefined {
    const { info, format } = this.#options.layout;
    return [...info, ...format][this.#reader.misfit()];
  }

  /** A column of the record that is looked at. */
  #column(column: number): string {
    return this.#memory.text(this.#reader.columnStart(column), this.#reader.columnStop(column));
  }

  #alternates(): string[] {
    const alt = this.#column(ALT);
    return alt === "" || alt === "." ? [] : alt.split(",");
  }
}

/** How many values a field has, by what the header says of it. */
function numberCode({ list, number }: Field): number {
  return (list ? NUMBERS.get(number) : undefined) ?? ANY_NUMBER;
}

/** A rule that is absent or 0 is off: nothing is below minus infinity. */
function threshold(value: number | undefined): number {
  return value !== undefined && Number.isFinite(value) && value > 0 ? value : Number.NEGATIVE_INFINITY;
}
