import type { TableColumn } from "../engines/table-columns.ts";
import { metaLines } from "./meta-line.ts";
import type { SourceHead } from "./source-head.ts";

/** A column of a table and the INFO or FORMAT field that it becomes. */
export interface ExportField {
  readonly column: string;
  /** DuckDB's name of the column's type. */
  readonly type: string;
  readonly id: string;
  readonly number: string;
  readonly declared: "Integer" | "Float" | "String" | "Flag" | "Character";
  readonly description: string;
  /** Whether text is passed on as the input has it: it may be percent-encoded already. */
  readonly own: boolean;
}

/** The fields of the input that a table of normalised variants has kept. */
export interface OwnFields {
  readonly info: readonly ExportField[];
  readonly format: readonly ExportField[];
}

/** Columns before the INFO fields, and after the FORMAT fields, of every table of normalised variants. */
const BEFORE = ["chrom", "start", "end", "rsid", "ref", "alt", "qual", "filter"];
const AFTER = ["genotype", "presence", "phased"];
const TYPES = ["Integer", "Float", "String", "Flag", "Character"] as const;
const UNDECLARED = "not declared in the input";
/** No field of a sample is a flag (VCFv4.3 §1.6.2), and readers refuse a file with one: it is 1 or absent. */
const SAMPLE_FLAG = { number: "1", declared: "Integer" } as const;
/** VCFv4.3 §1.6.1; what else is in an ID becomes `_`. */
const NOT_IN_ID = /[^0-9A-Za-z_.]/g;

/**
 * Tells INFO from FORMAT in a table of normalised variants: INFO fields stand before FORMAT fields, whose names are
 * given first, with `FORMAT_` or `INFO_` before an ID that is taken.
 */
export function ownFields(columns: readonly TableColumn[], head: SourceHead): OwnFields {
  const fields = columns.slice(
    BEFORE.length,
    columns.findIndex(({ name }) => name === AFTER[0]),
  );
  const [info, format] = [metaLines(head.meta, "INFO"), metaLines(head.meta, "FORMAT")];
  const ids = [...format.keys(), ...(head.first?.[8]?.split(":") ?? [])];
  const names = new Set(ids.flatMap((id) => [id, `FORMAT_${id}`]));
  const first = fields.findIndex(({ name }) => names.has(name));
  const split = first < 0 || head.columns.length < 10 ? fields.length : first;
  const taken = { INFO: new Set<string>(), FORMAT: new Set<string>() };
  const own = (
    column: TableColumn,
    kind: keyof typeof taken,
    lines: ReturnType<typeof metaLines>,
  ): ExportField => {
    const id = lines.has(column.name) ? column.name : withoutPrefix(column.name, `${kind}_`);
    const line = lines.get(id)?.attributes ?? {};
    const { number, declared } =
      kind === "FORMAT" && column.type === "BOOLEAN" ? SAMPLE_FLAG : declarationOf(column.type);
    const type = TYPES.find((one) => one === line["Type"]);
    const fits = type !== undefined && (type === declared || declared === "String");
    return {
      column: column.name,
      type: column.type,
      id: freeId(id, taken[kind]),
      number: fits ? (line["Number"] ?? number) : number,
      declared: fits ? type : declared,
      description: line["Description"] ?? UNDECLARED,
      own: true,
    };
  };
  return {
    info: fields.slice(0, split).map((column) => own(column, "INFO", info)),
    format: fields.slice(split).map((column) => own(column, "FORMAT", format)),
  };
}

/** An ID out of a name, and no other's: the input may be a file that was exported before. It is taken from then on. */
export function freeId(name: string, taken: Set<string>): string {
  let id = name.replace(NOT_IN_ID, "_");
  while (taken.has(id)) id += "_";
  taken.add(id);
  return id;
}

/**
 * Columns that something adds to the variants, as INFO fields under names that begin with its own. `taken`: the IDs of
 * all INFO fields beside these, which get their own.
 */
export function addedFields(
  columns: readonly TableColumn[],
  from: AddedFrom,
  taken: Set<string>,
): ExportField[] {
  return columns.map(({ name, type }) => {
    const bare = name.endsWith(`_${from.name}`) ? name.slice(0, -from.name.length - 1) : name;
    const plain = bare.startsWith(`${from.name}_`) ? bare.slice(from.name.length + 1) : bare;
    return {
      column: name,
      type,
      id: freeId(`${from.name}_${plain}`.replace(/^(?![A-Za-z_])/, "_"), taken),
      ...declarationOf(type),
      description: `${plain} of ${from.title}`,
      own: false,
    };
  });
}

/** An annotation module or a reference. */
export interface AddedFrom {
  readonly name: string;
  readonly title: string;
}

/** How a column of a type is declared. A whole number above 32 bits is text: readers of VCF have no room for it. */
function declarationOf(type: string): Pick<ExportField, "number" | "declared"> {
  if (type.endsWith("[]")) {
    const { declared } = declarationOf(type.slice(0, -2));
    return { declared: declared === "Flag" ? "String" : declared, number: "." };
  }
  if (type === "BOOLEAN") return { number: "0", declared: "Flag" };
  if (/^(?:U?TINYINT|U?SMALLINT|U?INTEGER)$/.test(type)) return { number: "1", declared: "Integer" };
  if (/^(?:FLOAT|DOUBLE|DECIMAL\(.*\))$/.test(type)) return { number: "1", declared: "Float" };
  return { number: "1", declared: "String" };
}

function withoutPrefix(name: string, prefix: string): string {
  let bare = name;
  while (bare.startsWith(prefix)) bare = bare.slice(prefix.length);
  return bare === "" ? name : bare;
}
