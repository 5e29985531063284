import { access } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { Bench, HET, moduleOf, row } from "./genome-fixture.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.open();
});
afterAll(() => bench.close());

describe("rsIDs", () => {
  const unplaced = "rsid,genotype,weight,state,conclusion\nrs2,A/G,1,protective,a\n";

  test("one of several identifiers of a record finds a variant without a place, and the ID stays as it is", async () => {
    const directory = await bench.compile(moduleOf("fixture", unplaced));
    const { manifest, rows } = await bench.annotate({
      records: [{ ...HET, rsid: "rs1;rs2" }],
      modules: [{ name: "fixture", directory }],
      ingest: { has_rsids: true },
    });
    expect(manifest.modules[0]).toMatchObject({ status: "annotated", key: "rsid", probed: 1, matched: 1 });
    expect(rows).toMatchObject([{ rsid: "rs2", vcf_rsid: "rs1;rs2" }]);
  });

  test("a module of rsIDs alone is skipped with a reason when the file states none", async () => {
    const directory = await bench.compile(moduleOf("fixture", unplaced));
    const { manifest, staging } = await bench.annotate({
      records: [HET],
      modules: [{ name: "fixture", directory }],
    });
    expect(manifest.modules[0]).toMatchObject({
      status: "skipped",
      reason: "the module names its variants by rsID alone, and the file states no rsIDs",
      matched: 0,
      path: null,
      presence: { module_unjoinable: 1 },
    });
    await expect(access(join(staging, "modules/fixture_weights.parquet"))).rejects.toThrow("ENOENT");
  });

  test("a row without a place is met by rsID in a module that has places", async () => {
    const variants = `${row("1,100,A,G", "A/G")}rs2,,,,,C/T,1,protective,b,GENE,lipids\n`;
    const directory = await bench.compile(moduleOf("fixture", variants));
    const records = [HET, { ...HET, start: 500, ref: "C", alt: "T", genotype: ["C", "T"], rsid: "rs2" }];
    const modules = [{ name: "fixture", directory }];
    const withIds = await bench.annotate({ records, modules, ingest: { has_rsids: true } });
    expect(withIds.manifest.modules[0]).toMatchObject({
      key: "position",
      probed: 2,
      matched: 2,
      unmatchable: {},
    });
    const withoutIds = await bench.annotate({ records, modules });
    expect(withoutIds.manifest.modules[0]).toMatchObject({
      probed: 1,
      matched: 1,
      unmatchable: { unplaced: 1 },
    });
  });

  test("an rsID that stands elsewhere than the module's place matches nothing", async () => {
    const directory = await bench.compile(moduleOf("fixture", row("1,100,A,G", "A/G")));
    const { manifest } = await bench.annotate({
      records: [{ ...HET, start: 999, rsid: "rs1" }],
      modules: [{ name: "fixture", directory }],
      ingest: { has_rsids: true },
    });
    expect(manifest.modules[0]).toMatchObject({ key: "position", matched: 0 });
  });
});
