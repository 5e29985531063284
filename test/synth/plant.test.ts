import { describe, expect, test } from "vitest";

import type { Call } from "../../kernel/synth/call.ts";
import { plant } from "../../kernel/synth/plant.ts";
import type { PlantedSite } from "../../kernel/synth/planted-site.ts";
import { expectation } from "../../kernel/synth/truth.ts";

import { manySites, plainSite } from "./sites.ts";

const site = plainSite("alpha", "1", 1_000_000, "A", "G");

/** A passing call at the site with the given GT. */
function call(gt: string, changes: Partial<Call["evidence"]> = {}, alts: readonly string[] = ["G"]): Call {
  const evidence = {
    filter: "PASS",
    qual: 400,
    gq: 40,
    dp: 30,
    ad: [15, 15],
    pl: [40, 0, 40],
    ...changes,
  } as const;
  return { position: 1_000_000, ref: "A", alts, gt, evidence };
}

describe("what must come out for a site", () => {
  const cases: [string, Call | null, string][] = [
    ["a call that an authored row states", call("0/1"), "called_match"],
    ["the same call, phased the other way", call("1|0"), "called_match"],
    ["a confirmed reference genotype with a row", call("0/0", { qual: null }), "called_match"],
    ["an allele that no row knows", call("1/2", {}, ["G", "T"]), "called_other_genotype"],
    ["no known allele", call("./."), "no_call"],
    ["one known allele", call("./1"), "half_call"],
    ["no record", null, "no_data"],
    ["a FILTER that does not pass", call("0/1", { filter: "RefCall" }), "filtered"],
    ["nine reads", call("0/1", { dp: 9 }), "filtered"],
    ["QUAL 19.9", call("0/1", { qual: 199 }), "filtered"],
    ["QUAL 20 and ten reads", call("0/1", { qual: 200, dp: 10 }), "called_match"],
    ["no filter applied and no QUAL", call("0/1", { filter: ".", qual: null }), "called_match"],
  ];
  test.each(cases)("%s", (_, record, status) => {
    expect(expectation({ site, call: record }).status).toBe(status);
  });

  test("a reference call without a row of its own is called_hom_ref", () => {
    const rare = { ...site, genotypes: site.genotypes.slice(1) };
    expect(expectation({ site: rare, call: call("0/0") })).toMatchObject({
      status: "called_hom_ref",
      matched: [],
    });
  });

  test("another REF than the module's is not comparable, a module without REF matches", () => {
    expect(expectation({ site: { ...site, ref: "T" }, call: call("0/1") }).status).toBe("not_comparable");
    expect(expectation({ site: { ...site, ref: null }, call: call("0/1") }).status).toBe("called_match");
  });

  test.each([
    ["0/1", "called_other_genotype"],
    ["./.", "no_call"],
    ["0/0", "no_data"],
  ])("a REF that continues the module's with %s is %s", (genotype, status) => {
    const record = { ...call(genotype, { qual: null }), ref: "AC", alts: ["A"] };
    expect(expectation({ site, call: record })).toMatchObject({ status, matched: [] });
  });

  test.each([
    ["is removed", [call("0/1", { dp: 9 })], "filtered"],
    ["is no variant", [call("0/0")], "no_data"],
    ["is a variant", [call("0/1")], "not_comparable"],
    ["is a variant, and another one removed", [call("0/1"), call("0/1", { dp: 9 })], "not_comparable"],
  ])("a site was left out for the next one, whose record %s", (_what, inside, status) => {
    expect(expectation({ site, call: null, inside }).status).toBe(status);
  });

  test("a site without coordinates is not comparable", () => {
    expect(expectation({ site: { ...site, chrom: null, start: null }, call: null }).status).toBe(
      "not_comparable",
    );
  });

  test("every row of one genotype matches, with its weight", () => {
    const rows = [
      { alleles: ["A", "G"], weight: 1 },
      { alleles: ["A", "G"], weight: null },
    ];
    expect(expectation({ site: { ...site, genotypes: rows }, call: call("0/1") }).matched).toEqual(rows);
  });

  test("a genotype authored in homolog order matches nothing", () => {
    const phased = { ...site, genotypes: [{ alleles: ["G", "A"], weight: 1 }] };
    expect(expectation({ site: phased, call: call("1|0") }).status).toBe("called_other_genotype");
  });

  test("all rules that remove a record are named", () => {
    const record = call("0/1", { filter: "LowQual", dp: 3, qual: 15 });
    expect(expectation({ site, call: record }).removedBy).toEqual(["pass_filters", "min_depth", "min_qual"]);
  });
});

