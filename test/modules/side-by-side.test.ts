import { afterAll, beforeAll, expect, test } from "vitest";

import { authored, prepareAuthored } from "../../kernel/modules/match/authored.ts";
import { newLookUp } from "../../kernel/modules/match/look-up.ts";
import { SCRATCH } from "../../kernel/modules/match/request.ts";
import type { Match } from "../../kernel/modules/match/request.ts";
import { Bench, HEADER, HET, ingestOf, moduleOf } from "./genome-fixture.ts";

/** Where a plan was made too early, one round in ten shows it. */
const ROUNDS = 40;
const VARIANTS = `rsid,chrom,start,ref,alts,genotype,weight,state,conclusion,gene,category
rs1,1,100,A,G,A/G,0.5,protective,a sentence,GENE,lipids\n`;

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.open();
});
afterAll(() => bench.close());

test("a module that is read while others are is taken with its own rows", async () => {
  const directory = await bench.compile(moduleOf("fixture", VARIANTS));
  const { connection } = bench;
  const second = await connection.connect();
  const match: Match = {
    request: {
      variants: "",
      removedSites: "",
      ingest: ingestOf(0),
      modules: [
        { name: "one", directory },
        { name: "two", directory },
      ],
      staging: "",
      user: "anna",
      sample: "one",
      software: "karyon test",
    },
    connection,
    lanes: [connection, second],
    signal: new AbortController().signal,
    columns: new Map(),
  };
  for (let round = 0; round < ROUNDS; round++) {
    const lookUp = newLookUp();
    const identities = await prepareAuthored(match, lookUp);
    const keys = await Promise.all(
      identities.map((identity, index) =>
        authored({ ...match, connection: match.lanes[index] ?? connection }, index, identity, lookUp),
      ),
    );
    expect(keys).toEqual([{ key: "position" }, { key: "position" }]);
  }
  const rows = await connection.rows(
    `select module, count(*) as n from ${SCRATCH.authored} group by 1 order by 1`,
  );
  expect(rows).toEqual([
    { module: "one", n: 1 },
    { module: "two", n: 1 },
  ]);
  second.close();
});

test("modules that are matched side by side count the records that each looked at", async () => {
  const studies = "rsid,pmid\nrs1,1\n";
  const places = (...starts: readonly number[]): string =>
    HEADER + starts.map((start) => `rs${start},1,${start},A,G,A/G,1,protective,a,,\n`).join("");
  const modules = [
    { name: "late", directory: await bench.compile(moduleOf("late", places(1100), { studies })) },
    { name: "early", directory: await bench.compile(moduleOf("early", places(400, 600), { studies })) },
  ];
  const records = Array.from({ length: 12 }, (_, at) => ({ ...HET, start: at * 100 }));
  for (let round = 0; round < ROUNDS / 2; round++) {
    const { manifest } = await bench.annotate({ records, modules });
    expect(manifest.modules.map(({ probed, matched }) => [probed, matched])).toEqual([
      [1, 1],
      [2, 2],
    ]);
  }
});
