import type { FieldLine, VcfHeader } from "./header.ts";

/** Columns that every table has, beside the fields of the file. */
export const CORE_COLUMNS = [
  "chrom",
  "start",
  "end",
  "rsid",
  "ref",
  "alt",
  "qual",
  "filter",
  "genotype",
  "presence",
  "phased",
] as const;

/** The name under which the engine numbers the rows of a file: a column that has it could not be read. */
const ROW_NUMBER = "file_row_number";

/** Type of a column in the table. */
export type FieldType = "INTEGER" | "FLOAT" | "VARCHAR" | "BOOLEAN";

/** An INFO or FORMAT field and the column that it becomes. */
export interface Field {
  readonly id: string;
  /** Name of the column: the ID, or `INFO_` or `FORMAT_` before it where another column has that name. */
  readonly column: string;
  readonly type: FieldType;
  readonly list: boolean;
  /** As the header says it: a count, or `A`, `R`, `G`, `.`. */
  readonly number: string;
}

/** Which fields become columns, and what the records look like. */
export interface Layout {
  readonly info: readonly Field[];
  readonly format: readonly Field[];
  /** Whether the file states genotypes: a FORMAT with GT and a sample. */
  readonly genotypes: boolean;
  /** IDs that records use and the header does not declare. */
  readonly undeclared: readonly string[];
}

/** Reserved fields that files use without declaring them. Source: VCFv4.3 §1.6.1 table 1 and §1.6.2 table 2. */
const RESERVED: Readonly<Record<"INFO" | "FORMAT", ReadonlyMap<string, readonly [string, string]>>> = {
  INFO: byId({
    AC: ["A", "Integer"],
    AF: ["A", "Float"],
    AN: ["1", "Integer"],
    DB: ["0", "Flag"],
    DP: ["1", "Integer"],
    END: ["1", "Integer"],
    H2: ["0", "Flag"],
    H3: ["0", "Flag"],
    MQ: ["1", "Float"],
    MQ0: ["1", "Integer"],
    NS: ["1", "Integer"],
    SOMATIC: ["0", "Flag"],
    "1000G": ["0", "Flag"],
  }),
  FORMAT: byId({
    GT: ["1", "String"],
    AD: ["R", "Integer"],
    DP: ["1", "Integer"],
    FT: ["1", "String"],
    GL: ["G", "Float"],
    GP: ["G", "Float"],
    GQ: ["1", "Integer"],
    MIN_DP: ["1", "Integer"],
    PL: ["G", "Integer"],
    PQ: ["1", "Integer"],
    PS: ["1", "Integer"],
  }),
};

const TYPES: ReadonlyMap<string, FieldType> = byId({ Integer: "INTEGER", Float: "FLOAT", Flag: "BOOLEAN" });
/** An entry of INFO that no sane file has as a name, and that would only make columns of noise. */
const FIELD_ID = /^(1000G|[A-Za-z_][0-9A-Za-z_.]*)$/;

/** What becomes of the fields of a file, from its header and its first records. */
export function layoutOf(
  header: Pick<VcfHeader, "info" | "format" | "samples">,
  peek: readonly string[],
): Layout {
  const records = peek.map((line) => line.split("\t", 9));
  const column = (index: number): string[] => records.map((columns) => columns[index] ?? "");
  const withSamples = header.samples.length > 0;
  const usedInfo = idsOf(column(7).map(withoutValues), ";");
  const usedFormat = withSamples ? idsOf(column(8), ":") : new Set<string>();
  const infoLines = withUndeclared(header.info, usedInfo, "INFO");
  const formatLines = withSamples ? withUndeclared(header.format, usedFormat, "FORMAT") : [];
  const taken = new Set<string>([...CORE_COLUMNS, ROW_NUMBER]);
  const format = formatLines.map((line) => field(line, claim(taken, line.id, "FORMAT_")));
  const info = infoLines.map((line) => field(line, claim(taken, line.id, "INFO_")));
  return {
    info,
    format,
    genotypes: usedFormat.has("GT"),
    undeclared: [
      ...undeclared(header.info, usedInfo).map((id) => `INFO ${id}`),
      ...undeclared(header.format, usedFormat).map((id) => `FORMAT ${id}`),
    ],
  };
}

/** Columns of text that may be percent-encoded in a file of a version that has that. */
export function encodedColumns({ info, format }: Layout): string[] {
  const texts = [...info, ...format].filter(({ id, type }) => type === "VARCHAR" && id !== "GT");
  return ["filter", ...texts.map(({ column }) => column)];
}

/** IDs that separators stand between, in the order in which they first stand. Many texts are the same. */
function idsOf(texts: readonly string[], separator: string): ReadonlySet<string> {
  const ids = [...new Set(texts)].flatMap((text) => text.split(separator));
  return new Set(ids.filter((id) => FIELD_ID.test(id)));
}

/** Keys of INFO, between semicolons. */
function withoutValues(info: string): string {
  return info.replaceAll(/=[^;]*/g, "");
}

function field(line: FieldLine, column: string): Field {
  const type = TYPES.get(line.type) ?? "VARCHAR";
  return {
    id: line.id,
    column,
    type,
    list: type !== "BOOLEAN" && line.number !== "1" && line.number !== "0",
    number: line.number,
  };
}

/** Names are compared as SQL does: `END` and `end` are one. */
function claim(taken: Set<string>, id: string, prefix: string): string {
  let name = id;
  while ([...taken].some((other) => other.toLowerCase() === name.toLowerCase())) name = prefix + name;
  taken.add(name);
  return name;
}

function withUndeclared(
  lines: readonly FieldLine[],
  used: ReadonlySet<string>,
  kind: "INFO" | "FORMAT",
): FieldLine[] {
  const more = undeclared(lines, used).map((id) => {
    const [number, type] = RESERVED[kind].get(id) ?? ["1", "String"];
    return { id, number, type };
  });
  return [...lines, ...more];
}

function undeclared(lines: readonly FieldLine[], used: ReadonlySet<string>): string[] {
  return [...used].filter((id) => lines.every((line) => line.id !== id));
}

/** A map, since a file may name a field `constructor`. */
function byId<Value>(values: Readonly<Record<string, Value>>): ReadonlyMap<string, Value> {
  return new Map(Object.entries(values));
}
