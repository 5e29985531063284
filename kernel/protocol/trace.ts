/** What `trace` answers: where the rows of one site are from, and what came of everything that was looked at there. */
import type { PresenceStatus } from "./annotation.ts";
import { WorkspaceError } from "./error.ts";
import type { AssetKey, PartitionKey } from "./ids.ts";

/** What is traced: an rsID, or a place as people write it, which nothing is folded in yet. */
export type AskedSite =
  | { readonly kind: "rsid"; readonly rsid: string }
  | { readonly kind: "place"; readonly contig: string; readonly start: number };

/** Reads `rs429358`, `19:44908684` or `chr19:44,908,684`; null for anything else. */
export function siteIn(text: string): AskedSite | null {
  const site = text.trim();
  if (/^rs\d+$/i.test(site)) return { kind: "rsid", rsid: site.toLowerCase() };
  const [, contig, digits] = /^([^\s:]+):(\d[\d,]*)$/.exec(site) ?? [];
  const start = Number(digits?.replaceAll(",", ""));
  return contig !== undefined && Number.isSafeInteger(start) ? { kind: "place", contig, start } : null;
}

/** As {@link siteIn}. @throws {WorkspaceError} `usage` for what is none */
export function parseSite(text: string): AskedSite {
  const site = siteIn(text);
  if (site !== null) return site;
  throw new WorkspaceError({
    code: "usage",
    message: `no site: ${text}`,
    hint: "Write an rsID, such as rs429358, or CONTIG:POSITION, 1-based, such as 19:44908684.",
  });
}

/** A genome file that was read for the sample, and whether its lines can be shown. */
export interface TracedFile {
  readonly name: string;
  /**
   * `read` to its end, and it is the file that the rows are from · `changed`: another file by now · `gone`: not there, or
   * no longer of the sample · `failed`: it could not be read.
   */
  readonly state: "read" | "changed" | "gone" | "failed";
  /** What to know of a file that was not read; null otherwise. */
  readonly reason: string | null;
}

/** One line of a genome file. */
export interface TracedLine {
  readonly file: string;
  /** 1-based, in the unpacked text, its header counted. */
  readonly line: number;
  /** Without the columns of other people's samples. */
  readonly text: string;
  /** Columns of other samples that were left out. */
  readonly other_samples: number;
  /** Characters that were left out at the end. */
  readonly cut: number;
  /** Index of the record that it became; null when it became none. */
  readonly record: number | null;
  /** What became of it, such as `kept`, `removed by depth`, `the same call as line 7, which counts`. */
  readonly became: string;
}

/** A record of the genome at, over or beside the site. */
export interface TracedRecord {
  readonly chrom: string | null;
  readonly start: number | null;
  readonly end: number | null;
  /** Identifiers as the file has them; empty for none, null for what was removed. */
  readonly rsid: string | null;
  /** Null, with `alt` and `genotype`, for what was removed: its place alone is kept. */
  readonly ref: string | null;
  readonly alt: string | null;
  /** FILTER; empty for `.`, null for what was removed. */
  readonly filter: string | null;
  /** Alleles as they were read, sorted; empty for a no-call. */
  readonly genotype: readonly string[] | null;
  /** Null when the file states no genotypes. */
  readonly presence: string | null;
  /** Rules that removed it, joined by `,`; null: it was kept. */
  readonly removed_by: string | null;
  /** What became of it, for people. */
  readonly words: string;
}

/** Why an authored row was, or was not, what the person has. */
export type Verdict =
  | "matched"
  | "inferred"
  | "other_genotype"
  | "other_allele"
  | "removed"
  | "no_call"
  | "no_data"
  | "not_comparable"
  | "never_matches"
  | "not_read";

/** One authored genotype of a variant. */
export interface TracedRow {
  /** As authored, such as `A/G` or, phased, `A|G`. */
  readonly genotype: string;
  readonly weight: number | null;
  readonly state: string | null;
  readonly conclusion: string | null;
  readonly verdict: Verdict;
  /** By which rule it matched, or why it did not. */
  readonly reason: string;
}

/** One variant of one module at one place, with everything that the module says of it. */
export interface TracedVariant {
  readonly module: string;
  readonly rsid: string | null;
  readonly chrom: string | null;
  readonly start: number | null;
  readonly ref: string | null;
  readonly gene: string | null;
  readonly status: PresenceStatus;
  /** What the match wrote down of it; null: nothing. */
  readonly detail: string | null;
  /** The status for people, with that. */
  readonly words: string;
  /** In authored order; null when the rows that the match read are no longer kept. */
  readonly rows: readonly TracedRow[] | null;
}

export interface Trace {
  readonly partition: PartitionKey;
  /** As it was asked for. */
  readonly site: string;
  /** The annotations that were looked at; null: there are none. */
  readonly annotations: AssetKey | null;
  readonly records: readonly TracedRecord[];
  /** Records and lines beyond these are left out. */
  readonly cut: boolean;
  /** Null: nobody asked for the lines. */
  readonly input: {
    readonly files: readonly TracedFile[];
    /** In the order of the files. */
    readonly lines: readonly TracedLine[];
  } | null;
  readonly variants: readonly TracedVariant[];
  /** Modules that were not read for this sample, and so say nothing of any site, with the reason. */
  readonly unread: readonly { readonly module: string; readonly reason: string }[];
  /** Why nobody could look, where that is so. */
  readonly could_not_look: readonly string[];
}

/** Whether something that was asked for could not be looked at: that is neither none found nor found. */
export function isIncomplete({ could_not_look: notes, input, variants }: Trace): boolean {
  return (
    notes.length > 0 ||
    (input?.files.some(({ state }) => state !== "read") ?? false) ||
    variants.some(({ rows }) => rows === null)
  );
}
