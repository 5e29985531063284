import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Trace } from "#protocol/trace.ts";

import { LocalApi } from "../../server/api.ts";
import { verbs } from "../../server/cli/index.ts";
import { genome } from "../support/genome.ts";
import type { Genome } from "../support/genome.ts";
import { tabbed, vcfOf } from "../sources/vcf-case.ts";

const RECORDS = [
  "chr1 1000 rs11 A G 50 PASS . GT:DP 0/1:30",
  "chr1 1500 . C T 50 PASS . GT:DP 0/1:3",
  "chr1 1600 . G A 50 PASS . GT ./.",
  "chr1 1699 . CA CG 50 PASS . GT:DP 0/1:30",
  "chr1 1800 . C T 50 q10 . GT:DP 0/1:30",
  "chr1 1800 . C T 50 PASS . GT:DP 1/1:30",
  "chr1 1900 . A T 50 PASS . GT:DP 0/1:30",
  "chr1 3000 rs77;rs78 G C 5 PASS . GT:DP 0/1:30",
];
const VCF = vcfOf({ records: RECORDS });
const HEADER_LINES = vcfOf({ records: [] }).split("\n").length - 1;

const CELLS = `
\`\`\`yaml rules config
pass_filters: [PASS, "."]
min_depth: 10
min_qual: 20
\`\`\`

\`\`\`yaml strict_variants normalise
source: user_vcf_source
filters: rules
\`\`\`

\`\`\`yaml wide module
module: {name: wide, title: Wide, weighting: own scale}
variants:
  - {rsid: rs20, genotype: A/G, weight: 1, state: protective, conclusion: one copy}
  - {rsid: rs20, genotype: G/G, weight: 2, state: protective, conclusion: two copies}
  - {rsid: rs20, genotype: G|A, weight: 2, state: protective, conclusion: in order}
  - {rsid: rs21, genotype: C/T, weight: 1, state: protective, conclusion: one copy}
  - {rsid: rs22, genotype: A/G, weight: 1, state: protective, conclusion: one copy}
  - {rsid: rs23, genotype: A/G, weight: 1, state: protective, conclusion: one copy}
  - {rsid: rs24, genotype: A/C, weight: 1, state: protective, conclusion: one copy}
  - {rsid: rs25, genotype: T/T, weight: 1, state: protective, conclusion: the reference}
  - {rsid: rs26, genotype: C/T, weight: 1, state: protective, conclusion: one copy}
studies:
${["rs20", "rs21", "rs22", "rs23", "rs24", "rs25", "rs26"].map((id) => `  - {rsid: ${id}, pmid: 11, conclusion: A study}`).join("\n")}
resolution:
  - {rsid: rs20, chrom: 1, start: 1000, ref: A, alts: G, status: verified}
  - {rsid: rs21, chrom: 1, start: 1500, ref: C, alts: T, status: verified}
  - {rsid: rs22, chrom: 1, start: 1600, ref: G, alts: A, status: verified}
  - {rsid: rs23, chrom: 1, start: 1700, ref: A, alts: G, status: verified}
  - {rsid: rs24, chrom: 1, start: 1900, ref: A, alts: C, status: verified}
  - {rsid: rs25, chrom: 1, start: 2500, ref: T, alts: C, status: verified}
  - {rsid: rs26, chrom: 1, start: 1800, ref: C, alts: T, status: verified}
\`\`\`

\`\`\`yaml wide_modules modules
use: [wide]
\`\`\`

\`\`\`yaml wide_annotations annotate
variants: strict_variants
modules: wide_modules
\`\`\`

\`\`\`sql wide_hits asset
select chrom, start, rsid from wide_annotations
\`\`\`
`;

let person: Genome;

beforeAll(async () => {
  person = await genome(CELLS, VCF);
  await person.make("wide_hits");
}, 60_000);
afterAll(() => person.close());

async function trace(site: string, more: object = {}): Promise<Trace> {
  const api = new LocalApi(person.workspace, verbs);
  const context = { signal: new AbortController().signal, progress: () => {} };
  return (await api.verb("trace", { partition: "anna/s", site, ...more }, context)) as Trace;
}

/** Verdict and reason of each authored row. */
function judged({ variants }: Trace): Record<string, string> {
  return Object.fromEntries(
    variants.flatMap(({ rsid, rows }) =>
      (rows ?? []).map(({ genotype, verdict, reason }) => [`${rsid} ${genotype}`, `${verdict}: ${reason}`]),
    ),
  );
}

/** Line of a record, by its place among them. */
function line(record: number): object {
  return { line: HEADER_LINES + record + 1, text: tabbed(RECORDS[record] ?? "") };
}

