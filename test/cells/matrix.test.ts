import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { isComparedWith } from "#graph/staleness.ts";
import { parsePartition } from "#protocol/ids.ts";
import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import type { AssetStatus } from "#protocol/record.ts";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import { parquetRows } from "../../kernel/engines/parquet-rows.ts";
import { LocalApi } from "../../server/api.ts";
import { verbs } from "../../server/cli/index.ts";
import { objectPath } from "../../server/runs/published-tree.ts";
import { runView } from "../../server/runs/run-view.ts";
import { of23andMe } from "../support/array-file.ts";
import { genome } from "../support/genome.ts";
import type { Genome } from "../support/genome.ts";

const CELLS = `
\`\`\`yaml filters config
min_qual: 20
\`\`\`

\`\`\`yaml genome_source source=genome
\`\`\`

\`\`\`yaml variants normalise
source: genome_source
filters: filters
\`\`\`

\`\`\`yaml family matrix
asset: variants
samples: [boris/father, clara/mother]
\`\`\`

\`\`\`sql chosen_few asset
select * from variants
\`\`\`

\`\`\`sql onward asset
select * from family
\`\`\`
`;
const CONTEXT = { signal: new AbortController().signal, progress: () => {} };
const VARIANTS = "variants" as AssetKey;
const FAMILY = "family" as AssetKey;
const [FATHER, MOTHER] = ["boris/father", "clara/mother"].map((key) => parsePartition(key)) as [
  PartitionKey,
  PartitionKey,
];

/** A VCF of GRCh38; of each record place, ID, REF, ALT, QUAL, INFO and values of GT:DP:GQ:MIN_DP. */
function vcf(...records: readonly string[]): string {
  return [
    "##fileformat=VCFv4.2",
    "##contig=<ID=chr1,length=248956422>",
    "##contig=<ID=chr10,length=133797422>",
    "##contig=<ID=chr2,length=242193529>",
    "##contig=<ID=chrM,length=16569>",
    "##contig=<ID=decoy_b,length=1000>",
    '##INFO=<ID=END,Number=1,Type=Integer,Description="End">',
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
    '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Depth">',
    '##FORMAT=<ID=GQ,Number=1,Type=Integer,Description="Quality">',
    '##FORMAT=<ID=MIN_DP,Number=1,Type=Integer,Description="Depth">',
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS",
    ...records.map((one) => {
      const [chrom, pos, id, ref, alt, qual, info, call] = one.split(" ");
      return [chrom, pos, id, ref, alt, qual, "PASS", info, "GT:DP:GQ:MIN_DP", call].join("\t");
    }),
    "",
  ].join("\n");
}

const CHILD_VCF = vcf(
  "chr10 50 . C T 50 . 0/1",
  "chr1 100 rs1 A G 50 . 0|1",
  // Multi-allelic in one file, and of another ALT in the next.
  "chr1 200 . A G,T 50 . 1/2",
  // No call and half a call of what the others have.
  "chr1 300 . C T 50 . ./.",
  "chr1 310 . C T 50 . ./1",
  // Removed by its quality here.
  "chr1 400 . G A 5 . 0/1",
  "chr1 500 . T C 50 . 0/1",
  "chr1 600 . AT A 50 . 0/1",
  // Split, as bcftools norm does.
  "chr1 700 . A G 50 . 0/1",
  "chr1 700 . A T 50 . 0/1",
  "chr1 800 . G C 50 . 0/1",
  "chr1 800 . G C 50 . 0/1",
  "chr2 10 . A C 50 . 1/1",
  "chrM 10 . A C 50 . 1",
  "decoy_b 5 . A C 50 . 0/1",
);
const FATHER_VCF = vcf(
  "chr1 100 . A G 50 . 1/1",
  "chr1 200 rs2 A T 50 . 0/1",
  "chr1 300 . C T 50 . 0/1",
  "chr1 310 . C T 50 . 0/1",
  "chr1 400 . G A 50 . 0/1",
  "chr1 500 . T C 5 . 0/1",
  // Another REF at the same place, and a deletion that reaches over the next.
  "chr1 600 . A G 50 . 0/1",
  "chr1 695 . AAAAAAAA A 50 . 0/1",
  "chr1 900 . G C 50 . 0/0",
);
/** A gVCF. */
const MOTHER_VCF = vcf(
  "chr1 1 . A <NON_REF> 50 END=199 0/0:30:60:30",
  "chr1 200 . A G,<NON_REF> 50 . 0/1:30:60:30",
  // No call, no evidence, then a gap.
  "chr1 290 . A <NON_REF> 50 END=305 ./.:0:0:0",
  "chr1 306 . A <NON_REF> 50 END=320 0/0:3:9:2",
  // The two together have the whole of the deletion.
  "chr1 595 . A <NON_REF> 50 END=600 0/0:30:60:30",
  "chr1 601 . A <NON_REF> 50 END=650 0/0:30:50:30",
  "chr1 700 . A <NON_REF> 50 . 0/0:30:60:30",
);

