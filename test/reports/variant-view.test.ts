import { describe, expect, test } from "vitest";

import type { MatchedRow } from "../../kernel/reports/annotation-files.ts";
import { colourOf, directionOf, signOf, variantView } from "../../kernel/reports/variant-view.ts";
import type { VariantView } from "../../kernel/reports/variant.ts";
import { matched, study } from "./annotation-fixture.ts";

describe("the colour of a weight cell", () => {
  test.each([
    [0.5, "protective", "rgba(0,177,0,0.3)"],
    [-0.5, "risk", "rgba(177,0,0,0.3)"],
    [1, null, "rgba(0,255,0,0.3)"],
    [-1.54, null, "rgba(255,0,0,0.3)"],
    [0.001, null, "rgba(0,100,0,0.3)"],
    [0, "protective", "rgba(0,160,0,0.3)"],
    [0, "risk", "rgba(180,0,0,0.3)"],
    [null, "protective", "rgba(0,160,0,0.3)"],
    [0, "neutral", "transparent"],
    [null, null, "transparent"],
  ])("of %s with direction %s is %s", (weight, direction, colour) => {
    expect(colourOf(weight, direction).colour).toBe(colour);
  });

  test("has one class name for each colour", () => {
    const weights = [-2, -1, -0.5, -0.01, 0.01, 0.5, 1, 2];
    const made = weights.map((weight) => colourOf(weight, null));
    expect(new Set(made.map(({ name }) => name)).size).toBe(new Set(made.map(({ colour }) => colour)).size);
  });
});

test.each([
  [{ direction: "risk", state: "protective", weight: 1 }, "risk"],
  [{ direction: "", state: "protective", weight: -1 }, "protective"],
  [{ direction: null, state: "alt", weight: -0.2 }, "risk"],
  [{ direction: null, state: "alt", weight: 0.2 }, "protective"],
  [{ direction: null, state: "neutral", weight: 0 }, "neutral"],
  [{ direction: null, state: null, weight: null }, null],
])("the direction of %j is %s", (row, direction) => {
  expect(directionOf(row)).toBe(direction);
});

test.each([
  [0.3, "risk", 1],
  [-0.3, "protective", -1],
  [0, "protective", 1],
  [null, "risk", -1],
  [null, null, 0],
])("a weight of %s with direction %s has the sign %s", (weight, direction, sign) => {
  expect(signOf(weight, direction)).toBe(sign);
});

function view(fields: Partial<MatchedRow>, detail: string | null = null): VariantView {
  return variantView(matched(fields), [], detail, "ncbi");
}

function fact(fields: Partial<MatchedRow>, label: string, detail: string | null = null): string | undefined {
  return view(fields, detail).facts.find((one) => one.label === label)?.text;
}

describe("a row", () => {
  test.each([
    [["A", "G"], "het"],
    [["G", "G"], "hom"],
    [["T"], null],
    [[], null],
    [null, null],
  ])("of genotype %j has the zygosity %s", (genotype, zygosity) => {
    expect(view({ genotype }).zygosity).toBe(zygosity);
  });

  test("of one allele on X or Y is hemizygous, on MT it is not", () => {
    const of = (...genotype: string[]): unknown[] =>
      ["X", "Y", "MT"].map((chrom) => view({ chrom, start: 5_000_000, genotype }).zygosity);
    expect(of("T")).toEqual(["hemi", "hemi", null]);
    expect(of("T", "T")).toEqual(["hom", "hemi", null]);
    expect(of("C", "T")).toEqual(["het", "het", "het"]);
    expect(view({ chrom: "Y", start: 20_000, genotype: ["T", "T"] }).zygosity).toBe("hom");
  });

  test("has the filter as people read it", () => {
    expect(fact({ filter: "q10%3Bs50" }, "How it is known")).toContain("filter q10;s50");
  });

  test("keeps a weight that is not stated as null", () => {
    expect(view({ weight: null, state: null })).toMatchObject({
      weight: null,
      sign: 0,
      colour: "transparent",
    });
  });

  test("shows the reference of the file and the alternates of the module", () => {
    expect(view({ ref: "A", module_ref: "C", module_alts: ["G", "T"] })).toMatchObject({
      ref: "A",
      module_alleles: "G/T",
    });
  });

  test("has no fact for a field without a value", () => {
    const labels = view({ phenotype: "", priority: " ", flags: [], effect_size: null }).facts.map(
      (f) => f.label,
    );
    expect(labels).toEqual(["How it is known", "Position", "Direction"]);
  });

  test("says how a called genotype is known", () => {
    expect(fact({}, "How it is known")).toBe(
      "called · filter PASS · depth 38 reads · genotype quality Phred 50 · site quality Phred 51.2",
    );
  });

  test("of a gVCF block states the evidence of the block", () => {
    expect(
      fact({ presence: "hom_ref_block", filter: "", qual: null }, "How it is known", "MIN_DP 23, GQ 50"),
    ).toBe("inside a reference block · MIN_DP 23, GQ 50 · depth 38 reads · genotype quality Phred 50");
  });

  test("of one of two records that disagree says so", () => {
    const detail = "another record of this position calls another genotype";
    expect(fact({}, "How it is known", detail)).toMatch(/^called · another record of this position calls/);
  });

  test("that was inferred says so, with the distance to the nearest call", () => {
    const inferred = { genotype_evidence: "restored_hom_ref", restored_flank_bp: 2060 };
    expect(view(inferred)).toMatchObject({ restored: true, restored_flank_bp: 2060 });
    expect(fact(inferred, "How it is known")).toContain("2,060 bases away");
  });

  test("at several loci is ambiguous, and a recalled coordinate is unverified", () => {
    expect(fact({ locus_count: 2 }, "About the position")).toContain("ambiguous");
    expect(fact({ coordinate_status: "recalled" }, "About the position")).toContain("unverified");
    expect(fact({ locus_count: null }, "About the position")).toBeUndefined();
  });

  test("parts texts that were joined by a pipe", () => {
    expect(fact({ phenotype: "longevity| lifespan |" }, "Phenotype")).toBe("longevity; lifespan");
    expect(fact({ clin_sig: "likely_pathogenic" }, "Clinical classification")).toBe("Likely pathogenic");
  });

  test("carries its studies, linked only by digits", () => {
    const { studies } = variantView(matched(), [study(), study({ pmid: "javascript:1" })], null, "ncbi");
    expect(studies.map(({ url }) => url)).toEqual(["https://pubmed.ncbi.nlm.nih.gov/17478681/", null]);
  });
});
