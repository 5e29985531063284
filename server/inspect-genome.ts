import * as z from "zod";

import type { Workspace } from "./workspace.ts";

/** What the head of a genome file states: also its build, its caller and how it is packed. */
interface GenomeHead {
  /** In file order; empty when the file has no sample columns. */
  readonly samples: readonly string[];
}

const HEAD: z.ZodType<GenomeHead> = z.looseObject({ samples: z.array(z.string()) });

/**
 * Reads the head of a file that is to become a sample.
 *
 * @throws {WorkspaceError} `source` for what is no VCF, or is on a build that cannot be annotated
 */
export async function inspectGenome(
  workspace: Workspace,
  path: string,
  signal: AbortSignal,
): Promise<GenomeHead> {
  const kernel = await workspace.kernels.get("interactive");
  const parameters = { path, usable: true };
  return HEAD.parse(await kernel.call("inspect-vcf", parameters, { signal }));
}
