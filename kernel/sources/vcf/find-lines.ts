import { MOST_LINES } from "../source.ts";
import type { FoundLine, FoundLines, IngestContext, WantedLines } from "../source.ts";
import { eachLine } from "../text/each-line.ts";
import { foldContig } from "./contigs.ts";
import { columnNames, isColumns } from "./header.ts";

const [HASH, TAB, ZERO] = [0x23, 0x09, 0x30];
/** Columns before those of the samples. */
const FIXED_COLUMNS = 9;

/** {@link Source.findLines} of a VCF: by CHROM and POS, or by ID. */
export async function findLines(
  path: string,
  wanted: WantedLines,
  context: IngestContext,
): Promise<FoundLines> {
  const found: FoundLine[] = [];
  let samples: readonly string[] = [];
  // Neighbours mostly lie on one contig: its name is decoded once.
  let contig: Buffer = Buffer.alloc(0);
  let places: ReadonlySet<number> | undefined;
  const take = (text: Buffer, from: number, to: number, line: number): void => {
    if (text[from] === HASH) {
      const header = lineAt(text, from, to);
      if (isColumns(header)) samples = columnNames(header).slice(FIXED_COLUMNS);
      return;
    }
    if (found.length === MOST_LINES) return;
    const afterContig = text.indexOf(TAB, from);
    if (afterContig < 0 || afterContig >= to) return;
    if (!sameBytes(text, from, afterContig, contig)) {
      contig = Buffer.from(text.subarray(from, afterContig));
      places = wanted.places.get(foldContig(contig.toString("utf8")));
    }
    if (places?.has(numberAt(text, afterContig + 1)) !== true && !hasId(text, afterContig, wanted.ids))
      return;
    found.push(foundLine(line, lineAt(text, from, to).split("\t"), samples, wanted.sample));
  };
  const sha256 = await eachLine(path, take, context);
  return { lines: found, sha256 };
}

function lineAt(text: Buffer, from: number, to: number): string {
  return text.toString("utf8", from, to).replace(/\r$/, "");
}

function sameBytes(text: Buffer, from: number, to: number, other: Buffer): boolean {
  return to - from === other.length && text.compare(other, 0, other.length, from, to) === 0;
}

/** The digits from `at` on; what is behind them does not count, as there is nothing else in a POS that was read. */
function numberAt(text: Buffer, at: number): number {
  let value = 0;
  for (let place = at; ; place += 1) {
    const digit = (text[place] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return value;
    value = 10 * value + digit;
  }
}

function hasId(text: Buffer, afterContig: number, ids: ReadonlySet<string>): boolean {
  if (ids.size === 0) return false;
  const from = text.indexOf(TAB, afterContig + 1) + 1;
  const to = text.indexOf(TAB, from);
  return text
    .toString("utf8", from, to)
    .replaceAll(/\brs(?=\d)/gi, "rs")
    .split(";")
    .some((id) => ids.has(id));
}

/** Other people's genotypes are not shown. */
function foundLine(
  line: number,
  fields: readonly string[],
  samples: readonly string[],
  sample: string | null,
): FoundLine {
  const own = samples.length > 1 && sample !== null ? samples.indexOf(sample) : -1;
  const shown =
    own < 0
      ? fields
      : [...fields.slice(0, FIXED_COLUMNS), ...fields.slice(FIXED_COLUMNS + own, FIXED_COLUMNS + own + 1)];
  const [contig = "", position = "", id = "", ref = "", alt = "", , filter = ""] = fields;
  const stated = (value: string): string => (value === "." ? "" : value);
  return {
    line,
    text: shown.join("\t"),
    otherSamples: fields.length - shown.length,
    chrom: foldContig(contig),
    start: Number(position),
    id: stated(id),
    ref: ref.toUpperCase(),
    alt: stated(alt).toUpperCase().replaceAll(",", "|"),
    filter: stated(filter),
    bases: null,
  };
}