describe("a row of annotations", () => {
  test("leads to the line of the genome file, and to what each authored genotype came to", async () => {
    const found = await trace("1:1000");
    expect(found).toMatchObject({
      annotations: "wide_annotations",
      input: { files: [{ name: "genome.vcf", state: "read" }] },
      could_not_look: [],
    });
    expect(found.input?.lines).toMatchObject([{ ...line(0), record: 0, file: "genome.vcf" }]);
    expect(found.records).toMatchObject([
      { genotype: ["A", "G"], words: "kept: read as A/G, a variant is called" },
    ]);
    expect(judged(found)).toEqual({
      "rs20 A/G": "matched: by position, reference allele and genotype",
      "rs20 G/G": "other_genotype: the genotype here is A/G",
      "rs20 G|A": "never_matches: told apart by the order of the two copies, which a file does not state",
    });
  });

  test("is found by the rsID of the module and by that of the file alike", async () => {
    for (const site of ["rs20", "rs11", "chr1:1,000"]) {
      const found = await trace(site);
      expect(found.input?.lines).toMatchObject([line(0)]);
      expect(Object.keys(judged(found))).toHaveLength(3);
    }
  });

  test("whose record is spelled otherwise leads to that record, from the place of either", async () => {
    for (const site of ["1:1699", "1:1700", "rs23"]) {
      const found = await trace(site);
      expect(found.input?.lines).toMatchObject([line(3)]);
      expect(judged(found)["rs23 A/G"]).toBe(
        "matched: the same change, which the file has at 1:1699 with other bases around it",
      );
    }
  });

  test("of a table that is made from annotations is traced by its place", async () => {
    expect(await trace("1:1000", { asset: "wide_hits" })).toMatchObject({ annotations: "wide_annotations" });
  });
});

describe("a candidate that was rejected says why", () => {
  test("removed by a quality rule", async () => {
    const found = await trace("rs21");
    expect(found.records).toMatchObject([{ removed_by: "min_depth", words: "removed by depth" }]);
    expect(found.input?.lines).toMatchObject([{ ...line(1), became: "removed by depth", record: 0 }]);
    expect(judged(found)).toEqual({ "rs21 C/T": "removed: the record here was removed by depth" });
  });

  test("no call", async () => {
    const found = await trace("rs22");
    expect(found.input?.lines).toMatchObject([{ ...line(2), became: "kept: no call" }]);
    expect(judged(found)).toEqual({ "rs22 A/G": "no_call: the file has no call here" });
  });

  test("another allele", async () => {
    expect(judged(await trace("rs24"))).toEqual({
      "rs24 A/C": "other_allele: the genotype here is A/T, and the module knows no allele T here",
    });
  });

  test("nothing there, and why the reference is not inferred", async () => {
    const found = await trace("rs25");
    expect(found.input?.lines).toEqual([]);
    expect(judged(found)["rs25 T/T"]).toMatch(
      /^no_data: nothing in the file covers the site, and the reference is not inferred: the file is targeted/,
    );
  });

  test("of two lines at one position, that which the rules removed is told from the other", async () => {
    const found = await trace("rs26");
    expect(found.input?.lines).toMatchObject([
      { ...line(4), became: "removed by the caller's filter" },
      { ...line(5), became: "kept: read as T/T, a variant is called" },
    ]);
  });
});

describe("none found, and could not look", () => {
  test("a place of which nothing is said is none found", async () => {
    expect(await trace("1:5")).toMatchObject({
      records: [],
      variants: [],
      input: { files: [{ state: "read" }], lines: [] },
      could_not_look: [],
    });
  });

  test("an rsID of a record that a rule removed is found by its line alone", async () => {
    const found = await trace("rs78");
    expect(found.records).toMatchObject([{ start: 3000, words: "removed by quality" }]);
    expect(found.input?.lines).toMatchObject([{ ...line(7), record: 0 }]);
    expect((await trace("rs78", { lines: false })).could_not_look).toEqual([
      "of records that a rule removed the rsID is not kept: the lines of the genome file would show it",
    ]);
  });

  test("without lines, the file is not read and the rest is there", async () => {
    const found = await trace("rs20", { lines: false });
    expect(found.input).toBeNull();
    expect(found.records).toHaveLength(1);
    expect(Object.keys(judged(found))).toHaveLength(3);
  });

  test("a file that is another one now shows none of its lines", async () => {
    const path = join(person.root, "genome.vcf");
    // Of the same size: only its content tells.
    await writeFile(path, VCF.replace("0/1:30", "1/1:30"));
    const found = await trace("rs20");
    await writeFile(path, VCF);
    expect(found.input).toEqual({
      files: [
        {
          name: "genome.vcf",
          state: "changed",
          reason: "it is another file than the one that was read, and its lines are others",
        },
      ],
      lines: [],
    });
    expect(found.records).toHaveLength(1);
  });

  test("a file that is gone says so", async () => {
    const path = join(person.root, "genome.vcf");
    await rename(path, `${path}.away`);
    const found = await trace("rs20");
    await rename(`${path}.away`, path);
    expect(found.input?.files).toMatchObject([{ state: "gone" }]);
    expect(Object.keys(judged(found))).toHaveLength(3);
  });

  test("what is no site is a misuse", async () => {
    await expect(trace("TP53")).rejects.toThrow("no site: TP53");
    await expect(trace("rs20", { module: "wider" })).rejects.toThrow("no module of wide_annotations: wider");
  });
});

