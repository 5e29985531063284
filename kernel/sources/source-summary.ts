import { sha256 } from "#notebook/sha256.ts";
import type { SourceFile, SourceSummary } from "#protocol/annotation.ts";
import { namesInShort } from "#protocol/vcf-files.ts";

/** What is told of the files of one sample: of several, the hash is over those of all, in the order in which they are read. */
export function sourceSummary(files: readonly SourceFile[]): SourceSummary {
  const [only] = files;
  if (only !== undefined && files.length === 1) return only;
  return {
    name: namesInShort(files.map(({ name }) => name)),
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    sha256: sha256(files.map((file) => file.sha256).join("\n")),
    files,
  };
}
