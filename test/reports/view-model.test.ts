import { describe, expect, test } from "vitest";

import type { AnnotationManifest } from "#protocol/annotation.ts";

import type { Annotations, MatchedRow, SiteRow } from "../../kernel/reports/annotation-files.ts";
import { PATHWAYS } from "../../kernel/reports/pathways.ts";
import type { ReportView } from "../../kernel/reports/report-view.ts";
import { buildView } from "../../kernel/reports/view-model.ts";
import { FACTS, ingest, manifestOf, matched, moduleResult, site, study } from "./annotation-fixture.ts";

function viewOf(
  rows: readonly MatchedRow[],
  names: readonly string[],
  more: Partial<Annotations> = {},
): ReportView {
  const manifest = manifestOf(names.map((name) => moduleResult(name, rows)));
  return buildView({ manifest, rows, studies: [], sites: [], ...more }, FACTS);
}

const longevity = (fields: Partial<MatchedRow>): MatchedRow => matched({ module: "longevitymap", ...fields });

function titled(manifest: AnnotationManifest): string {
  return buildView({ manifest, rows: [], studies: [], sites: [] }, FACTS).report_title;
}

describe("the title", () => {
  test("is the module's own for one module", () => {
    expect(titled(manifestOf([moduleResult("coronary")]))).toBe("coronary report");
  });

  test("is the general one for several, a failed one counted", () => {
    const failed = moduleResult("vo2max", [], { status: "failed", reason: "no" });
    expect(titled(manifestOf([moduleResult("coronary"), failed]))).toBe("Genomic Annotation Report");
  });

  test("is the general one for none", () => {
    expect(titled(manifestOf([]))).toBe("Genomic Annotation Report");
  });
});

describe("the longevity section", () => {
  test("has the twelve pathways, those with variants first, each group in order", () => {
    const rows = [longevity({ category: "mtor" }), longevity({ category: "insulin" })];
    const keys = viewOf(rows, ["longevitymap"]).longevity?.categories.map(({ key }) => key);
    const rest = PATHWAYS.map(({ key }) => key).filter((key) => key !== "insulin" && key !== "mtor");
    expect(keys).toEqual(["insulin", "mtor", ...rest]);
  });

  test("puts a missing and an unknown category into other, and into the totals", () => {
    const rows = [longevity({ category: null }), longevity({ category: "telomeres" })];
    const section = viewOf(rows, ["longevitymap"]).longevity;
    expect(section?.categories[0]).toMatchObject({ key: "other", total_count: 2 });
    expect(section?.summary.total_variants).toBe(2);
  });

  test("counts the sites of each pathway and those that answer, of its own alone", () => {
    const own = { module: "longevitymap", category: "mtor" };
    const sites = [
      site({ ...own, status: "called_hom_ref" }),
      site({ ...own, status: "filtered" }),
      site({ ...own, category: "telomeres", status: "no_data" }),
      site({ ...own, category: null, status: "hom_ref_block" }),
      site({ ...own, module: "coronary" }),
    ];
    const counts = (given: typeof sites): unknown =>
      viewOf([], ["longevitymap", "coronary"], { sites: given })
        .longevity?.categories.filter(({ key }) => ["lipids", "mtor", "other"].includes(key))
        .map(({ key, sites: all, answered }) => [key, all, answered]);
    expect(counts(sites)).toEqual([
      ["lipids", 0, 0],
      ["mtor", 2, 1],
      ["other", 2, 1],
    ]);
    // Annotations of before do not say of which pathway a site is.
    const before = sites.map(({ category: _none, ...rest }) => rest);
    expect(counts(before)).toEqual([
      ["lipids", null, null],
      ["mtor", null, null],
      ["other", null, null],
    ]);
  });

  test("sorts a pathway by the size of the weight, ties in the order given", () => {
    const rows = [
      longevity({ rsid: "rs1", weight: 0.5 }),
      longevity({ rsid: "rs2", weight: null }),
      longevity({ rsid: "rs3", weight: -1 }),
      longevity({ rsid: "rs4", weight: -0.5 }),
    ];
    const ids = viewOf(rows, ["longevitymap"]).longevity?.categories[0]?.variants.map(({ rsid }) => rsid);
    expect(ids).toEqual(["rs3", "rs1", "rs4", "rs2"]);
  });

  test("is not there when the module was not annotated", () => {
    const manifest = manifestOf([moduleResult("longevitymap", [], { status: "skipped", reason: "no key" })]);
    const view = buildView({ manifest, rows: [], studies: [], sites: [] }, FACTS);
    expect(view.longevity).toBeNull();
    expect(view.module_exclusions).toMatchObject([
      { name: "longevitymap", status: "skipped", reason: "no key" },
    ]);
  });
});