describe("planting", () => {
  test("many sites meet every status that a file of variants can give", () => {
    const statuses = new Set(plant(manySites, 1).outcomes.map((outcome) => expectation(outcome).status));
    expect([...statuses].toSorted()).toEqual([
      "called_hom_ref",
      "called_match",
      "called_other_genotype",
      "filtered",
      "half_call",
      "no_call",
      "no_data",
    ]);
  });

  test("two modules share one record, and each has its own expectation", () => {
    const twins = manySites.map((one): PlantedSite => ({ ...one, module: "beta", genotypes: [] }));
    const plan = plant([...manySites, ...twins], 1);
    expect(plan.planted).toBe(plant(manySites, 1).planted);
    for (const [index, { call: first }] of plan.outcomes.slice(0, manySites.length).entries()) {
      expect(plan.outcomes[index + manySites.length]?.call).toBe(first);
    }
    expect(
      plan.outcomes.slice(manySites.length).some((one) => expectation(one).status === "called_match"),
    ).toBe(false);
  });

  test("a site fares the same whatever other sites there are", () => {
    const all = plant(manySites, 1).outcomes;
    const few = plant(manySites.slice(100, 110), 1).outcomes;
    expect(few.map((outcome) => outcome.call)).toEqual(all.slice(100, 110).map((outcome) => outcome.call));
  });

  test("a deletion that reaches over the next site is left out", () => {
    const deletion = { ...plainSite("alpha", "3", 46_373_453, "ACAGTC", "A"), rsid: "rs333" };
    const inside = plainSite("alpha", "3", 46_373_456, "G", "C");
    for (let seed = 0; seed < 30; seed++) {
      const [left, planted] = plant([deletion, inside], seed).outcomes;
      expect(left).toMatchObject({ call: null, inside: [planted?.call].filter(Boolean) });
    }
  });

  test("a deletion on its own is planted with its whole REF", () => {
    const deletion = plainSite("alpha", "3", 46_373_453, "ACAGTC", "A");
    const refs = new Set(
      Array.from({ length: 30 }, (_, seed) => plant([deletion], seed).outcomes[0]?.call?.ref),
    );
    expect(refs).toEqual(new Set(["ACAGTC", undefined]));
  });

  test("modules that differ in REF: one record, which fits one of them", () => {
    const one = plainSite("alpha", "5", 112_767_222, "T", "TA");
    const other = plainSite("alpha", "5", 112_767_222, "TA", "T");
    for (let seed = 0; seed < 30; seed++) {
      const { outcomes } = plant([one, other], seed);
      if (outcomes[0]?.call === null) continue;
      const statuses = outcomes.map((outcome) => expectation(outcome).status);
      const ofTheOther = statuses.filter((status) => ["called_other_genotype", "no_data"].includes(status));
      expect(ofTheOther.length).toBeGreaterThan(0);
    }
  });

  test("an authored allele that is not at the locus is never planted", () => {
    const odd = { ...site, genotypes: [{ alleles: ["A", "T"], weight: 1 }] };
    for (let seed = 0; seed < 60; seed++) {
      const [outcome] = plant([odd], seed).outcomes;
      expect(outcome && expectation(outcome).status).not.toBe("called_match");
    }
  });

  test("on X outside the pseudo-autosomal regions every called genotype is homozygous", () => {
    const onX = Array.from({ length: 100 }, (_, index) =>
      plainSite("alpha", "X", 50_000_000 + index * 1000, "C", "T"),
    );
    for (const { call: record } of plant(onX, 3).outcomes) {
      if (record !== null) expect(new Set(record.gt.split(/[/|]/)).size).toBe(1);
    }
  });

  test("a site on no primary contig, past its end or without coordinates gets no record", () => {
    const lost = [
      plainSite("alpha", "HG2128_PATCH", 1000, "A", "G"),
      plainSite("alpha", "21", 46_709_984, "A", "G"),
      { ...site, chrom: null, start: null },
    ];
    expect(plant(lost, 1)).toMatchObject({ planted: 0, outcomes: lost.map(() => ({ call: null })) });
  });
});
