import { describe, expect, test } from "vitest";

import { CONTIGS, FIELDS, call, finding, ingested, vcfOf } from "./vcf-case.ts";

const TRIO = vcfOf({
  samples: ["father", "mother", "child"],
  records: ["1 5 . A G 50 PASS . GT:DP 0/0:10 1/1:20 0/1:30", "1 6 . A G 50 PASS . GT:DP 1/1:11 0/0:21"],
});

describe("choice of the sample", () => {
  test("several samples without a choice are a question that lists them", async () => {
    await expect(ingested(TRIO)).rejects.toMatchObject({
      info: {
        code: "usage",
        message: "the file has 3 samples, one has to be chosen: father, mother, child",
        hint: "Name one of them, such as karyon annotate-modules … --sample father, or karyon partitions add … --vcf-sample father.",
      },
    });
  });

  test("the chosen sample's columns are read", async () => {
    const { rows, summary } = await ingested(TRIO, { sample: "mother" });
    expect(rows).toMatchObject([
      { genotype: ["G", "G"], DP: 20 },
      { genotype: ["A", "A"], DP: 21 },
    ]);
    expect(summary.samples).toEqual({ all: ["father", "mother", "child"], chosen: "mother" });
  });

  test("a record that ends before the chosen sample is skipped and counted", async () => {
    const result = await ingested(TRIO, { sample: "child" });
    expect(result.rows).toMatchObject([{ genotype: ["A", "G"], DP: 30 }]);
    expect(finding(result, "SHORT_RECORD")).toEqual({ count: 1, first: "line 17: 11 columns of 12" });
  });

  test("an unknown sample is answered with the nearest name", async () => {
    await expect(ingested(TRIO, { sample: "chlid" })).rejects.toMatchObject({
      info: {
        code: "usage",
        hint: "Did you mean child? Name it, such as karyon annotate-modules … --sample child, or karyon partitions add … --vcf-sample child.",
      },
    });
  });

  test("a name like none of them gets the list alone", async () => {
    await expect(ingested(TRIO, { sample: "HG002345" })).rejects.toMatchObject({
      info: {
        message: "no such sample: HG002345; the file has father, mother, child",
        hint: "Name one of the samples of the file.",
      },
    });
  });

  test("samples that stand twice are refused", async () => {
    const twice = vcfOf({ samples: ["a", "a"], records: [] });
    await expect(ingested(twice)).rejects.toMatchObject({ info: { message: "sample names stand twice: a" } });
  });
});

describe("files without genotypes", () => {
  test("eight columns are sites only: no genotype, no presence", async () => {
    const result = await ingested(vcfOf({ samples: [], records: ["1 5 rs1 A G,T 50 PASS DP=3"] }));
    expect(result.rows).toMatchObject([{ alt: "G|T", DP: 3, genotype: null, presence: null, phased: null }]);
    expect(result.summary).toMatchObject({
      kind: "sites_only",
      presence: {},
      samples: { all: [], chosen: null },
    });
    expect(finding(result, "NO_GENOTYPES")).toEqual({ count: 1, first: null });
  });

  test("a FORMAT without GT states no genotypes", async () => {
    const result = await ingested(vcfOf({ records: ["1 5 . A G 50 PASS . DP:GQ 30:20"] }));
    expect(result.rows).toMatchObject([{ DP: 30, GQ: 20, genotype: null, presence: null }]);
    expect(result.summary.kind).toBe("sites_only");
    expect(finding(result, "NO_GENOTYPES")).not.toBeNull();
  });

  test("a FORMAT column without samples is read as sites", async () => {
    const text = vcfOf({ samples: [], records: ["1 5 . A G 50 PASS . GT"] }).replace(
      "INFO\n",
      "INFO\tFORMAT\n",
    );
    const result = await ingested(text);
    expect(result.rows).toHaveLength(1);
    expect(finding(result, "NO_SAMPLES")).not.toBeNull();
  });

  test("removed sites of a file without genotypes have no presence", async () => {
    const result = await ingested(vcfOf({ samples: [], records: ["1 5 rs1 A G 5 PASS ."] }), {
      filters: { min_qual: 20 },
    });
    expect(result.removed).toEqual([
      { chrom: "1", start: 5, end: 5, presence: null, removed_by: "min_qual" },
    ]);
  });
});

describe("genome build of a file", () => {
  test("another build is refused before a record is read", async () => {
    const meta = ["##contig=<ID=chr21,length=48129895>", ...FIELDS];
    await expect(ingested(vcfOf({ meta, records: [call("0/1")] }))).rejects.toMatchObject({
      info: {
        code: "source",
        message: "genome build is GRCh37: contig chr21 is 48129895 bases long, GRCh38 has 46709983",
      },
    });
  });

  test("another build is refused by the name of a contig that the header does not declare", async () => {
    const old = vcfOf({ meta: FIELDS, records: [call("0/1").replace(/^1/, "NC_000001.10")] });
    await expect(ingested(old)).rejects.toThrow(
      "genome build is GRCh37: by the accession of contig NC_000001.10",
    );
  });

  test("a build that is not stated is another one where a record lies beyond the end of its chromosome", async () => {
    const at = (pos: number): Promise<unknown> =>
      ingested(
        vcfOf({
          meta: FIELDS,
          records: ["chrUn 999999999 . A G 50 PASS . GT 0/1", `chr22 ${pos} . A G 50 PASS . GT 0/1`],
        }),
      );
    await expect(at(50_818_468)).resolves.toBeDefined();
    await expect(at(50_818_469)).rejects.toMatchObject({
      info: {
        code: "source",
        message: "not on GRCh38: a record lies at 22:50818469, and chromosome 22 has 50818468 bases there",
      },
    });
  });

  test("a build that is not stated is a finding", async () => {
    const result = await ingested(vcfOf({ meta: FIELDS, records: [call("0/1")] }));
    expect(result.summary.build.detected).toBeNull();
    expect(finding(result, "BUILD_UNKNOWN")).not.toBeNull();
  });

  test("the old mitochondrion is a finding", async () => {
    const meta = [
      ...CONTIGS.filter((line) => !line.includes("MT")),
      "##contig=<ID=chrM,length=16571>",
      ...FIELDS,
    ];
    const result = await ingested(vcfOf({ meta, records: [call("0/1")] }));
    expect(finding(result, "MT_NOT_COMPARABLE")).not.toBeNull();
  });
});
