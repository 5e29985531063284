import { WorkspaceError } from "#protocol/error.ts";

/** One `##INFO` or `##FORMAT` line. */
export interface FieldLine {
  readonly id: string;
  /** A count, or `A`, `R`, `G`, `.`. */
  readonly number: string;
  readonly type: string;
}

/** One `##contig` line. */
export interface ContigLine {
  readonly id: string;
  /** In bases; null when absent or no integer. */
  readonly length: number | null;
  readonly assembly: string | null;
}

/** What the lines above the records state. Format: VCFv4.3 §1.4. */
export interface VcfHeader {
  /** Of the file. */
  readonly path: string;
  /** `4.2`; null when there is no `##fileformat`. */
  readonly version: string | null;
  /** Number of lines up to and with `#CHROM`. */
  readonly lines: number;
  readonly info: readonly FieldLine[];
  readonly format: readonly FieldLine[];
  readonly contigs: readonly ContigLine[];
  readonly reference: string | null;
  readonly caller: string | null;
  readonly samples: readonly string[];
  /** Whether there is a FORMAT column, with samples or not. */
  readonly hasFormat: boolean;
}

const FIXED = ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO"];
const TOOL_LINE =
  /^##(DeepVariant_version|DRAGENVersion|GATKCommandLine|octopus|freebayes|bcftools_callVersion)=/;
const LONGEST_CALLER = 120;
/** A key begins where a word does, and a quote ends at a quote or with the line: so every letter is read about once. */
const PAIRS = /(?<![A-Za-z0-9_.])([A-Za-z0-9_.]+)\s*=\s*("(?:[^"\\]|\\.)*(?:"|$)|[^,]*)\s*(?:,|$)/g;

/**
 * Reads the header lines, without line ends, the `#CHROM` line last. Tolerant of odd quotes and white space;
 * the first of two declarations of one ID wins.
 *
 * @throws {WorkspaceError} `source` for a missing `#CHROM` line, spaces in the place of tabs, a version below 4,
 *   or sample names that stand twice
 */
export function parseHeader(lines: readonly string[], path: string): VcfHeader {
  const columns = lines.at(-1);
  if (!isColumns(columns)) throw notVcf(path);
  const meta = lines.slice(0, -1).map((line) => line.trim());
  const version =
    meta.map((line) => /^##fileformat=\s*VCFv(\d+\.\d+)/i.exec(line)?.[1]).find(Boolean) ?? null;
  if (version !== null && !version.startsWith("4.")) {
    throw new WorkspaceError({
      code: "source",
      message: `VCF version is not supported: ${version}`,
      hint: "Convert the file to VCF 4.2 or later, for example with vcf-convert.",
      at: `${path}:1`,
    });
  }
  const fields = columnNames(columns);
  if (fields.length < FIXED.length) throw columnsOff(path, lines.length, columns);
  const samples = fields.slice(FIXED.length + 1);
  refuseDoubles(samples, path, lines.length);
  return {
    path,
    version,
    lines: lines.length,
    info: declarations(meta, "INFO"),
    format: declarations(meta, "FORMAT"),
    contigs: contigLines(meta),
    reference: valueOf(meta, /^##reference=(.+)$/i),
    caller: callerOf(meta),
    samples,
    hasFormat: fields.length > FIXED.length,
  };
}

/** Whether a line names the columns. */
export function isColumns(line: string | undefined): line is string {
  return line !== undefined && /^#CHROM\b/i.test(line);
}

/** Names of the columns, those of the samples last. A tab at the end names none; behind FORMAT it is a sample without a name. */
export function columnNames(line: string): string[] {
  const names = line.split("\t");
  while (names.at(-1) === "" && names.length !== FIXED.length + 2) names.pop();
  return names;
}

function notVcf(path: string): WorkspaceError {
  return new WorkspaceError({
    code: "source",
    message: "not a VCF: there is no #CHROM line above the records",
    hint: "Give a VCF, whose header ends in a line that starts with #CHROM, or raw data of a genotyping array with the line that names its columns.",
    at: path,
  });
}

function columnsOff(path: string, line: number, columns: string): WorkspaceError {
  const spaces = columns.trim().split(/ +/).length >= FIXED.length;
  return new WorkspaceError({
    code: "source",
    message: spaces
      ? "columns are separated by spaces, a VCF has tabs"
      : `the #CHROM line has ${columns.split("\t").length} columns, a VCF has 8 or more`,
    hint: spaces
      ? "Replace the spaces between columns by tabs; an editor or a web page may have changed them."
      : "Give a complete VCF file.",
    at: `${path}:${line}`,
  });
}

function refuseDoubles(samples: readonly string[], path: string, line: number): void {
  const twice = [...new Set(samples.filter((name, index) => samples.indexOf(name) !== index))];
  if (twice.length === 0) return;
  throw new WorkspaceError({
    code: "source",
    message: `sample names stand twice: ${twice.slice(0, 5).join(", ")}`,
    hint: "Rename the samples, for example with bcftools reheader.",
    at: `${path}:${line}`,
  });
}

function declarations(meta: readonly string[], kind: "INFO" | "FORMAT"): FieldLine[] {
  const found = new Map<string, FieldLine>();
  for (const line of meta) {
    if (!line.startsWith(`##${kind}=`)) continue;
    const { ID: id, Number: number, Type: type } = attributes(line);
    if (id === undefined || found.has(id)) continue;
    found.set(id, { id, number: number ?? ".", type: type ?? "String" });
  }
  return [...found.values()];
}

function contigLines(meta: readonly string[]): ContigLine[] {
  const found = new Map<string, ContigLine>();
  for (const line of meta) {
    if (!line.startsWith("##contig=")) continue;
    const { ID: id, length, assembly } = attributes(line);
    if (id === undefined || found.has(id)) continue;
    const bases = length === undefined ? Number.NaN : Number(length);
    found.set(id, { id, length: Number.isInteger(bases) ? bases : null, assembly: assembly ?? null });
  }
  return [...found.values()];
}

/** The `key=value` pairs between `<` and `>`; quotes are taken off. */
function attributes(line: string): Readonly<Record<string, string>> {
  const inside = line.slice(line.indexOf("=") + 1).replace(/^\s*<|>\s*$/g, "");
  const out: Record<string, string> = {};
  for (const [, key, value] of inside.matchAll(PAIRS)) {
    if (key !== undefined && value !== undefined) out[key] ??= value.trim().replace(/^"|"$/g, "");
  }
  return out;
}

function valueOf(meta: readonly string[], pattern: RegExp): string | null {
  for (const line of meta) {
    const value = pattern.exec(line)?.[1];
    if (value !== undefined) return value;
  }
  return null;
}

function callerOf(meta: readonly string[]): string | null {
  const line = meta.find((text) => TOOL_LINE.test(text));
  if (line?.startsWith("##GATKCommandLine") === true) {
    const { ID: id, Version: version } = attributes(line);
    if (id !== undefined) return [`GATK ${id}`, version].filter(Boolean).join(" ").slice(0, LONGEST_CALLER);
  }
  if (line?.startsWith("##DRAGENVersion") === true) {
    const { Version: version } = attributes(line);
    return `DRAGEN ${version ?? ""}`.trim().slice(0, LONGEST_CALLER);
  }
  const named = line === undefined ? undefined : /^##([A-Za-z]+)_(?:call)?version=(.+)$/i.exec(line);
  if (named?.[1] !== undefined) return `${named[1]} ${named[2] ?? ""}`.slice(0, LONGEST_CALLER);
  return valueOf(meta, /^##source=(.+)$/i)?.slice(0, LONGEST_CALLER) ?? null;
}
