/** What files are called as a sample, and how far they are. Pure. */

import { genomeStem } from "#protocol/genome-name.ts";

/**
 * What files of one sample are called together: what their names begin with, without what stands between it and the
 * rest: `anna.snp.vcf.gz` and `anna.indel.vcf.gz` are `anna`. Empty when they have nothing in common.
 */
export function commonName(names: readonly string[]): string {
  const [first = "", ...more] = names.map((name) => genomeStem(name));
  let length = first.length;
  while (length > 0 && !more.every((name) => name.startsWith(first.slice(0, length)))) length -= 1;
  return first.slice(0, length).replace(/[\s._-]*(?:chr)?[\s._-]*$/i, "");
}

/** Seconds until a transfer is whole, at its rate so far; null before that is known. */
export function transferLeft(sent: number, total: number, seconds: number): number | null {
  if (sent <= 0 || seconds < 0.5) return null;
  return ((total - sent) * seconds) / sent;
}
