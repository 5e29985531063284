import { moduleOutcome } from "#protocol/annotation.ts";
import type { AnnotationManifest } from "#protocol/annotation.ts";
import type { AssetRecord } from "#protocol/record.ts";

/**
 * The modules of which annotations say nothing, and why, one sentence for each kind: what is not in the table is not all
 * *none found*. Empty for other assets.
 */
export function unreadModules({ facts }: Pick<AssetRecord, "facts">): readonly string[] {
  if (typeof facts !== "object" || facts === null || !("format" in facts)) return [];
  if (facts.format !== "karyon.annotation/1") return [];
  const modules = (facts as AnnotationManifest).modules.map((module) => ({
    ...module,
    outcome: moduleOutcome(module),
  }));
  const blind = modules
    .filter(({ outcome }) => outcome === "could_not_look")
    .map(({ name }) => `\`${name}\``);
  const out = modules.filter(({ status }) => status !== "annotated");
  return [
    ...out.map(({ name, status, reason }) => `\`${name}\` ${status}: ${reason ?? "no reason was recorded"}`),
    ...(blind.length === 0
      ? []
      : [`could not look for ${blind.join(", ")}: the file says nothing of any of their sites`]),
  ];
}
