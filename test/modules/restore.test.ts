import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { IngestSummary } from "#protocol/annotation.ts";

import { Bench, moduleOf } from "./genome-fixture.ts";
import type { Annotated, RemovedSite } from "./genome-fixture.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.open();
});
afterAll(() => bench.close());

/** Bases between two records of the made genome, which lies on chromosome 1 from {@link FIRST} on. */
const STEP = 200;
const FIRST = 10_000;

/** A genome of variants on chromosome 1, one record every {@link STEP} bases, as columns of the normalised variants. */
function genome(
  records: number,
  { where = "true", start = `${FIRST} + i * ${STEP}`, extra = "" } = {},
): string {
  return `select '1' as chrom, (${start})::uinteger as start, (${start})::uinteger as "end", '' as rsid, 'A' as ref,
      'G' as alt, 30.0::double as qual, 'PASS' as "filter", '0/1' as "GT", ['A', 'G'] as genotype,
      'called_variant' as presence, false as phased
    from range(${records}) as r(i) where ${where} ${extra} order by start`;
}

/** A further record of the genome. */
function record(start: number, end: number, genotype: string, presence: string): string {
  return ` union all select '1', ${start}, ${end}, '', 'C', 'T', 9, 'PASS', './.', ${genotype}, '${presence}', false`;
}

/** One reference genotype of a module at each of the given positions of chromosome 1. */
function referenceRows(positions: readonly number[], chrom = "1"): string {
  const rows = positions.map((at) => `rs${at},${chrom},${at},C,T,C/C,1,protective,a\n`);
  return `rsid,chrom,start,ref,alts,genotype,weight,state,conclusion\n${rows.join("")}`;
}

async function restored(
  records: string,
  variants: string,
  options: { ingest?: Partial<IngestSummary>; removed?: readonly RemovedSite[]; resolution?: string } = {},
): Promise<Annotated> {
  const { ingest = {}, removed = [], resolution = null } = options;
  const directory = await bench.compile(moduleOf("fixture", variants, { resolution }));
  return bench.annotate({ records, removed, modules: [{ name: "fixture", directory }], ingest });
}

/** A site between two records, 80 bases behind one. */
const BETWEEN = FIRST + 500 * STEP + 80;

describe("a reference genotype is inferred", () => {
  test("in a whole genome of variants, with the distance to the nearest call, and is counted apart", async () => {
    const { manifest, rows, sites, staging } = await restored(genome(1_000_000), referenceRows([BETWEEN]));
    expect(manifest.restoration).toMatchObject({ applied: true, sites: 1_000_000, breadth: 1 });
    expect(manifest.modules[0]).toMatchObject({
      matched: 0,
      restored: 1,
      positive: 0,
      net_weight: null,
      probed: 0,
    });
    expect([manifest.total_matched, manifest.total_restored]).toEqual([0, 1]);
    expect(rows).toMatchObject([
      {
        rsid: `rs${BETWEEN}`,
        genotype: ["C", "C"],
        ref: "C",
        alt: null,
        genotype_evidence: "restored_hom_ref",
        restored_flank_bp: 80,
        zygosity: "hom",
      },
    ]);
    expect(sites).toMatchObject([{ status: "hom_ref_inferred", detail: "nearest call 80 bp away" }]);
    const table = await bench.connection.rows(
      `select chrom, start, rsid_fixture, genotype_evidence, restored_flank_bp, "GT"
       from read_parquet('${join(staging, "modules/fixture_weights.parquet")}')`,
    );
    expect(table).toEqual([
      {
        chrom: "1",
        start: BETWEEN,
        rsid_fixture: `rs${BETWEEN}`,
        genotype_evidence: "restored_hom_ref",
        restored_flank_bp: 80,
        GT: null,
      },
    ]);
  });

  test("when every reference call of the caller was removed by a quality rule", async () => {
    const { manifest } = await restored(genome(1_000_000), referenceRows([BETWEEN]), {
      ingest: { kind: "all_sites" },
    });
    expect(manifest.total_restored).toBe(1);
  });
});

