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
      const { manifest } = await run;
      expect(manifest.modules[0]?.status).toBe("annotated");
      // An indel is no contradiction.
      const agree = wrong === 6 ? 6 : 6 - wrong;
      expect(manifest.build_probe).toBe(
        `${agree} of 6 reference alleles at positions of the modules agree with GRCh38`,
      );
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

  test("is told of what agreed, or that nothing could be looked at; one that names its build is not probed", async () => {
    const modules = [{ name: "fixture", directory: await bench.compile(moduleOf("fixture", variants)) }];
    const probed = async (start: number, detected: string | null): Promise<string | undefined> => {
      const records = [{ ...HET, start, rsid: `rs${start}` }];
      const ingest = { build: { ...build, detected }, has_rsids: true };
      return (await bench.annotate({ records, modules, ingest })).manifest.build_probe;
    };
    expect(await probed(100, null)).toBe(
      "1 of 1 reference alleles at positions of the modules and 1 of 1 positions of rsIDs that the modules know agree with GRCh38",
    );
    expect(await probed(150, null)).toBe(
      "nothing in the file could be held against the positions of the modules",
    );
    expect(await probed(100, "GRCh38")).toBeUndefined();
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
