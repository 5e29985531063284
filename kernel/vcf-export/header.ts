import { CHROMOSOMES } from "../reports/chromosomes.ts";
import type { ExportField } from "./fields.ts";
import { isSoundLine, metaLine, metaLines } from "./meta-line.ts";
import type { SourceHead } from "./source-head.ts";

/** Scaffolds as UCSC names them, which always begin with `chr`. */
const UCSC_SCAFFOLD = /^(?:Un_|EBV$)|_(?:random|alt|fix)$/;
/** INFO is percent-encoded as of this version. */
const VERSION = "##fileformat=VCFv4.3";
/** Kinds of line that are written anew from what the records have. */
const REWRITTEN = /^##(?:fileformat|INFO|FORMAT|FILTER|contig)=/;

export interface HeaderRequest {
  readonly head: SourceHead;
  readonly info: readonly ExportField[];
  readonly format: readonly ExportField[];
  /** Name in the tables → name in the file, of every contig that has records. */
  readonly contigs: ReadonlyMap<string, string>;
  /** Values of FILTER in the records. */
  readonly filters: readonly string[];
  /** Lines that say what the file was made from. */
  readonly provenance: readonly string[];
  /** Null for a file without genotypes. */
  readonly sample: string | null;
}

/** The header of an exported VCF: what the input says, what was added, and everything that the records use declared. */
export function vcfHeader(request: HeaderRequest): string {
  const { head, info, format, sample } = request;
  const columns = ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO"];
  const lines = [
    VERSION,
    ...filterLines(request),
    ...info.map((field) => fieldLine("INFO", field)),
    ...(sample === null ? [] : format.map((field) => fieldLine("FORMAT", field))),
    ...contigLines(request),
    ...head.meta.filter((line) => !REWRITTEN.test(line) && isSoundLine(line)),
    ...request.provenance,
    [...columns, ...(sample === null ? [] : ["FORMAT", sample])].join("\t"),
  ];
  return `${lines.join("\n")}\n`;
}

/**
 * Name in the file of each contig of a table, as the input spells it: by its `##contig` lines, else by its first
 * record. `fold` is how the names of the tables were made.
 */
export function contigNames(
  chroms: readonly string[],
  head: SourceHead,
  fold: (name: string) => string,
): Map<string, string> {
  const declared = new Map<string, string>();
  for (const id of metaLines(head.meta, "contig").keys()) {
    if (!declared.has(fold(id))) declared.set(fold(id), id);
  }
  const first = head.first?.[0] ?? "";
  const prefix = /^chr(?:omosome_?)?/i.exec(first)?.[0] ?? "";
  const spelled = (chrom: string): string => {
    if (!CHROMOSOMES.some(({ name }) => name === chrom))
      return UCSC_SCAFFOLD.test(chrom) ? prefix + chrom : chrom;
    return prefix !== "" && chrom === "MT" ? `${prefix}M` : prefix + chrom;
  };
  return new Map(chroms.map((chrom) => [chrom, declared.get(chrom) ?? spelled(chrom)]));
}

function contigLines({ head, contigs }: HeaderRequest): string[] {
  const lines = new Map<string, string>();
  for (const { id, attributes } of metaLines(head.meta, "contig").values()) {
    const { length, assembly } = attributes;
    const known = {
      ...(length !== undefined && /^\d+$/.test(length) ? { length } : {}),
      ...(assembly === undefined ? {} : { assembly }),
    };
    if (isContigName(id)) lines.set(id, metaLine("contig", id, known));
  }
  for (const [chrom, id] of contigs) {
    const length = CHROMOSOMES.find(({ name }) => name === chrom)?.length;
    if (!lines.has(id)) {
      lines.set(id, metaLine("contig", id, length === undefined ? {} : { length: String(length) }));
    }
  }
  return [...lines.values()];
}

/** VCFv4.3 §1.4.7. */
function isContigName(id: string): boolean {
  return /^[0-9A-Za-z!#$%&+./:;?@^_|~-][0-9A-Za-z!#$%&*+./:;=?@^_|~-]*$/.test(id);
}

function filterLines({ head, filters }: HeaderRequest): string[] {
  const declared = metaLines(head.meta, "FILTER");
  const ids = new Set(["PASS", ...declared.keys(), ...filters.flatMap((text) => text.split(";"))]);
  return [...ids]
    .filter((id) => id !== "" && id !== "." && !/[\s,<>"\p{Cc}\p{Cf}]/u.test(id))
    .map((id) => {
      const stated = declared.get(id)?.attributes["Description"];
      const Description = stated ?? (id === "PASS" ? "All filters passed" : "not declared in the input");
      return metaLine("FILTER", id, { Description });
    });
}

function fieldLine(kind: "INFO" | "FORMAT", { id, number, declared, description }: ExportField): string {
  const count = /^(?:\d+|[ARG.])$/.test(number) ? number : ".";
  return metaLine(kind, id, { Number: count, Type: declared, Description: description });
}
