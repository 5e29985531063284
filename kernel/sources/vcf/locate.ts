import { openText } from "./text.ts";

/** Findings that a line is to blame for. */
export const LINE_FINDINGS = [
  "SHORT_RECORD",
  "BAD_POSITION",
  "GT_INDEX",
  "SYMBOLIC_ALLELE",
  "AMBIGUOUS_ALLELE",
  "QUAL_NAN",
  "UNSORTED",
  "BLANK_LINE",
] as const;
export type LineFinding = (typeof LINE_FINDINGS)[number];

/** What is shown of a field. */
const LONGEST_SHOWN = 40;
const OPEN_ALLELE = /^<(NON_REF|\*|X)>$/i;

/** Columns that a record has to have, and which of them is the sample's; null without samples. */
export interface RecordShape {
  readonly columns: number;
  readonly sampleColumn: number | null;
}

/**
 * Reads a file again, line by line, up to the first line of each finding: `line N: what`. Slow beside the ingest,
 * and so only for files in which something was found; it stops at the last first line.
 *
 * Never gives a genotype.
 */
export async function firstLines(
  path: string,
  wanted: readonly LineFinding[],
  shape: RecordShape,
  signal: AbortSignal,
): Promise<ReadonlyMap<LineFinding, string>> {
  const found = new Map<LineFinding, string>();
  const order = new Order();
  const missing = new Set(wanted);
  let number = 0;
  for await (const line of linesOf(path, signal)) {
    number += 1;
    if (missing.size === 0) break;
    if (line.startsWith("#")) continue;
    for (const [kind, what] of faults(line, shape, missing, order)) {
      if (!missing.delete(kind)) continue;
      found.set(kind, `line ${number}: ${what}`);
    }
  }
  return found;
}

function* faults(
  line: string,
  shape: RecordShape,
  missing: ReadonlySet<LineFinding>,
  order: Order,
): Generator<readonly [LineFinding, string]> {
  if (line === "") {
    yield ["BLANK_LINE", "blank"];
    return;
  }
  const needsSample = missing.has("GT_INDEX") || missing.has("SHORT_RECORD");
  const fields = line.split("\t", needsSample ? shape.columns : 8);
  if (needsSample && fields.length < shape.columns) {
    yield ["SHORT_RECORD", `${fields.length} columns of ${shape.columns}`];
    return;
  }
  const [contig = "", position = "", , ref = "", alt = "", qual = ""] = fields;
  if (!/^(0|[1-9]\d*)$/.test(position) || Number(position) > 0x7fffffff) {
    yield ["BAD_POSITION", `POS is ${shown(position)}`];
    return;
  }
  if (missing.has("UNSORTED") && order.isBehind(contig, Number(position))) {
    yield ["UNSORTED", `${contig}:${position} comes after a later position`];
  }
  if (/^[+-]?nan$/i.test(qual)) yield ["QUAL_NAN", `QUAL is ${qual}`];
  if (missing.has("SYMBOLIC_ALLELE") || missing.has("AMBIGUOUS_ALLELE")) yield* alleleFaults(ref, alt);
  if (missing.has("GT_INDEX") && shape.sampleColumn !== null) {
    const alternates = alt === "." || alt === "" ? 0 : alt.split(",").length;
    const indices = genotype(fields[8] ?? "", fields[shape.sampleColumn] ?? "").match(/\d+/g) ?? [];
    if (indices.some((index) => Number(index) > alternates)) {
      yield ["GT_INDEX", `GT has an index beyond the ${alternates} alternates`];
    }
  }
}

function* alleleFaults(ref: string, alt: string): Generator<readonly [LineFinding, string]> {
  if (ref.length === 1 && alt.length === 1 && "ACGTacgt".includes(ref) && "ACGTacgt".includes(alt)) return;
  const alleles = [ref, ...alt.split(",")];
  if (alleles.some((allele) => OPEN_ALLELE.test(allele))) return;
  const odd = alleles.find((allele, index) => !/^[ACGT*]+$/i.test(allele) && !(index > 0 && alt === "."));
  if (odd === undefined) return;
  yield /[[\]<.]/.test(alt)
    ? ["SYMBOLIC_ALLELE", `allele ${shown(odd)}`]
    : ["AMBIGUOUS_ALLELE", `allele ${shown(odd)}`];
}

function genotype(format: string, sample: string): string {
  return sample.split(":")[format.split(":").indexOf("GT")] ?? "";
}

function shown(text: string): string {
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}

/** Whether positions go on, contig by contig. */
class Order {
  readonly #done = new Set<string>();
  #contig: string | null = null;
  #position = 0;

  isBehind(contig: string, position: number): boolean {
    if (contig !== this.#contig) {
      const back = this.#done.has(contig);
      if (this.#contig !== null) this.#done.add(this.#contig);
      this.#contig = contig;
      this.#position = position;
      return back;
    }
    const behind = position < this.#position;
    this.#position = position;
    return behind;
  }
}

/** Lines without line ends. Latin-1: one byte a character, whatever they hold. */
async function* linesOf(path: string, signal: AbortSignal): AsyncGenerator<string, void, undefined> {
  const text = await openText(path, signal);
  let carry = "";
  try {
    for await (const chunk of text.chunks) {
      const block: string = carry + chunk.toString("latin1");
      let start = 0;
      for (;;) {
        const end = block.indexOf("\n", start);
        if (end < 0) break;
        yield block.slice(start, block.charCodeAt(end - 1) === 0x0d ? end - 1 : end);
        start = end + 1;
      }
      carry = block.slice(start);
    }
    if (carry !== "") yield carry;
  } finally {
    await text.close();
  }
}
