import { WorkspaceError } from "#protocol/error.ts";

import { headText } from "./head-text.ts";
import { sources } from "./index.ts";
import type { Source } from "./source.ts";

/**
 * The kind of genome file that the files of one sample are, by what they hold: a name proves nothing.
 *
 * @throws {WorkspaceError} `source` when there is no such file, when it is packed in a way that we do not unpack, or
 *   when the files are of several kinds
 */
export async function sourceOf(paths: readonly string[], signal: AbortSignal): Promise<Source> {
  const found = new Set<Source>();
  for (const path of paths) {
    const head = await headText(path, signal);
    const source = sources.find((one) => one.recognises(head));
    if (source !== undefined) found.add(source);
  }
  const [source, other] = found;
  if (source === undefined) throw new Error("no source takes what no other takes");
  if (other === undefined) return source;
  throw new WorkspaceError({
    code: "source",
    message: "a VCF and raw data of a genotyping array are not one sample",
    hint: "Make a sample of each.",
    at: paths[0] ?? "",
  });
}