let made: Genome;
let api: LocalApi;

beforeAll(async () => {
  made = await genome(CELLS, CHILD_VCF);
  api = new LocalApi(made.workspace, verbs);
});
afterAll(() => made.close());

async function add(partition: PartitionKey, text: string, select: string = VARIANTS): Promise<void> {
  const path = join(made.root, `${partition.replace("/", ".")}.vcf`);
  await writeFile(path, text);
  made.workspace.setPartition(partition, { vcf: path });
  await makeFor(partition, select);
}

async function makeFor(partition: PartitionKey, select: string): Promise<void> {
  const run = await made.workspace.startRun(select, partition);
  await run.ended;
  const view = runView(run.id, made.workspace.catalog.eventsOfRun(run.id));
  expect(view?.steps.flatMap(({ error }) => error ?? [])).toEqual([]);
}

async function rows(): Promise<Record<string, unknown>[]> {
  const connection = await duckdb.open({ spillDirectory: made.root });
  try {
    return await connection.rows(`from ${parquetRows(made.file("family", "family.parquet"))}`);
  } finally {
    connection.close();
  }
}

function columnsOf(...samples: readonly string[]): string[] {
  return ["chrom", "start", "ref", "rsid", ...samples, ...samples.map((name) => `${name} presence`)];
}

async function stateOfIt(): Promise<AssetStatus | undefined> {
  return (await made.workspace.statuses(made.partition)).get(FAMILY);
}

test("a sample that is not there, and one of which nothing is made, are named with what to do", async () => {
  await expect(made.make("family")).rejects.toThrow(
    /no sample boris\/father to compare with.*Take it out of the cell, or add it: karyon partitions add boris\/father/,
  );
  made.workspace.setPartition(FATHER, { vcf: join(made.root, "genome.vcf") });
  await expect(made.make("family")).rejects.toThrow(
    /boris\/father has no variants to compare with.*karyon asset materialize --select variants --partition boris\/father/,
  );
});