describe("totals", () => {
  test("leave inferred rows out and count them apart", () => {
    const rows = [
      matched({ weight: 0.1, sign: 1 }),
      matched({ weight: 0.2, sign: 1 }),
      matched({ weight: -5, genotype_evidence: "restored_hom_ref" }),
    ];
    expect(viewOf(rows, ["coronary"]).other_modules[0]?.summary).toEqual({
      total_variants: 2,
      total_positive: 2,
      total_negative: 0,
      total_weighted: 2,
      total_weight: 0.3,
      total_restored: 1,
    });
  });

  test("of rows without weights have no net weight, and take the sign from the direction", () => {
    const rows = [matched({ weight: null, state: "protective" }), matched({ weight: null, state: "risk" })];
    expect(viewOf(rows, ["coronary"]).other_modules[0]?.summary).toMatchObject({
      total_positive: 1,
      total_negative: 1,
      total_weight: null,
    });
  });
});

test("rows of a module that the manifest does not list are left out", () => {
  const view = viewOf([matched(), matched({ module: "earlier_run" })], ["coronary"]);
  expect(view.other_modules.map(({ module_name }) => module_name)).toEqual(["coronary"]);
});

test("a table that does not hold the rows its manifest counts is refused", () => {
  const manifest = manifestOf([moduleResult("coronary", [matched(), matched()])]);
  expect(() => buildView({ manifest, rows: [matched()], studies: [], sites: [] }, FACTS)).toThrow(
    "rows of coronary disagree with the manifest: 1 matched and 0 inferred, not 2 and 0",
  );
});

test("studies join by rsID, else by position and reference of the module", () => {
  const rows = [
    matched(),
    matched({ rsid: null, start: 7, module_ref: "AT" }),
    // The record spells with other bases around it what the module has at 10.
    matched({ rsid: null, start: 8, ref: "GGA", module_start: 10, module_ref: "A" }),
  ];
  const studies = [
    study({ pmid: "1" }),
    study({ pmid: "5", rsid: null, start: 10, ref: "A" }),
    study({ pmid: "2", rsid: null, start: 7, ref: "AT" }),
    study({ pmid: "3", rsid: null, start: 7, ref: "G" }),
    study({ pmid: "4", module: "vo2max" }),
  ];
  const found = viewOf(rows, ["coronary"], { studies }).other_modules[0]?.variants;
  expect(found?.map((variant) => variant.studies.map(({ pmid }) => pmid))).toEqual([["1"], ["2"], ["5"]]);
});

test("positions are counted once, however many modules look at them", () => {
  const sites = [
    site(),
    site({ module: "vo2max" }),
    site({ start: 8 }),
    site({ module: "unread", start: 9 }),
    site({ rsid: "rs5", chrom: null, start: null, status: "not_comparable" }),
  ];
  expect(viewOf([], ["coronary", "vo2max"], { sites }).looked_at.positions).toBe(3);
});

test("sites without an answer are listed by what is the matter, uncovered ones only counted", () => {
  const sites = [
    site({ rsid: "rs1", status: "filtered", detail: "min_depth" }),
    site({ rsid: "rs2", status: "no_call" }),
    site({ rsid: "", chrom: "X", start: 5, status: "no_call" }),
    site({ rsid: "rs3", status: "no_data" }),
    site({ rsid: "rs4", status: "called_match" }),
  ];
  expect(viewOf([], ["coronary"], { sites }).coverage[0]?.unanswered).toEqual([
    { words: "removed by depth", names: ["rs1"] },
    { words: "no call", names: ["rs2", "X:5"] },
  ]);
});

test("a module whose sites have another REF in the file is doubtful, where they are many", () => {
  const odd = (n: number): SiteRow =>
    site({ rsid: `rs${n}`, start: n, status: "not_comparable", detail: "the file states another REF" });
  const odds = [1, 2, 3, 4, 5].map(odd);
  const called = Array.from({ length: 15 }, (_, n) => site({ rsid: `rs9${n}`, status: "called_hom_ref" }));
  const silent = site({ rsid: "rs7", status: "no_data" });
  const doubt = (sites: readonly SiteRow[]): string | null | undefined =>
    viewOf([], ["coronary"], { sites }).coverage[0]?.doubt;
  expect(doubt([...odds, ...called, silent])).toMatch(/^the file has another .* at 5 of 20 sites: .*build$/);
  expect(doubt([...odds.slice(1), ...called])).toBeNull();
  expect(doubt([])).toBeNull();
});

test("a build that the file does not state is told with what was held against the modules", () => {
  const build = { detected: null, how: "the header names no contigs" };
  const of = (fields: Partial<AnnotationManifest>): string =>
    buildView(
      {
        manifest: manifestOf([], { ingest: ingest({ build }), ...fields }),
        rows: [],
        studies: [],
        sites: [],
      },
      FACTS,
    ).source.build_how;
  expect(of({})).toBe("the header names no contigs");
  expect(of({ build_probe: "7 of 7 agree" })).toBe("the header names no contigs; 7 of 7 agree");
});

