import { isAnswered, PRESENCE_STATUSES } from "#protocol/annotation.ts";
import type { PresenceStatus } from "#protocol/annotation.ts";

/** Sites of one status, with the words for it. */
export interface PresenceCount {
  readonly status: PresenceStatus;
  readonly words: string;
  readonly sites: number;
}

const WORDS: Readonly<Record<PresenceStatus, string>> = {
  called_match: "matched",
  called_other_genotype: "called, no statement for the genotype",
  called_hom_ref: "called as reference",
  hom_ref_block: "reference by a block with evidence",
  hom_ref_inferred: "inferred as reference",
  no_call: "no call",
  filtered: "removed by a quality rule",
  half_call: "half called",
  overlapped: "inside a deletion",
  no_data: "not covered",
  not_comparable: "not comparable",
  module_unjoinable: "not joinable",
};

/** Statuses where the file has something at the site and yet gives no answer: worth listing one by one. */
export const UNANSWERED: ReadonlySet<PresenceStatus> = new Set<PresenceStatus>([
  "no_call",
  "filtered",
  "half_call",
  "overlapped",
  "not_comparable",
]);

/** Sites at which the file says which alleles there are. None: nobody could look, which is not the same as none found. */
export function answeredSites(presence: readonly PresenceCount[]): number {
  return presence.reduce((sum, { status, sites }) => (isAnswered(status) ? sum + sites : sum), 0);
}

export function presenceWords(status: PresenceStatus): string {
  return WORDS[status];
}

/** Counts above zero, in the order of {@link PRESENCE_STATUSES}: what was matched first, what cannot be last. */
export function presenceCounts(
  presence: Readonly<Partial<Record<PresenceStatus, number>>>,
): readonly PresenceCount[] {
  return PRESENCE_STATUSES.map((status) => ({
    status,
    words: WORDS[status],
    sites: presence[status] ?? 0,
  })).filter(({ sites }) => sites > 0);
}
