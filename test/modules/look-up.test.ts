import { afterAll, beforeAll, expect, test } from "vitest";

import { KeptLookUps } from "../../kernel/modules/kept-look-ups.ts";
import { newLookUp } from "../../kernel/modules/match/look-up.ts";
import { duckdb } from "../../kernel/engines/duckdb.ts";
import { Bench, moduleOf } from "./genome-fixture.ts";
import type { FixtureRecord } from "./genome-fixture.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.open();
});
afterAll(() => bench.close());

const HET: FixtureRecord = { chrom: "1", start: 100, ref: "A", alt: "G", genotype: ["A", "G"] };
const ELSEWHERE: FixtureRecord = { ...HET, start: 5_000 };
const REMOVED = { chrom: "1", start: 900, end: 900, removed_by: "min_depth" };
const HEADER = "rsid,chrom,start,ref,alts,genotype,weight,state,conclusion,gene,category\n";
const FIRST = "rs1,1,100,A,G,A/G,0.5,protective,a sentence,GENE,lipids\n";
const GONE = "rs2,1,900,C,T,C/T,0.5,protective,a sentence,GENE,lipids\n";
const FURTHER = "rs3,1,200,C,T,C/T,0.5,protective,a sentence,GENE,lipids\n";

async function modules(rows: string): Promise<{ name: string; directory: string }[]> {
  return [{ name: "panel", directory: await bench.compile(moduleOf("panel", HEADER + rows)) }];
}

test("a match at the places of the one before reads nothing of the genome again", async () => {
  const lookUp = newLookUp();
  const known = await modules(FIRST + GONE);
  const first = await bench.annotate({ records: [HET], removed: [REMOVED], modules: known, lookUp });
  expect(first.manifest.total_matched).toBe(1);
  // Another genome, that a match which reads it would say.
  const second = await bench.annotate({ records: [ELSEWHERE], modules: known, lookUp });
  expect(second.rows).toEqual(first.rows);
  expect(second.sites).toEqual(first.sites);
});

test("fewer places need nothing either, and say nothing of those that are gone", async () => {
  const lookUp = newLookUp();
  await bench.annotate({ records: [HET], removed: [REMOVED], modules: await modules(FIRST + GONE), lookUp });
  const { rows, sites } = await bench.annotate({
    records: [ELSEWHERE],
    modules: await modules(FIRST),
    lookUp,
  });
  expect(rows).toHaveLength(1);
  expect(sites).toMatchObject([{ rsid: "rs1", status: "called_match" }]);
});

test("a place more is looked up, in the genome as it is", async () => {
  const lookUp = newLookUp();
  await bench.annotate({ records: [ELSEWHERE], modules: await modules(FIRST), lookUp });
  const records = [HET, { ...HET, start: 200, ref: "C", alt: "T", genotype: ["C", "T"] }];
  const { rows } = await bench.annotate({ records, modules: await modules(FIRST + FURTHER), lookUp });
  expect(rows.map(({ rsid }) => rsid)).toEqual(["rs1", "rs3"]);
});

test("of the modules those that changed are read again, and what is gone says nothing", async () => {
  const lookUp = newLookUp();
  const one = async (name: string, rows: string): Promise<{ name: string; directory: string }> => ({
    name,
    directory: await bench.compile(moduleOf(name, HEADER + rows)),
  });
  const records = [HET, { ...HET, start: 200, ref: "C", alt: "T", genotype: ["C", "T"] }];
  const [first, second, third] = [await one("a", FIRST), await one("b", FURTHER), await one("c", FIRST)];
  await bench.annotate({ records, modules: [first, second, third], lookUp });
  const changed = await one("b", FURTHER.replace("0.5", "0.75"));
  const again = await bench.annotate({ records, modules: [first, changed], lookUp });
  const anew = await bench.annotate({ records, modules: [first, changed], lookUp: newLookUp() });
  expect(again.rows.map(({ module, weight }) => [module, weight])).toEqual([
    ["a", 0.5],
    ["b", 0.75],
  ]);
  expect(again.rows).toEqual(anew.rows);
  expect(again.sites).toEqual(anew.sites);
  expect(again.manifest).toEqual(anew.manifest);
  // The same rows under another name and in another place are another module's.
  const moved = await bench.annotate({ records, modules: [changed, third], lookUp });
  expect(moved.rows.map(({ module }) => module)).toEqual(["b", "c"]);
});

test("what is kept of a genome is taken once, and of the third genome the first is forgotten", async () => {
  const kept = new KeptLookUps();
  const connect = (): ReturnType<typeof duckdb.open> =>
    duckdb.open({ spillDirectory: bench.path("spill"), threads: 1 });
  const taken = await Promise.all(["a", "b", "c"].map((genome) => kept.take(genome, connect)));
  for (const [i, one] of taken.entries()) kept.keep(["a", "b", "c"][i] ?? "", one);
  expect((await kept.take("b", connect)).connection).toBe(taken[1]?.connection);
  const again = await Promise.all(["a", "b"].map((genome) => kept.take(genome, connect)));
  expect(again.map(({ connection }) => taken.some((one) => one.connection === connection))).toEqual([
    false,
    false,
  ]);
  for (const { connection } of [...again, ...taken.slice(1)]) connection.close();
});
