import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import type { AnnotationManifest } from "#protocol/annotation.ts";

import { genome, VCF } from "../support/genome.ts";
import type { Genome } from "../support/genome.ts";

const QUALITY = `
\`\`\`yaml quality config
min_qual: 1
\`\`\`
`;
const NOTES = `
\`\`\`sql notes asset
select "NOTE" as note, upper("NOTE") as loud, chrom from user_vcf_normalized
\`\`\`

\`\`\`sql notes_again asset
select chrom, note from notes order by note
\`\`\`
`;
const ANNOTATIONS = "user_hf_module_annotations";

let made: Genome;

beforeEach(async () => {
  made = await genome(QUALITY + NOTES);
  await made.edit("source: user_vcf_source", "source: user_vcf_source\nfilters: quality");
  await made.make(ANNOTATIONS);
});

afterEach(() => made.close());

/** What the annotations tell of the file that they were made from. */
async function told(): Promise<AnnotationManifest["ingest"]> {
  await made.make(ANNOTATIONS);
  return (made.record(ANNOTATIONS).facts as AnnotationManifest).ingest;
}

test("annotations tell the filters of now, also when those remove what the ones before removed", async () => {
  await made.edit("min_qual: 1", "min_qual: 2");
  expect((await told()).quality_filters).toEqual({ min_qual: 2 });
});

test("annotations tell the build that the header of now states, also when the records are the same", async () => {
  await writeFile(join(made.root, "genome.vcf"), VCF.replaceAll(/##contig.*\n/g, ""));
  expect((await told()).build.detected).toBeNull();
});

/** Columns of a table whose text is percent-encoded, as its record says. */
function encoded(asset: string): readonly string[] {
  return made.record(asset).columns.flatMap((one) => (one.encoded === true ? [one.name] : []));
}

test("the record of a VCF 4.3 says which columns are percent-encoded, that of an older one none", async () => {
  expect(encoded("user_vcf_normalized")).toEqual([]);
  await writeFile(join(made.root, "genome.vcf"), VCF.replace("VCFv4.2", "VCFv4.3"));
  await made.make(ANNOTATIONS);
  expect(encoded("user_vcf_normalized")).toEqual(["filter", "NOTE"]);
});

test("so does that of a table with copies of them, however many lie between", async () => {
  await writeFile(join(made.root, "genome.vcf"), VCF.replace("VCFv4.2", "VCFv4.3"));
  await made.make("notes_again");
  expect([encoded("notes"), encoded("notes_again")]).toEqual([["note"], ["note"]]);
});
