import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { WorkspaceError } from "#protocol/error.ts";

import { Bench, HEADER, HET, moduleOf, row } from "./genome-fixture.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.open();
});
afterAll(() => bench.close());

describe("a file whose header names no build", () => {
  const build = { detected: null, how: "the header names no contigs" };
  const starts = [100, 200, 300, 400, 500, 600];
  const variants = HEADER + starts.map((at) => `rs${at},1,${at},A,G,A/G,1,protective,a,G,x\n`).join("");

  test.each([
    ["is refused when REF contradicts five shared sites", { ref: "C", genotype: ["C", "G"] }, 5, true],
    ["is taken when REF contradicts four", { ref: "C", genotype: ["C", "G"] }, 4, false],
    [
      "is taken when indels begin at the shared sites",
      { ref: "AT", alt: "A", genotype: ["A", "AT"] },
      6,
      false,
    ],
  ])("%s", async (_name, other, wrong, refused) => {
    const directory = await bench.compile(moduleOf("fixture", variants));
    const records = starts.map((start, i) => ({ ...HET, start, ...(i < wrong ? other : {}) }));
    const run = bench.annotate({ records, modules: [{ name: "fixture", directory }], ingest: { build } });
    if (refused) {
      await expect(run).rejects.toThrow(
        "not on GRCh38: 5 of 6 reference alleles at positions of the modules contradict it",
      );
      await expect(run).rejects.toBeInstanceOf(WorkspaceError);
    } else {
      expect((await run).manifest.modules[0]?.status).toBe("annotated");
    }
  });

  test("is refused when its rsIDs stand at other positions", async () => {
    const directory = await bench.compile(moduleOf("fixture", variants));
    const records = starts.map((start) => ({ ...HET, start: start + 7_000, rsid: `rs${start}` }));
    const run = bench.annotate({
      records,
      modules: [{ name: "fixture", directory }],
      ingest: { build, has_rsids: true },
    });
    await expect(run).rejects.toThrow(
      "not on GRCh38: 6 of 6 positions of rsIDs that the modules know contradict it",
    );
  });

  test("is asked at a position of 0 too", async () => {
    const directory = await bench.compile(moduleOf("fixture", row("1,0,A,G", "A/G")));
    const { manifest } = await bench.annotate({
      records: [{ ...HET, start: 0, rsid: "rs1" }],
      modules: [{ name: "fixture", directory }],
      ingest: { build, has_rsids: true },
    });
    expect(manifest.total_matched).toBe(1);
  });
});
