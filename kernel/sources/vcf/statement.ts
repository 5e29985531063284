import type { QualityFilters } from "#protocol/annotation.ts";

import { quoteName, quoteText } from "../../engines/engine.ts";
import { foldContig, foldContigSql } from "./contigs.ts";
import type { Field, Layout } from "./fields.ts";
import { infoColumn, sampleValue, typed } from "./field-sql.ts";
import { maskSql } from "./mask-sql.ts";
import { NO_GENOTYPE, PRESENCES } from "./mask.ts";
import type { Presence } from "./mask.ts";

/** Evidence that a gVCF block has to show before it counts as the reference. */
const BLOCK_MIN_DEPTH = 10;
const BLOCK_MIN_QUALITY = 20;
/** Alternates that stand for "anything else". */
const ANY_ALLELE = ["<NON_REF>", "<*>", "<X>"];
/** A byte that no text has: fields that are missing and fields that are empty stay apart. */
const NEVER = "\u0001";
/** Longer lines are refused by the parser; real ones reach a megabyte. */
export const LONGEST_LINE_BYTES = 8_000_000;
/** Not under the longest line. Some are alive at a time: 32 MB each took 200 MB more, and no less time. */
const BUFFER_BYTES = 8_000_000;

/** Name of the enumeration of contig spellings that has to be made before the statement runs. */
export const CONTIG_TYPE = "vcf_contig";
/** Name of the function that sees every record: mask, contig code, start, end, contig; 1 keeps the record. */
export const TALLY = "vcf_tally";

export interface StatementOptions {
  /** Where the text is read from, once. */
  readonly path: string;
  /** Number of columns of the file that are read: 8, or 9 and the place of the sample among the samples. */
  readonly columns: number;
  readonly layout: Layout;
  readonly filters: QualityFilters;
  /** Spellings of contigs in the order of their codes. */
  readonly spellings: readonly string[];
}

/**
 * The one pass over the text: SQL of the kept records in file order, every column of the table.
 *
 * Four layers: text of the fields → what the parts of the record are → genotype and presence → the tally that
 * filters. Each value is computed once, and what only odd records need is inside a CASE that ordinary ones skip.
 */
export function recordsStatement(options: StatementOptions): string {
  const { layout, spellings } = options;
  const folded = `[${spellings.map((name) => quoteText(foldContig(name))).join(",")}]`;
  const columns = [
    `CASE WHEN code >= 0 THEN ${folded}[code + 1] ELSE ${foldContigSql("contig")} END AS chrom`,
    `"start"`,
    `"end"`,
    `CASE WHEN id = '.' THEN '' ELSE id END AS rsid`,
    `ref`,
    `${storedAlternates()} AS alt`,
    `CASE WHEN isnan(qual) THEN NULL ELSE qual END AS qual`,
    `CASE WHEN filter_text = '.' THEN '' ELSE filter_text END AS filter`,
    ...layout.info.map((field) => `${infoColumn(field)} AS ${quoteName(field.column)}`),
    ...layout.format.map((field) => `${formatColumn(field, layout)} AS ${quoteName(field.column)}`),
    ...genotypeColumns(layout),
  ];
  return `SELECT ${columns.join(",\n  ")}\nFROM (${judged(options)})\nWHERE ${TALLY}(mask, code, coalesce("start", 0)::INTEGER, coalesce("end", 0)::INTEGER, contig) = 1`;
}

/** The fields as text, split as far as every record needs. */
function fieldsSql({ path, columns, layout }: StatementOptions): string {
  const names = Array.from({ length: columns }, (_, index) => `'c${index}': 'VARCHAR'`).join(", ");
  const sample = `c${columns - 1}`;
  const formats = layout.formats
    .map((ids, index) => `WHEN ${quoteText(ids.join(":"))} THEN ${index}`)
    .join(" ");
  const inSample = layout.genotypes || layout.format.length > 0;
  const parts = [
    `c0 AS contig`,
    `coalesce(enum_code(try_cast(c0 AS ${CONTIG_TYPE}))::INTEGER, -1) AS code`,
    // A cast alone takes 1e3 and 12.6 for integers.
    `CASE WHEN try_cast(c1 AS INTEGER)::VARCHAR = c1 THEN try_cast(try_cast(c1 AS INTEGER) AS UINTEGER) END AS "start"`,
    `c2 AS id`,
    `upper(c3) AS ref`,
    `CASE WHEN c4 = '' THEN '.' ELSE upper(c4) END AS alternates`,
    `CASE WHEN c5 = '.' THEN NULL ELSE try_cast(c5 AS DOUBLE) END AS qual`,
    `CASE WHEN c6 = '' THEN '.' ELSE c6 END AS filter_text`,
    `c7 AS info`,
    ...(layout.info.length > 0
      ? [
          `concat(';', c7, ';') AS info_text`,
          `CASE WHEN c7 <> '.' THEN string_split(c7, ';') END AS info_list`,
        ]
      : []),
    `c${columns - 1} IS NULL AS short`,
    ...(inSample
      ? [
          `string_split(${sample}, ':') AS f`,
          `CASE c8 ${formats === "" ? "WHEN NULL THEN NULL" : formats} ELSE -1 END AS form`,
          `CASE WHEN form < 0 THEN string_split(c8, ':') END AS form_ids`,
        ]
      : []),
  ];
  return `SELECT ${parts.join(", ")} FROM read_csv(${quoteText(path)}, auto_detect = false, delim = '\t', quote = '', escape = '', header = false, strict_mode = false, null_padding = true, nullstr = '${NEVER}', max_line_size = ${LONGEST_LINE_BYTES}, buffer_size = ${BUFFER_BYTES}, columns = {${names}})`;
}

