/** How kept records lie on contigs, counted while they are read: a reference genotype is inferred by it. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";

import type { Spread } from "#protocol/annotation.ts";

import { call, ingested, ingestedFile, vcfOf } from "./vcf-case.ts";

const CONTIGS = ["1", "2", "X", "MT", "HLA-A*01:01"];

test("positions, spanned bases and those near a call are those of the records that are kept, on primary contigs", async () => {
  const steps = fc.array(fc.oneof(fc.constantFrom(0, 1), fc.nat(60_000)), { minLength: 1, maxLength: 400 });
  const [lies = []] = fc.sample(fc.tuple(...CONTIGS.map(() => steps)), { numRuns: 1, seed: 5 });
  const kept: { contig: string; pos: number }[] = [];
  const records = lies.flatMap((some, at) => {
    let pos = 1000;
    return some.flatMap((step) => {
      pos += step;
      const contig = CONTIGS[at] ?? "";
      kept.push({ contig, pos });
      // What is removed in between counts for nothing.
      return [`${contig} ${pos} . A G 50 PASS . GT 0/1`, `${contig} ${pos} . A C 50 bad . GT 0/1`];
    });
  });
  const { summary, rows } = await ingested(vcfOf({ meta: [], records }), {
    filters: { pass_filters: ["PASS"] },
  });
  expect(rows).toHaveLength(kept.length);
  const wanted: Spread = { positions: 0, span: 0, near: 0 };
  const sum = kept.reduce((all, { contig, pos }, at) => {
    if (contig === CONTIGS[4]) return all;
    const before = kept[at - 1];
    const step = before?.contig === contig ? pos - before.pos : null;
    return {
      positions: all.positions + (step === 0 ? 0 : 1),
      span: all.span + (step ?? 0),
      near: all.near + Math.min(step ?? 0, 20_000),
    };
  }, wanted);
  expect(summary.spread).toEqual(sum);
});

test("of records that come in no order it is not counted", async () => {
  const back = await ingested(vcfOf({ records: [call("0/1", { pos: 300 }), call("0/1", { pos: 100 })] }));
  expect(back.summary.spread).toBeUndefined();
  const apart = ["1 5", "2 5", "1 9"].map((place) => `${place} . A G 50 PASS . GT 0/1`);
  expect((await ingested(vcfOf({ records: apart }))).summary.spread).toBeUndefined();
});

test("of several files it is counted where they share no contig", async () => {
  const folder = await mkdtemp(join(tmpdir(), "karyon-spread-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const spreadOf = async (...places: readonly string[]): Promise<Spread | undefined> => {
    const paths = await Promise.all(
      places.map(async (place, at) => {
        const path = join(folder, `${at}.vcf`);
        const records = [`${place} 100 . A G 50 PASS . GT 0/1`, `${place} 150 . A G 50 PASS . GT 0/1`];
        await writeFile(path, vcfOf({ records }));
        return path;
      }),
    );
    return (await ingestedFile(paths, folder)).summary.spread;
  };
  expect(await spreadOf("X", "2")).toEqual({ positions: 4, span: 100, near: 100 });
  expect(await spreadOf("X", "X")).toBeUndefined();
});

test("the longest record is told, kept or removed", async () => {
  const records = [
    "1 5 . A <DEL> 50 PASS END=30000 GT 0/1",
    "1 7 . ACGT A 50 PASS . GT 0/1",
    "1 9 . A <DEL> 50 bad END=90000 GT 0/1",
  ];
  const { summary } = await ingested(vcfOf({ records }), { filters: { pass_filters: ["PASS"] } });
  expect(summary.longest).toBe(89_991);
});