test("presence is counted in words, in a fixed order, without zeros", () => {
  const presence = { no_data: 40, called_match: 12, no_call: 3, filtered: 0 };
  const manifest = manifestOf([moduleResult("coronary", [], { presence })]);
  const view = buildView({ manifest, rows: [], studies: [], sites: [] }, FACTS);
  expect(view.coverage[0]?.presence.map(({ sites, words }) => `${sites} ${words}`)).toEqual([
    "12 matched",
    "3 no call",
    "40 not covered",
  ]);
});

test("credits name a source once, with the modules that show a row of it", () => {
  const rows = [matched(), matched({ module: "vo2max" })];
  const credit = { licence: "AGPL-3.0", attribution: "just-dna-seq" };
  const manifest = manifestOf([
    moduleResult("coronary", rows, credit),
    moduleResult("vo2max", rows, credit),
    moduleResult("superhuman", rows, { licence: "MIT", attribution: "nobody shown" }),
  ]);
  const view = buildView({ manifest, rows, studies: [], sites: [] }, FACTS);
  expect(view.credits).toEqual([{ ...credit, used_by: ["CORONARY", "VO2MAX"] }]);
});

test("a disagreement states what each module says", () => {
  const rows = [
    matched({ module: "coronary", rsid: "rs9", weight: -1 }),
    matched({ module: "vo2max", rsid: "rs9", weight: null, state: "protective" }),
  ];
  const modules = ["coronary", "vo2max"].map((name) => moduleResult(name, rows));
  const manifest = manifestOf(modules, { disagreements: [{ rsid: "rs9", modules: ["coronary", "vo2max"] }] });
  const [found] = buildView({ manifest, rows, studies: [], sites: [] }, FACTS).disagreements;
  expect(found?.statements).toEqual([
    { module: "CORONARY", genotype: "A/G", says: "risk", weight: -1 },
    { module: "VO2MAX", genotype: "A/G", says: "protective", weight: null },
  ]);
});

describe("the picture", () => {
  test("stacks each genotype away from zero, the heaviest first, the longer side filling its half", () => {
    const rows = [
      matched({ weight: 1 }),
      matched({ weight: 3 }),
      matched({ weight: -2 }),
      matched({ weight: 0 }),
    ];
    const [bar] = viewOf(rows, ["coronary"]).bars;
    expect(bar).toMatchObject({ favourable: 4, unfavourable: -2, net_weight: 2, unit: "weight" });
    expect(bar?.segments).toEqual([
      { x: 255, width: 245, side: "unfavourable" },
      { x: 500, width: 367.5, side: "favourable" },
      { x: 867.5, width: 122.5, side: "favourable" },
    ]);
  });

  test("rounds a sum as the manifest does, halves away from zero", () => {
    for (const [weight, net] of [
      [-8.785, -8.79],
      [1.005, 1.01],
      [0.004, 0],
    ] as const) {
      const { bars, other_modules } = viewOf([matched({ weight })], ["coronary"]);
      expect(bars[0]?.net_weight).toBe(net);
      expect(other_modules[0]?.summary.total_weight).toBe(net);
    }
  });

  test("draws each genotype as one where no weights are stated", () => {
    const rows = [
      matched({ weight: null, state: "protective" }),
      matched({ weight: null, state: "neutral" }),
    ];
    const [bar] = viewOf(rows, ["coronary"]).bars;
    expect(bar).toMatchObject({ unit: "count", net_weight: null, segments: [{ x: 500, width: 490 }] });
  });

  test("marks sites on chromosomes to scale, without the direction of a sensitive one", () => {
    const rows = [
      matched({ chrom: "1", start: 124_478_211, weight: 1 }),
      matched({ chrom: "19", start: 44_908_684, rsid: "rs429358", weight: -1 }),
      matched({ chrom: "2", start: 1_000_000, weight: null, state: null }),
      matched({ chrom: "2", start: 1_000_000, genotype_evidence: "restored_hom_ref" }),
      matched({ chrom: "GL000220.1", start: 5 }),
    ];
    const { tracks, sites, chromosomes } = viewOf(rows, ["coronary"]).karyogram;
    const marks = (name: string) => tracks.find((track) => track.name === name)?.marks;
    expect(marks("1")).toEqual([{ x: 500, kind: "favourable" }]);
    expect(marks("19")?.map(({ kind }) => kind)).toEqual(["closed"]);
    expect(marks("2")?.map(({ kind }) => kind)).toEqual(["neutral", "inferred"]);
    expect([tracks.length, sites, chromosomes]).toEqual([25, 3, 3]);
  });
});
