import type { PartitionAttributes } from "./record.ts";

/** The VCFs of a sample: one, or several that hold one genome together, such as SNPs and indels. Pure. */

/** Names that stand in a line; of more, the first and how many follow. */
const MOST_NAMED = 3;

/** Their paths, in the order in which they are read; empty for a sample without a file. */
export function vcfsOf({ vcf }: PartitionAttributes): readonly string[] {
  if (vcf === undefined) return [];
  return typeof vcf === "string" ? [vcf] : vcf;
}

/** Paths as they are kept with a sample: in the order of their names, `chr2` before `chr10`, whatever order they came in. */
export function vcfAttribute(paths: readonly string[]): NonNullable<PartitionAttributes["vcf"]> {
  const inOrder = [...new Set(paths)].toSorted((a, b) => a.localeCompare(b, "en", { numeric: true }));
  const [first] = inOrder;
  return first !== undefined && inOrder.length === 1 ? first : inOrder;
}

/** What each file is called: its name, with its folder where two of them have one name, and its path where that is not enough. */
export function fileNames(paths: readonly string[]): string[] {
  const ways = [/^.*[/\\]/, /^.*[/\\](?=[^/\\]*[/\\])/];
  const names = ways.map((left) => paths.map((path) => path.replace(left, "")));
  return names.find((some) => new Set(some).size === some.length) ?? [...paths];
}

/** `snp.vcf.gz, indel.vcf.gz`, and of many `chr1.vcf.gz and 23 more`. */
export function namesInShort(names: readonly string[]): string {
  if (names.length <= MOST_NAMED) return names.join(", ");
  return `${names[0] ?? ""} and ${names.length - 1} more`;
}
