import type { Finding } from "#protocol/annotation.ts";
import type { FindingKind } from "#protocol/finding-words.ts";

/** One of a kind that there are words for. */
export type KnownFinding = Finding & { readonly kind: FindingKind };

/** The findings of several files as one list: of a kind, the count of all, and the first with the name of its file. */
export function findingsOfAll(
  files: readonly { readonly name: string; readonly findings: readonly KnownFinding[] }[],
): readonly KnownFinding[] {
  const [only] = files;
  if (only !== undefined && files.length === 1) return only.findings;
  const found = new Map<FindingKind, KnownFinding>();
  for (const { name, findings } of files) {
    for (const { kind, count, first } of findings) {
      const before = found.get(kind);
      found.set(kind, {
        kind,
        count: count + (before?.count ?? 0),
        first: before?.first ?? (first === null ? name : `${name}: ${first}`),
      });
    }
  }
  return [...found.values()];
}