describe("of a file that lists one kind of variants alone", () => {
  /** A substitution or a deletion of one base at the same place. */
  const sites = (at: number): string =>
    `rsid,chrom,start,ref,alts,genotype,weight,state,conclusion
rs1,1,${at},C,T,C/C,1,protective,a
rs2,1,${at + 9},CA,C,CA/CA,1,protective,a
`;
  test.each<[string, string, string, readonly string[]]>([
    ["substitutions", "'G'", "insertions or deletions", ["hom_ref_inferred", "no_data"]],
    ["insertions", "'AG'", "substitutions", ["no_data", "hom_ref_inferred"]],
    ["both", "if(i % 2 = 0, 'G', 'AG')", "", ["hom_ref_inferred", "hom_ref_inferred"]],
  ])("%s: reference genotypes are inferred at sites of the same kind", async (_what, alt, none, statuses) => {
    const records = genome(1_000_000).replace("'G' as alt", `${alt} as alt`);
    const { manifest, sites: found } = await restored(records, sites(BETWEEN));
    expect(found.map(({ status }) => status)).toEqual(statuses);
    const told = none === "" ? /of a call$/ : new RegExp(`lists hardly any ${none}, so nothing is inferred`);
    expect(manifest.restoration?.reason).toMatch(told);
  });
});

