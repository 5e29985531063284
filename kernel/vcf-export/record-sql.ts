import { quoteName, quoteText } from "../engines/engine.ts";
import type { ExportField } from "./fields.ts";

/** One record: what it reads, and the text it becomes. */
export interface RecordShape {
  /** A FROM that gives the variants with all columns of the fields, in the order to be written, numbered as `file_row_number`. */
  readonly from: string;
  readonly info: readonly ExportField[];
  /** Of the sample; empty for a file without genotypes. */
  readonly format: readonly ExportField[];
  /** A condition: whether something is said of a record beside what the input says. */
  readonly annotated: string;
  /** Names of contigs in the tables, and in the file. */
  readonly contigs: ReadonlyMap<string, string>;
  /** Stands for an alternate that the sample's fields count and the table has not kept; null: there is none. */
  readonly anyAllele: string | null;
}

/** No record ends beyond: what the index does not hold is refused where it is written. */
const MOST_END = 2 ** 31 - 1;

/** Name of the enumeration of the contigs, which has to be made before the statement runs. */
export const CONTIG_TYPE = "export_contig";

/**
 * The records as lines: `contig` (place in the list of contigs), `start` and `end` (1-based, inclusive), `annotated`
 * (0 or 1), `row` (number of the variant) and `line`, which ends in a newline. All but the last are INTEGER.
 *
 * FORMAT names the fields that the record has, GT first.
 */
export function recordSql(shape: RecordShape): string {
  const names = [...shape.contigs.values(), ""].map((name) => quoteText(name)).join(", ");
  const end = shape.info.find(({ id, declared }) => id === "END" && declared === "Integer");
  const fields = [
    `([${names}])[code + 1]`,
    "start",
    "coalesce(nullif(word(rsid), ''), '.')",
    "word(ref)",
    "alternates",
    "coalesce(qual::varchar, '.')",
    "coalesce(nullif(word(filter), ''), '.')",
    `coalesce(nullif(concat_ws(';', ${[...shape.info.map((field) => infoSql(field)), "null"].join(", ")}), ''), '.')`,
    ...(shape.format.length === 0 ? [] : sampleSql(shape.format)),
  ];
  const line = fields.flatMap((field) => [field, "chr(9)"]).slice(0, -1);
  return `select code as contig, start::integer as start,
      least(greatest("end", ${end === undefined ? "0" : `coalesce(${quoteName(end.column)}, 0)`}, start), ${MOST_END})::integer as "end",
      (${shape.annotated})::integer as annotated, file_row_number::integer as row,
      concat(${line.join(", ")}, chr(10)) as line
    from (select *, enum_code(chrom::${CONTIG_TYPE})::integer as code, ${alternatesSql(shape)} as alternates
          from ${shape.from})`;
}

/** Alternates, with as many unknown ones behind them as the sample's fields count. */
function alternatesSql({ format, anyAllele }: RecordShape): string {
  const kept = "coalesce(nullif(replace(word(alt), '|', ','), ''), '.')";
  if (anyAllele === null || !format.some(({ id }) => id === "GT")) return kept;
  const counts = format.flatMap(({ column, type, number }) => {
    if (!type.endsWith("[]")) return [];
    const name = quoteName(column);
    if (number === "A") return [`len(${name})`];
    if (number === "R") return [`len(${name}) - 1`];
    // One likelihood for each pair of alleles.
    return number === "G" ? [`floor((sqrt(8 * len(${name}) + 1) - 1) / 2)::integer - 1`] : [];
  });
  const called = `list_max(list_transform(regexp_extract_all("GT", '[0-9]+'), lambda x: try_cast(x as integer)))`;
  const wanted = `greatest(${[...counts, called].map((count) => `coalesce(${count}, 0)`).join(", ")})`;
  const stated = "case when alt = '' then 0 else 1 + length(alt) - length(replace(alt, '|', '')) end";
  // No sane record counts more: what does is not to be believed.
  const missing = `least(greatest(${wanted} - ${stated}, 0), 8)`;
  const any = quoteText(anyAllele);
  return `concat_ws(',', nullif(replace(word(alt), '|', ','), ''), nullif(rtrim(repeat(${any} || ',', ${missing}), ','), ''), case when alt = '' and ${missing} = 0 then '.' end)`;
}

function infoSql(field: ExportField): string {
  const name = quoteName(field.column);
  if (field.type === "BOOLEAN") return `case when ${name} then ${quoteText(field.id)} end`;
  return `${quoteText(`${field.id}=`)} || ${valueSql(field)}`;
}

/** What readers of a VCF take for a genotype: they stop at any other, and at an index of more digits. */
const GENOTYPE = "[/|]?([0-9]{1,4}|[.])([/|]([0-9]{1,4}|[.]))*";

/**
 * FORMAT and the sample's column. A GT that is no genotype is the no-call that it was read as; a separator in front of
 * it, which came with VCF 4.4, is left out.
 */
function sampleSql(format: readonly ExportField[]): string[] {
  const ordered = [...format.filter(({ id }) => id === "GT"), ...format.filter(({ id }) => id !== "GT")];
  const values = ordered.map((field) => {
    const value = valueSql(field);
    const isCall = `regexp_full_match(${quoteName(field.column)}, '${GENOTYPE}')`;
    const sound =
      field.id === "GT"
        ? `case when ${isCall} then ltrim(${value}, '/|') when ${value} is not null then './.' end`
        : value;
    return { id: quoteText(field.id), value: sound };
  });
  const ids = values.map(({ id, value }) => `case when ${value} is not null then ${id} end`);
  return [
    `coalesce(nullif(concat_ws(':', ${ids.join(", ")}), ''), 'GT')`,
    `coalesce(nullif(concat_ws(':', ${values.map(({ value }) => value).join(", ")}), ''), '.')`,
  ];
}

/** A value as text; null when there is none. An absent item of a list is `.`. */
function valueSql({ column, type, own }: ExportField): string {
  const name = quoteName(column);
  const macro = own ? "own_text" : "added_text";
  if (type === "BOOLEAN") return `case when ${name} then '1' end`;
  if (type === "VARCHAR") return `nullif(${macro}(${name}), '')`;
  if (type.endsWith("[]")) {
    const item = type === "VARCHAR[]" ? `nullif(${macro}(x), '')` : "x::varchar";
    return `nullif(array_to_string(list_transform(${name}, lambda x: coalesce(${item}, '.')), ','), '')`;
  }
  if (/^(?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|FLOAT|DOUBLE|DECIMAL\(.*\))$/.test(type))
    return `${name}::varchar`;
  return `nullif(${macro}(${name}::varchar), '')`;
}