test("annotations of another module are chosen by their name once there are two", async () => {
  await person.make("user_hf_module_annotations");
  await expect(trace("rs11")).rejects.toThrow("there are several");
  const found = await trace("rs11", { asset: "user_hf_module_annotations" });
  expect(judged(found)).toEqual({ "rs11 A/G": "matched: by position, reference allele and genotype" });
});

test("a row of variants that were read anew is not held against annotations of those before", async () => {
  const path = join(person.root, "genome.vcf");
  await writeFile(path, VCF.replace("rs11\tA\tG", "rs11\tA\tC"));
  await person.make("strict_variants");
  const ofVariants = await trace("1:1000", { asset: "strict_variants" });
  expect(ofVariants.records).toMatchObject([{ alt: "C" }]);
  expect(ofVariants.input?.files).toMatchObject([{ state: "read" }]);
  expect(ofVariants.could_not_look).toEqual([
    "wide_annotations was made from an earlier version of strict_variants: make it again",
  ]);
  // The annotations are still of the file that was.
  const ofAnnotations = await trace("1:1000", { asset: "wide_annotations" });
  expect(ofAnnotations.records).toMatchObject([{ alt: "G" }]);
  expect(ofAnnotations.input?.files).toMatchObject([{ state: "changed" }]);
  await writeFile(path, VCF);
  await person.make("strict_variants");
  expect(await trace("1:1000", { asset: "strict_variants" })).toMatchObject({
    annotations: "wide_annotations",
    could_not_look: [],
  });
});

test("modules that are no longer kept leave their rows open, and say so", async () => {
  const weights = person.file("wide_modules", "wide/weights.parquet");
  await rename(weights, `${weights}.away`);
  const found = await trace("rs20", { asset: "wide_annotations", lines: false });
  await rename(`${weights}.away`, weights);
  expect(found.variants).toMatchObject([{ status: "called_match", rows: null }]);
  expect(found.could_not_look).toEqual([
    "the modules as they were then are no longer kept: of their rows, what matched is known alone",
  ]);
});

test("a site inside a block leads to the line of the block, which lists no other sample", async () => {
  const block = "chr1 900 . G <NON_REF> . . END=2100 GT:MIN_DP:GQ 0/0:25:50";
  const other = await genome("", vcfOf({ samples: ["S", "T"], records: [`${block} 0/1:1:1`] }));
  try {
    other.workspace.setPartition(other.partition, {
      ...other.workspace.attributes(other.partition),
      vcf_sample: "S",
    });
    await other.make("user_hf_module_annotations");
    const api = new LocalApi(other.workspace, verbs);
    const context = { signal: new AbortController().signal, progress: () => {} };
    const found = (await api.verb("trace", { partition: "anna/s", site: "rs12" }, context)) as Trace;
    expect(found.input?.lines).toEqual([
      {
        file: "genome.vcf",
        line: HEADER_LINES + 1,
        text: tabbed(block),
        other_samples: 1,
        cut: 0,
        record: 0,
        became: "kept: read as G/G, a block of reference calls with evidence",
      },
    ]);
    expect(judged(found)).toEqual({
      "rs12 C/C": "other_genotype: the site lies in a block of reference calls (MIN_DP 25, GQ 50)",
    });
  } finally {
    await other.close();
  }
});

test("a genome that is not annotated has its lines all the same", async () => {
  const other = await genome("", VCF);
  try {
    await other.make("user_vcf_normalized");
    const api = new LocalApi(other.workspace, verbs);
    const context = { signal: new AbortController().signal, progress: () => {} };
    expect(await api.verb("trace", { partition: "anna/s", site: "1:1000" }, context)).toMatchObject({
      annotations: null,
      input: { lines: [line(0)] },
      variants: [],
      could_not_look: ["the sample is not annotated: no module was held against it"],
    });
    await rm(join(other.root, "genome.vcf"));
  } finally {
    await other.close();
  }
});