describe("nothing is inferred", () => {
  const refCall = `union all select '1', 5, 5, '', 'A', '', 0, 'RefCall', '0/0', ['A', 'A'], 'called_hom_ref', false`;
  test.each<[string, string, Partial<IngestSummary>, RegExp]>([
    [
      "with one position less than a million",
      genome(999_999),
      {},
      /^the file is targeted: 999,999 positions/,
    ],
    [
      "when positions repeat to make up a million",
      genome(1_000_000, { start: `${FIRST} + (i // 2) * ${STEP}` }),
      {},
      /^the file is targeted: 500,000 positions/,
    ],
    [
      "in a million clustered positions",
      genome(1_000_000, { start: `2000000 + i + if(i > 500000, 100000000, 0)` }),
      {},
      /^the file is targeted: 1\.0 % of the spanned bases/,
    ],
    ["in a gVCF", genome(1_000_000), { kind: "gvcf" }, /^the file states reference blocks itself/],
    [
      "when the genotypes are imputed",
      genome(1_000_000),
      { findings: [{ kind: "IMPUTED", count: 1, first: null }] },
      /^the genotypes are imputed, and nothing is known of a site that the panel does not have$/,
    ],
    [
      "when reference calls are kept",
      genome(1_000_000, { extra: refCall }),
      { kind: "all_sites" },
      /^the file states reference calls itself: 1 record$/,
    ],
  ])("%s", async (_name, records, ingest, reason) => {
    const { manifest, rows, sites } = await restored(records, referenceRows([BETWEEN]), { ingest });
    expect(manifest.restoration?.applied).toBe(false);
    expect(manifest.restoration?.reason).toMatch(reason);
    expect([manifest.total_restored, rows.length]).toEqual([0, 0]);
    expect(sites).toMatchObject([{ status: "no_data" }]);
  });

  test("where the module classifies the variant clinically, or asks for a call; a row may ask for none", async () => {
    const [first, second, third, fourth] = [0, 1, 2, 3].map((n) => BETWEEN + n * STEP);
    const row = (at: number | undefined, cells: string): string =>
      `rs${at},1,${at},C,T,C/C,1,protective,a,${cells}\n`;
    const { manifest, rows, sites } = await restored(
      genome(1_000_000),
      "rsid,chrom,start,ref,alts,genotype,weight,state,conclusion,clin_sig,requires_callable\n" +
        row(first, "benign,") +
        row(second, ",true") +
        row(third, "benign,false") +
        row(fourth, ","),
    );
    expect(rows.map(({ rsid }) => rsid)).toEqual([`rs${third}`, `rs${fourth}`]);
    expect(manifest.total_restored).toBe(2);
    const asked = { status: "no_data", detail: "not inferred: the module asks for a call here" };
    expect(sites).toMatchObject([
      asked,
      asked,
      { status: "hom_ref_inferred" },
      { status: "hom_ref_inferred" },
    ]);
  });

  test("where any record touches the site, on a contig without calls, far from a call, or for a doubtful place", async () => {
    const called = FIRST + 600 * STEP;
    const noCall = FIRST + 700 * STEP + 50;
    const deleted = FIRST + 800 * STEP + 50;
    const hole = FIRST + 2_000 * STEP;
    const within = hole - 20_000 + 10_000;
    const beyond = within + 1;
    const records = genome(1_000_200, {
      where: `${FIRST} + i * ${STEP} not between ${hole - 19_999} and ${hole + 19_999}`,
      extra:
        record(noCall, noCall, "[]::varchar[]", "no_call") +
        record(deleted - 3, deleted + 3, "['C', 'T']", "called_variant"),
    });
    const filtered = FIRST + 900 * STEP + 50;
    const ambiguous = FIRST + 1_000 * STEP + 50;
    const twoRefs = FIRST + 1_100 * STEP + 50;
    const removed = [{ chrom: "1", start: filtered - 10, end: filtered + 10, removed_by: "min_qual" }];
    const resolution = `rsid,chrom,start,ref,alts,locus_index,status
rs5,1,${ambiguous},C,T,0,high
rs5,HG1_PATCH,7,C,T,1,high\n`;
    const variants = `${referenceRows([BETWEEN, called, noCall, deleted, filtered, within, beyond, twoRefs])}rs4,2,5000,C,T,C/C,1,protective,a
rs5,,,,,C/C,1,protective,a
rs6,1,${twoRefs},CA,C,CA/CA,1,protective,a
rs7,1,${BETWEEN + 1},C,T,C/T,1,protective,a
rs8,1,${BETWEEN + 1},C,T,T/T,1,protective,a\n`;
    const { manifest, rows, sites } = await restored(records, variants, { removed, resolution });
    expect(manifest.restoration?.applied).toBe(true);
    expect(rows.map(({ rsid, restored_flank_bp }) => [rsid, restored_flank_bp])).toEqual([
      [`rs${BETWEEN}`, 80],
      [`rs${within}`, 10_000],
    ]);
    const status = Object.fromEntries(
      sites.filter(({ chrom }) => chrom !== "HG1_PATCH").map((site) => [site.rsid, site.status]),
    );
    expect(status).toEqual({
      [`rs${BETWEEN}`]: "hom_ref_inferred",
      [`rs${called}`]: "not_comparable",
      [`rs${noCall}`]: "no_call",
      [`rs${deleted}`]: "overlapped",
      [`rs${filtered}`]: "filtered",
      [`rs${within}`]: "hom_ref_inferred",
      [`rs${beyond}`]: "no_data",
      [`rs${twoRefs}`]: "no_data",
      rs4: "no_data",
      rs5: "not_comparable",
      rs6: "no_data",
      rs7: "no_data",
      rs8: "no_data",
    });
  });

  test("for a site that another module's call contradicts: one file gives one answer", async () => {
    const at = FIRST + 600 * STEP;
    const one = await bench.compile(
      moduleOf(
        "one",
        `rsid,chrom,start,ref,alts,genotype,weight,state,conclusion\nrs1,1,${at},A,G,A/G,1,protective,a\n`,
      ),
    );
    const two = await bench.compile(
      moduleOf(
        "two",
        `rsid,chrom,start,ref,alts,genotype,weight,state,conclusion\nrs1,1,${at},A,G,A/A,1,protective,a\n`,
      ),
    );
    const { rows } = await bench.annotate({
      records: genome(1_000_000),
      modules: [
        { name: "one", directory: one },
        { name: "two", directory: two },
      ],
    });
    expect(rows.map(({ module, genotype_evidence }) => [module, genotype_evidence])).toEqual([
      ["one", "called"],
    ]);
  });
});

test("an authored reference allele of several bases, and one of a haploid contig, are inferred whole", async () => {
  const variants = `rsid,chrom,start,ref,alts,genotype,weight,state,conclusion
rs1,1,${BETWEEN},CTT,C,CTT/CTT,1,protective,a
rs2,1,${BETWEEN + STEP},C,T,C,1,protective,b\n`;
  const records = genome(1_000_000).replace("'G' as alt", "if(i % 2 = 0, 'G', 'AG') as alt");
  const { rows } = await restored(records, variants);
  expect(rows.map(({ rsid, genotype, zygosity }) => [rsid, genotype, zygosity])).toEqual([
    ["rs1", ["CTT", "CTT"], "hom"],
    ["rs2", ["C"], ""],
  ]);
});
