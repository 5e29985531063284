import { findingsOf } from "#protocol/annotation.ts";
import type { IngestSummary } from "#protocol/annotation.ts";
import { findingWords } from "#protocol/finding-words.ts";
import type { FindingKind } from "#protocol/finding-words.ts";
import { count } from "#protocol/numerals.ts";
import type { PartitionView } from "#protocol/view.ts";

/** What bears on everything that is said of the person. All others are in the record, and in the report. */
const DECISIVE: ReadonlySet<string> = new Set<FindingKind>([
  "RULE_REMOVES_MOST",
  "MAYBE_TRUNCATED",
  "NO_SAMPLES",
  "NO_GENOTYPES",
  "IMPUTED",
  "BUILD_UNKNOWN",
  "MT_NOT_COMPARABLE",
  "FILES_DISAGREE",
  "RSID_CONFLICT",
  "Y_CALLED",
]);

export interface FileFinding {
  readonly kind: string;
  /** What it means, and where it was first seen, or how often. */
  readonly sentence: string;
}

/** What a reader of the table of variants must know of the file, beside what its person says of the sample. */
export function decisiveFindings(ingest: IngestSummary, sex: PartitionView["sex"]): FileFinding[] {
  return findingsOf(ingest, sex)
    .filter(({ kind }) => DECISIVE.has(kind))
    .map(({ kind, count: times, first }) => {
      const more = first ?? (times > 1 ? `${count(times)} times` : null);
      const words = findingWords(kind) ?? kind;
      return { kind, sentence: more === null ? words : `${words} · ${more}` };
    });
}
