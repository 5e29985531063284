import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect, test } from "vitest";

import type { IngestSummary } from "#protocol/annotation.ts";

import type { AnnotateResult } from "../../server/cli/annotate-result.ts";
import { karyon, karyonJson, temporaryFolder } from "../support/karyon.ts";
import { CONTIGS, FIELDS, vcfOf } from "../sources/vcf-case.ts";

const VCF = vcfOf({
  meta: [...CONTIGS, "##contig=<ID=Y,length=57227415>", ...FIELDS],
  records: [
    "1 1000 . A G 50 PASS . GT:DP 0/1:30",
    "Y 2800000 . A G 50 PASS . GT:DP 1:30",
    "Y 2800100 . C T 50 PASS . GT:DP 1:3",
    "Y 2800200 . C T 50 PASS . GT:DP .:30",
    "Y 2800300 . C T 50 PASS . GT:DP 0:30",
  ],
});

test("calls on Y of a sample that is said to be female are told of, and change nothing that is made", async () => {
  const workspace = await temporaryFolder("sex");
  const file = join(workspace, "genome.vcf");
  await writeFile(file, VCF);
  const annotate = (): Promise<AnnotateResult> =>
    karyonJson<AnnotateResult>(workspace, "annotate", file, "-u", "anna", "-m", "vo2max");
  const first = await annotate();
  expect(first).toMatchObject({ partition: "anna/genome", state: "done" });
  expect(first.findings.map(({ kind }) => kind)).not.toContain("Y_CALLED");
  const { record } = await karyonJson<{ record: { facts: IngestSummary } }>(
    workspace,
    "why",
    "user_vcf_normalized",
    "anna/genome",
  );
  // Neither what a rule removed nor no call, nor the reference.
  expect(record.facts.y_calls).toBe(1);

  await karyon(workspace, "partitions", "add", "anna/genome", "--sex", "male");
  expect((await annotate()).findings).toEqual(first.findings);
  await karyon(workspace, "partitions", "add", "anna/genome", "--sex", "female");
  const again = await annotate();
  expect(again.unchanged).toBe(true);
  expect(again.findings).toEqual([...first.findings, { kind: "Y_CALLED", count: 1, first: null }]);
  expect((await karyon(workspace, "annotate", file, "-u", "anna", "-m", "vo2max")).stdout).toContain(
    "Y_CALLED × 1, calls on Y of a sample that is said to be female",
  );
}, 60_000);
