import { basename } from "node:path";

import * as z from "zod";

import { nearest } from "#graph/nearest.ts";
import { WorkspaceError } from "#protocol/error.ts";
import { isDimension } from "#protocol/ids.ts";

import { VCF_NAME } from "../dropped-files.ts";
import { count } from "./format.ts";
import type { VerbScope } from "./verb.ts";

const INSPECTION = z.object({ samples: z.array(z.string()) });
/** Names of samples that a question lists. */
const SAMPLES_SHOWN = 12;

/**
 * Sample column of a file of several: `--sample` names the sample and, there, its column too.
 *
 * @throws {WorkspaceError} `usage` when the file has several and none is chosen, or not one of them
 */
export async function columnNamed(
  sample: string | undefined,
  path: string,
  { workspace, signal }: VerbScope,
): Promise<string | undefined> {
  const kernel = await workspace.kernels.get("work");
  const { samples } = INSPECTION.parse(await kernel.call("inspect-vcf", { path }, { signal }));
  if (samples.length < 2) return undefined;
  const near = sample === undefined ? null : nearest(sample, samples);
  if (sample !== undefined && samples.includes(sample)) return sample;
  const shown = samples.slice(0, SAMPLES_SHOWN).join(", ");
  throw new WorkspaceError({
    code: "usage",
    message:
      sample === undefined
        ? `${basename(path)} has ${count(samples.length)} samples, one has to be chosen`
        : `${basename(path)} has no sample ${sample}`,
    hint:
      near === null
        ? `Name one with --sample: ${shown}${samples.length > SAMPLES_SHOWN ? ", …" : ""}.`
        : `Write --sample ${near} if that is what you mean.`,
  });
}

/**
 * The file's name without what says that it is a VCF.
 *
 * @throws {WorkspaceError} `usage` when that cannot be the name of a sample
 */
export function sampleNamedBy(vcf: string): string {
  const name = basename(vcf).replace(VCF_NAME, "") || basename(vcf);
  if (isDimension(name)) return name;
  throw new WorkspaceError({
    code: "usage",
    message: `a sample cannot be called as its file is: ${JSON.stringify(name)}`,
    hint: "Give it a name with --sample.",
  });
}