/** The parts of the record that genotype and filters are judged by. */
function partsSql(options: StatementOptions): string {
  const { layout } = options;
  const value = (id: string): string | null => sampleValue(id, layout);
  const infoDepth = layout.info.find(({ id }) => id === "DP");
  const depth = firstNumber(["DP", "MIN_DP"], layout);
  const any = ANY_ALLELE.map((allele) => quoteText(allele)).join(", ");
  return `SELECT *,
    ${infoDepth === undefined ? depth : `coalesce(${depth}, ${typed(infoDepth.list ? { ...infoDepth, list: false } : infoDepth, infoText(infoDepth))})`} AS depth,
    ${value("FT") ?? "NULL::VARCHAR"} AS sample_filter,
    ${value("GT") ?? "NULL::VARCHAR"} AS gt,
    CASE gt ${GENOTYPE_CASES} ELSE ${OTHER} END AS calls_kind,
    CASE WHEN starts_with(alternates, '<') THEN alternates IN (${any})
      ELSE alternates = '.' AND contains(info, 'END=') END AS open_block,
    CASE
      WHEN calls_kind IN (${HOM_REF}, ${NO_CALL}, ${HAPLOID_REF}) THEN true
      WHEN calls_kind IN (${HET}, ${HOM_ALT}, ${HAPLOID_ALT})
        THEN NOT contains(alternates, ',') AND alternates <> '*' AND alternates <> '.'
      ELSE false END AS plain
  FROM (${fieldsSql(options)})`;
}

/** The first of the sample's fields that has a number. */
function firstNumber(ids: readonly string[], layout: Layout): string {
  const values = ids.map((id) => sampleValue(id, layout)).filter((sql) => sql !== null);
  if (values.length === 0) return "NULL::INTEGER";
  return `coalesce(${values.map((sql) => `try_cast(${sql} AS INTEGER)`).join(", ")})`;
}

const HOM_REF = 0;
const HET = 1;
const HOM_ALT = 2;
const NO_CALL = 3;
const HAPLOID_REF = 4;
const HAPLOID_ALT = 5;
const OTHER = 9;
const GENOTYPE_CASES = (
  [
    [HOM_REF, ["0/0", "0|0"]],
    [HET, ["0/1", "0|1", "1|0", "1/0"]],
    [HOM_ALT, ["1/1", "1|1"]],
    [NO_CALL, ["./.", ".", ".|."]],
    [HAPLOID_REF, ["0"]],
    [HAPLOID_ALT, ["1"]],
  ] as const
)
  .flatMap(([kind, texts]) => texts.map((text) => `WHEN '${text}' THEN ${kind}`))
  .join(" ");

/** Genotype, presence, end and the mask. */
function judged(options: StatementOptions): string {
  const { layout } = options;
  // The index of an allele counts every alternate, `<NON_REF>` too; one beyond the list gives null.
  const alleles = `string_split(CASE WHEN alternates = '.' THEN ref ELSE concat(ref, ',', alternates) END, ',')`;
  const general = `SELECT *,
    CASE WHEN plain OR gt IS NULL THEN NULL ELSE ${alleles} END AS alleles,
    CASE WHEN plain OR gt IS NULL THEN NULL
      ELSE list_transform(regexp_extract_all(gt, '[0-9]+'), lambda x: alleles[try_cast(x AS INTEGER) + 1]) END AS called,
    CASE WHEN called IS NULL THEN false ELSE len(list_filter(called, lambda x: x IS NULL)) > 0 END AS index_beyond
  FROM (${partsSql(options)})`;
  const status = `SELECT *, ${layout.genotypes ? presenceSql(layout) : NO_GENOTYPE} AS status,
    open_block AND ${layout.genotypes ? `status IN (${code("hom_ref_block")}, ${code("no_data")}, ${code("no_call")})` : "true"} AS block
  FROM (${general})`;
  return `SELECT *,
    CASE WHEN block THEN greatest("start", coalesce(${blockEnd()}, "start" + len(ref) - 1)) ELSE "start" + len(ref) - 1 END::UINTEGER AS "end",
    ${maskSql(options.filters)} AS mask
  FROM (${status})`;
}

