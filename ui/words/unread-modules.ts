import { moduleOutcome, silenceWords } from "#protocol/annotation.ts";
import type { AnnotationManifest, ModuleResult } from "#protocol/annotation.ts";
import type { AssetRecord } from "#protocol/record.ts";

/**
 * The modules of which annotations say nothing, and why, one sentence for each reason: what is not in the table is not all
 * *none found*. Empty for other assets.
 */
export function unreadModules({ facts }: Pick<AssetRecord, "facts">): readonly string[] {
  if (typeof facts !== "object" || facts === null || !("format" in facts)) return [];
  if (facts.format !== "karyon.annotation/1") return [];
  const told = new Map<string, string[]>();
  for (const module of (facts as AnnotationManifest).modules) {
    const words = unreadWords(module);
    if (words !== null) told.set(words, [...(told.get(words) ?? []), `\`${module.name}\``]);
  }
  return [...told].map(([words, names]) => `${names.join(", ")} ${words}`);
}

function unreadWords(module: ModuleResult): string | null {
  if (module.status !== "annotated") return `${module.status}: ${module.reason ?? "no reason was recorded"}`;
  return moduleOutcome(module) === "could_not_look"
    ? `could not be looked for: ${silenceWords(module)} at any of the sites`
    : null;
}
