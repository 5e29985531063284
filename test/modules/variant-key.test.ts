import { describe, expect, test } from "vitest";

import { placeKey } from "../../kernel/modules/variants.ts";
import { alleleId } from "../../kernel/modules/vrs.ts";

// Identifiers as other software made and published them for these alleles.
describe("the GA4GH identifier of a substitution", () => {
  test.each([
    ["rs429358 C", "19", 44_908_684, "C", "ga4gh:VA.NsWfIPdbQ9LWo4Z5f9lIhMW87kZCtrEc"],
    ["rs2802292 T", "6", 108_587_315, "T", "ga4gh:VA.fpT7pxOvs4veTsG7gQcATmU5FexrdQV2"],
    ["rs1421085 C", "16", 53_767_042, "C", "ga4gh:VA.bOhSAZEn2SyF0zRTm8qPNCacdYzZ9RhI"],
  ])("of %s is the published one", (_name, chrom, start, alt, id) => {
    expect(alleleId(chrom, start, alt)).toBe(id);
  });

  test("is not given on a patch", () => {
    expect(alleleId("HG2072_PATCH", 5, "C")).toBeNull();
  });
});

describe("a variant without an rsID", () => {
  test("that is a substitution with one alternate has its GA4GH identifier for a key", () => {
    const key = placeKey({ chrom: "19", start: 44_908_684, ref: "T", alts: ["C"] });
    expect(key).toBe("ga4gh:VA.NsWfIPdbQ9LWo4Z5f9lIhMW87kZCtrEc");
  });

  test.each([
    ["several alternates, sorted", { ref: "T", alts: ["G", "C"] }, "19:5:T:C,G"],
    ["a deletion", { ref: "TA", alts: ["T"] }, "19:5:TA:T"],
    ["no alternates stated", { ref: "T", alts: null }, "19:5:T"],
    ["nothing stated", { ref: null, alts: null }, "19:5:"],
  ])("with %s is named by its place", (_what, alleles, key) => {
    expect(placeKey({ chrom: "19", start: 5, ...alleles })).toBe(key);
  });
});
