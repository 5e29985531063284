import type { ColumnBatch, ColumnData } from "../../columns/column-data.ts";
import { KEPT, REMOVED } from "./codes.ts";
import type { Field, Layout } from "./fields.ts";
import { PRESENCES, RULES } from "./mask.ts";
import type { Part } from "./parted-table.ts";
import type { Address, ReaderMemory } from "./reader-memory.ts";

export const TABLES = ["kept", "removed"] as const;
export type TableName = (typeof TABLES)[number];
export const TABLE_CODES: Readonly<Record<TableName, number>> = { kept: KEPT, removed: REMOVED };

/** Rows of one part: one row group of the table, as large as the engine makes them itself. */
const PART_ROWS = 122_880;
/** Rows that the engine takes at a time: parts are multiples of it. */
const CHUNK_ROWS = 2048;
/** Of a part: its rows are fewer where a file has many fields, */
const PART_BYTES = 24_000_000;
/** yet not so few that a table is cut into a row group for every page, up to a part of so many bytes. */
const FEWEST_ROWS = 32_768;
const MOST_PART_BYTES = 64_000_000;
const CORE_ROW_BYTES = 65;
/** Packed records are hardly ever smaller. */
const RECORD_BYTES = 8;

/** Every set of rules, joined by `,`, at the number that a mask has for it. */
const RULE_SETS: readonly string[] = Array.from({ length: 1 << RULES.length }, (_, set) =>
  RULES.filter((_rule, index) => (set >>> index) & 1).join(","),
);
const COLUMNS_BEFORE = ["chrom", "start", "end", "rsid", "ref", "alt", "qual", "filter"] as const;
const COLUMNS_BEHIND = ["genotype", "presence", "phased"] as const;
/** Columns that hold places in a list of texts. */
const CODED: Readonly<Record<string, readonly string[]>> = { presence: PRESENCES, removed_by: RULE_SETS };

/** A part of a table in the memory of the reader. */
export class ReaderPart implements Part {
  readonly address: Address;
  readonly #names: readonly string[];
  readonly #memory: ReaderMemory;

  /** An empty one. */
  constructor(table: TableName, layout: Layout, memory: ReaderMemory) {
    this.address = memory.reader.newPart(TABLE_CODES[table]);
    this.#names = columnNames(table, layout);
    this.#memory = memory;
  }

  batch(rows: number): ColumnBatch {
    const { reader } = this.#memory;
    const columns = this.#names.map((name, index) => {
      const data = this.#memory.data(reader.columnOf(this.address, index), rows);
      return { name, data: spelt(data, CODED[name]) };
    });
    return { rows, columns };
  }

  reset(): void {
    this.#memory.reader.resetPart(this.address);
  }
}

/** The column of places in a list of texts as texts. */
function spelt(data: ColumnData, texts: readonly string[] | undefined): ColumnData {
  if (texts === undefined || data.kind !== "fixed" || !(data.values instanceof Uint32Array)) return data;
  return { kind: "dictionary", codes: data.values, texts, validity: data.validity };
}

function columnNames(table: TableName, { info, format }: Layout): readonly string[] {
  if (table === "removed") return ["chrom", "start", "end", "presence", "removed_by"];
  return [...COLUMNS_BEFORE, ...[...info, ...format].map(({ column }) => column), ...COLUMNS_BEHIND];
}

/** Rows of a part, so that it takes no more memory than it may, nor than a file of so many bytes can fill. */
export function rowsOfPart({ info, format }: Layout, fileBytes: number): number {
  const fields = [...info, ...format].map(rowBytes).reduce((total, bytes) => total + bytes, CORE_ROW_BYTES);
  const rowsIn = (bytes: number): number => Math.floor(bytes / fields / CHUNK_ROWS) * CHUNK_ROWS;
  const rows = Math.max(rowsIn(PART_BYTES), Math.min(FEWEST_ROWS, rowsIn(MOST_PART_BYTES)));
  const inFile = Math.ceil(fileBytes / RECORD_BYTES / CHUNK_ROWS) * CHUNK_ROWS;
  return Math.min(PART_ROWS, Math.max(CHUNK_ROWS, Math.min(rows, inFile)));
}

function rowBytes({ type, list }: Field): number {
  return (type === "VARCHAR" ? 16 : 4) + (list ? 4 : 0);
}
