import { escapeSegment } from "./escape-segment.ts";
import { dimensions, WHOLE } from "./ids.ts";
import type { PartitionKey } from "./ids.ts";

/**
 * A partition in the name of a file: `anna.my_genome`. Two partitions have two names: the first dot ends the user, whose
 * own are escaped, as everything is that a file system may refuse.
 */
export function partitionName(partition: PartitionKey): string {
  const { user, sample } = dimensions(partition);
  return `${undotted(escapeSegment(user))}.${escapeSegment(sample)}`;
}

/** A file of a partition beside those of others: `report.html` as `report.anna.my_genome.html`. */
export function withPartition(file: string, partition: PartitionKey): string {
  if (partition === WHOLE) return file;
  // Before all endings: an index is looked for beside its file, `x.vcf.gz.tbi` of `x.vcf.gz`.
  return file.replace(/(?<=.)\.|$/, (dot) => `.${partitionName(partition)}${dot}`);
}

/** A part of a name in which dots stand between parts. */
export function undotted(part: string): string {
  return part.replaceAll(".", "%2E");
}
