import { headText } from "../head-text.ts";
import { MOST_LINES } from "../source.ts";
import type { FoundLine, FoundLines, IngestContext, WantedLines } from "../source.ts";
import { eachLine } from "../text/each-line.ts";
import { noArray } from "./array-files.ts";
import { fieldsOf, isComment, readHead } from "./head.ts";
import { callOf } from "./read-calls.ts";

/** {@link Source.findLines} of a genotyping array: by identifier alone, as its positions are of its own build. */
export async function findLines(
  path: string,
  wanted: WantedLines,
  context: IngestContext,
): Promise<FoundLines> {
  const head = readHead(await headText(path, context.signal));
  if (head === null) throw noArray(path);
  const { separator, rsid, alleles } = head.columns;
  const found: FoundLine[] = [];
  const take = (bytes: Buffer, from: number, to: number, line: number): void => {
    const text = bytes.toString("utf8", from, to).replace(/\r$/, "");
    if (line <= head.lines || isComment(text) || found.length === MOST_LINES) return;
    const fields = fieldsOf(text, separator);
    const id = (fields[rsid] ?? "").trim().replace(/^RS/, "rs");
    if (!wanted.ids.has(id)) return;
    const call = callOf(alleles.map((place) => (fields[place] ?? "").trim().toUpperCase()));
    const place = { chrom: null, start: null, ref: null, alt: null, filter: "" };
    found.push({ line, text, otherSamples: 0, id, ...place, bases: call.alleles });
  };
  return { sha256: await eachLine(path, take, context), lines: found };
}
