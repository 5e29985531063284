import { cp } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { karyon, karyonJson, temporaryFolder } from "../support/karyon.ts";

const NOTEBOOKS = fileURLToPath(new URL("../../notebooks", import.meta.url));

export const SAMPLE = "anna/genome";

/** A workspace with notebooks of its own, so that a test may change them, and a genome annotated in it. */
export async function annotatedWorkspace(): Promise<{ readonly workspace: string; readonly genome: string }> {
  const workspace = await temporaryFolder("cli");
  await cp(NOTEBOOKS, join(workspace, "notebooks"), { recursive: true });
  const genome = join(workspace, "genome.vcf.gz");
  await karyon(workspace, "synth", "--records", "20000", "--seed", "3", "--out", genome);
  await karyon(workspace, "annotate-modules", "--vcf", genome, "--user", "anna");
  return { workspace, genome };
}

interface Why {
  readonly status: {
    readonly state: string;
    readonly causes?: readonly { asset: string; detail?: string }[];
  };
}

/** What `why` says of an asset. */
export async function whyOf(workspace: string, asset: string, ...rest: string[]): Promise<Why["status"]> {
  return (await karyonJson<Why>(workspace, "why", asset, ...rest)).status;
}
