import { count, counted } from "#protocol/numerals.ts";
import type { Trace, TracedLine, TracedVariant } from "#protocol/trace.ts";

import { weight } from "./format.ts";

/** A trace for the terminal: the lines of the file, what the modules say, and what could not be looked at. */
export function traceText(result: Trace): string {
  const { partition, site, annotations, variants, unread, could_not_look: notes, cut } = result;
  const parts = [
    [`${site} of ${partition}`],
    [...recordLines(result), ...(cut ? ["… and more: only the first are told."] : [])],
    variants.flatMap((variant) => variantLines(variant)),
    [
      ...(variants.length === 0 && annotations !== null
        ? [`No module of ${annotations} has a row here.`]
        : []),
      ...unread.map(({ module, reason }) => `${module} was not read, and says nothing: ${reason}`),
      ...notes.map((note) => `Could not look: ${note}.`),
    ],
  ];
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

function recordLines({ records, input, could_not_look: notes }: Trace): string[] {
  const { files = [], lines = [] } = input ?? {};
  // Of a record whose file is not there any more, or whose line nobody asked for, what the table has.
  const without = records.filter((_, index) => !lines.some(({ record }) => record === index));
  const unread = files.filter(({ state }) => state !== "read");
  const what = input === null ? "record" : "line";
  const isNone = unread.length + notes.length + lines.length + records.length === 0;
  return [
    ...unread.map(
      ({ name, state, reason }) =>
        `${state === "failed" ? "Failed to read" : "Could not look into"} ${name}: ${reason}.`,
    ),
    ...lines.flatMap((line) => [`${line.file}, line ${line.line}: ${line.became}`, lineText(line)]),
    ...without.map((record) => `${placeWords(record)}: ${record.words}`),
    ...(isNone ? [`No ${what} of the genome file is here.`] : []),
  ];
}

function lineText({ text, other_samples: others, cut }: TracedLine): string {
  const more = [
    ...(cut > 0 ? [`${count(cut)} more characters`] : []),
    ...(others > 0 ? [`the columns of ${counted(others, "other sample")}`] : []),
  ];
  return `  ${text}${more.length === 0 ? "" : ` … without ${more.join(" and ")}`}`;
}

function placeWords({ chrom, start, ref, alt, rsid }: Trace["records"][number]): string {
  const place = chrom === null || start === null ? (rsid ?? "a record") : `${chrom}:${start}`;
  return ref === null ? place : `${place} ${ref}>${alt === null || alt === "" ? "." : alt}`;
}

function variantLines({ module, rsid, chrom, start, gene, words, rows }: TracedVariant): string[] {
  const place = chrom === null || start === null ? "without a place" : `${chrom}:${start}`;
  const name = [rsid, place, gene].filter((part) => part !== null).join(" ");
  return [
    `${module}, ${name}: ${words}`,
    ...(rows ?? []).map(
      (row) =>
        `  ${row.genotype}  weight ${weight(row.weight)}  ${row.verdict === "matched" || row.verdict === "inferred" ? row.verdict : "not matched"}: ${row.reason}`,
    ),
  ];
}