describe("of a family", () => {
  beforeAll(async () => {
    await add(FATHER, FATHER_VCF);
    await add(MOTHER, MOTHER_VCF);
    await made.make("onward");
  });

  test("genotypes stand side by side, and what is no genotype says what it is", async () => {
    const found = await rows();
    const samples = ["anna/s", "boris/father", "clara/mother"];
    expect(Object.keys(found[0] ?? {})).toEqual(columnsOf(...samples));
    const none = "null no_record";
    const told = ["chrom", "start", "ref", "rsid", ...samples.flatMap((name) => [name, `${name} presence`])];
    expect(found.map((row) => told.map((column) => String(row[column])).join(" "))).toEqual([
      "1 100 A rs1 A/G called_variant G/G called_variant null hom_ref_block",
      "1 200 A rs2 G/T called_variant A/T called_variant A/G called_variant",
      "1 300 C  null no_call C/T called_variant null no_call",
      "1 310 C  T half_call C/T called_variant null no_data",
      `1 400 G  null filtered A/G called_variant ${none}`,
      `1 500 T  C/T called_variant null filtered ${none}`,
      "1 600 A  null other_record A/G called_variant null hom_ref_block",
      "1 600 AT  A/AT called_variant null other_record null hom_ref_block",
      "1 695 AAAAAAAA  null other_record A/AAAAAAAA called_variant null no_data",
      "1 700 A  A/G, A/T several_records null other_record null hom_ref_block",
      `1 800 G  C/G called_variant ${none} ${none}`,
      `1 900 G  ${none} G/G called_hom_ref ${none}`,
      `2 10 A  C/C called_variant ${none} ${none}`,
      `10 50 C  C/T called_variant ${none} ${none}`,
      `MT 10 A  C called_variant ${none} ${none}`,
      `decoy_b 5 A  A/C called_variant ${none} ${none}`,
    ]);
    expect(made.record("family").facts).toEqual({
      shared: 1,
      samples: [
        { sample: "anna/s", records: 14, repeated: 2, only: 5 },
        { sample: "boris/father", records: 8, repeated: 0, only: 1 },
        { sample: "clara/mother", records: 1, repeated: 0, only: 0 },
      ],
    });
  });

  test("the versions of all of them are its inputs, and it goes stale by any, with whose it is", async () => {
    const { partition } = made;
    expect(made.record("family").inputs).toMatchObject([
      { asset: VARIANTS, partition },
      { asset: VARIANTS, partition: FATHER, compared: true },
      { asset: VARIANTS, partition: MOTHER, compared: true },
    ]);
    const { graph } = await made.workspace.definitions();
    expect([partition, FATHER, MOTHER].map((one) => isComparedWith(graph, one))).toEqual([false, true, true]);
    expect(await stateOfIt()).toEqual({ state: "fresh" });
    await add(MOTHER, MOTHER_VCF.replace("0/1:30", "1/1:30"));
    const cause = { kind: "input", asset: VARIANTS, change: "changed", partition: MOTHER } as const;
    expect(await stateOfIt()).toEqual({ state: "stale", causes: [cause] });
    await add(FATHER, FATHER_VCF.replace("0/1", "1/1"));
    expect(await stateOfIt()).toEqual({ state: "stale", causes: [{ ...cause, partition: FATHER }, cause] });
    await made.make("onward");
    expect(await stateOfIt()).toEqual({ state: "fresh" });
    expect(await rows()).toContainEqual(expect.objectContaining({ start: 200, "clara/mother": "G/G" }));
  });

  test("one that shows itself among the samples has one column", async () => {
    await makeFor(FATHER, "family");
    const head = made.workspace.catalog.versions.headRecord(FAMILY, FATHER);
    expect(head?.columns.map(({ name }) => name)).toEqual(columnsOf("boris/father", "clara/mother"));
  });

  test("another mitochondrion is compared with nobody's", async () => {
    await add(MOTHER, MOTHER_VCF.replace("16569", "16571"));
    await made.make("family");
    const there = expect.objectContaining({ chrom: "MT", "clara/mother presence": "not_comparable" });
    expect(await rows()).toContainEqual(there);
    expect((await rows()).filter((row) => row["clara/mother presence"] === "not_comparable")).toHaveLength(1);
  });

  test("raw data of an array is refused by its sample, and what is no table of variants by its name", async () => {
    const array = of23andMe([["rs1", "1", 100, "AG"]]);
    await add(MOTHER, array);
    await expect(made.make("family")).rejects.toThrow(/clara\/mother is raw data of a genotyping array/);
    await add(MOTHER, MOTHER_VCF);
    await made.make("family");
    await made.edit("asset: variants", "asset: chosen_few");
    for (const sample of [FATHER, MOTHER]) await makeFor(sample, "chosen_few");
    await expect(made.make("family")).rejects.toThrow(/chosen_few is no table of variants/);
    await made.edit("asset: chosen_few", "asset: variants");
  });

  test("who is erased is gone from it, from its versions, and from what was made from it", async () => {
    const { partition } = made;
    const { catalog, paths } = made.workspace;
    await made.make("onward");
    const going = [FAMILY, "onward" as AssetKey].flatMap((key) =>
      catalog.versions.history(key, partition, 20),
    );
    const derived = [
      { asset: "family", partition },
      { asset: "onward", partition },
      { asset: "family", partition: FATHER },
    ];
    const receipt = (await api.verb("partitions-rm", { key: MOTHER }, CONTEXT)) as {
      derived: { asset: AssetKey; partition: PartitionKey }[];
    };
    expect(receipt.derived.map(({ asset, partition: of }) => ({ asset, partition: of }))).toEqual(
      expect.arrayContaining(derived),
    );
    expect(await stateOfIt()).toEqual({ state: "missing", because: "erased" });
    for (const { files } of going)
      for (const { hash } of files) expect(existsSync(objectPath(paths.home, hash))).toBe(false);
    await expect(made.make("family")).rejects.toThrow("no sample clara/mother to compare with");
  });
});

test.each([
  ["asset: variants", 1, "samples: "],
  ["asset: variants\nsamples: []", 2, "samples: name one sample at the least"],
  ["asset: variants\nsamples:\n  - boris/father\n  - mother", 4, 'not a partition key: "mother"'],
  ["asset: variants\nsamples: [a/b,\n  A/b]", 3, "a second column of the name A/b"],
  ["asset: variants\nsamples: [a/b]\nkey: [rsid]", 1, "key"],
])("%j is refused in line %i", async (source, line, words) => {
  const { cell } = await made.workspace.definitions().then(({ graph }) => {
    const definition = graph.assets.get(FAMILY);
    if (definition === undefined) throw new Error("no family");
    return definition;
  });
  await made.edit(cell.source, source);
  const { graph } = await made.workspace.definitions();
  const problem = graph.problems.get(FAMILY);
  expect(problem?.message).toContain(words);
  expect(problem?.span?.line).toBe(line);
});