function presenceSql(layout: Layout): string {
  return `CASE
    WHEN plain THEN CASE
      WHEN calls_kind IN (${HOM_REF}, ${HAPLOID_REF}) THEN ${referenceStatus(layout)}
      WHEN calls_kind = ${NO_CALL} THEN ${code("no_call")}
      ELSE ${code("called_variant")} END
    WHEN gt IS NULL OR index_beyond OR len(called) = 0 THEN ${code("no_call")}
    WHEN len(regexp_extract_all(gt, '[0-9]+|[.]')) > 2 THEN ${code("polyploid")}
    WHEN list_contains(called, '*') THEN ${code("overlapped")}
    WHEN contains(gt, '.') THEN ${code("half_call")}
    WHEN regexp_full_match(gt, '[/|]?0+([/|]0+)*') THEN ${referenceStatus(layout)}
    ELSE ${code("called_variant")} END`;
}

/** A block says "no variant seen": the reference only where enough was seen, whatever its GT says. */
function referenceStatus(layout: Layout): string {
  return `CASE
    WHEN NOT open_block THEN ${code("called_hom_ref")}
    WHEN ${firstNumber(["MIN_DP", "DP"], layout)} >= ${BLOCK_MIN_DEPTH}
      AND ${firstNumber(["GQ", "RGQ", "GQX"], layout)} >= ${BLOCK_MIN_QUALITY} THEN ${code("hom_ref_block")}
    ELSE ${code("no_data")} END`;
}

function genotypeColumns({ genotypes }: Layout): string[] {
  if (!genotypes) {
    return [`NULL::VARCHAR[] AS genotype`, `NULL::VARCHAR AS presence`, `NULL::BOOLEAN AS phased`];
  }
  const names = `[${PRESENCES.map((name) => quoteText(name)).join(",")}]`;
  return [
    `CASE
      WHEN gt IS NULL THEN NULL
      WHEN plain THEN CASE calls_kind
        WHEN ${HOM_REF} THEN [ref, ref]
        WHEN ${HET} THEN CASE WHEN ref <= alternates THEN [ref, alternates] ELSE [alternates, ref] END
        WHEN ${HOM_ALT} THEN [alternates, alternates]
        WHEN ${HAPLOID_REF} THEN [ref]
        WHEN ${HAPLOID_ALT} THEN [alternates]
        ELSE [] END
      WHEN index_beyond THEN []
      ELSE list_sort(called) END AS genotype`,
    `${names}[status + 1] AS presence`,
    `contains(gt, '|') AS phased`,
  ];
}

function storedAlternates(): string {
  const any = ANY_ALLELE.map((allele) => quoteText(allele)).join(", ");
  return `CASE
    WHEN alternates = '.' THEN ''
    WHEN NOT contains(alternates, ',') THEN CASE WHEN starts_with(alternates, '<') AND alternates IN (${any}) THEN '' ELSE alternates END
    WHEN NOT contains(alternates, '<') THEN replace(alternates, ',', '|')
    ELSE array_to_string(list_filter(string_split(alternates, ','), lambda x: x NOT IN (${any})), '|') END`;
}

/** INFO END of a block: alone in most files, so read without a search where it comes first. */
function blockEnd(): string {
  return `CASE WHEN starts_with(info, 'END=') THEN try_cast(split_part(substr(info, 5), ';', 1) AS UINTEGER)
    ELSE try_cast(regexp_extract(info, ';END=([0-9]+)', 1) AS UINTEGER) END`;
}

function infoText(field: Field): string {
  return `nullif(regexp_extract(info_text, ${quoteText(`;${field.id}=([^;,]*)`)}, 1), '')`;
}

function formatColumn(field: Field, layout: Layout): string {
  return typed(
    field,
    field.id === "GT" ? "gt" : (sampleValue(field.id, layout) ?? "NULL::VARCHAR"),
    field.id === "GT",
  );
}

function code(presence: Presence): number {
  return PRESENCES.indexOf(presence);
}
