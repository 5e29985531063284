import * as z from "zod";

import type { Workspace } from "./workspace.ts";

/** What the head of a genome file states: also its build, its caller and how it is packed. Of several, what all state. */
interface GenomeHead {
  /** In file order; empty when the file has no sample columns. */
  readonly samples: readonly string[];
  /** Names of the files that lack the mark of their end. */
  readonly unmarked: readonly string[];
}

const HEAD: z.ZodType<GenomeHead> = z.looseObject({
  samples: z.array(z.string()),
  unmarked: z.array(z.string()).default([]),
});

/**
 * Reads the head of a file that is to become a sample, or of several that are to become one.
 *
 * @throws {WorkspaceError} `source` for what is no genome file, or is on a build that cannot be annotated, and for files that
 *   do not go together
 */
export async function inspectGenome(
  workspace: Pick<Workspace, "kernels">,
  paths: readonly string[],
  signal: AbortSignal,
  role: "work" | "interactive" = "interactive",
): Promise<GenomeHead> {
  const kernel = await workspace.kernels.get(role);
  const parameters = { paths, usable: true };
  return HEAD.parse(await kernel.call("inspect-genome", parameters, { signal }));
}
