import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";

import type { AssetKey } from "#protocol/ids.ts";

import { genome } from "../support/genome.ts";
import type { Genome } from "../support/genome.ts";
import { linesByIndex, readVcf } from "./read-vcf.ts";
import type { ReadVcf } from "./read-vcf.ts";

const EXPORT = `
\`\`\`yaml exports export
source: user_vcf_source
variants: user_vcf_normalized
annotations: user_hf_module_annotations
ensembl: joined
\`\`\`

\`\`\`sql joined asset
select *, case when start = 1000 then 'exact' end as ensembl_match, [1, 2] as id_ensembl
from user_vcf_normalized
\`\`\`
`;

let made: Genome;

beforeAll(async () => {
  made = await genome(EXPORT);
  await made.make("exports");
});
afterAll(() => made.close());

function read(name: string, from: Genome = made): Promise<ReadVcf> {
  return readVcf(from.file("exports", `vcf_exports/${name}.vcf.gz`));
}

/** What another VCF is exported as. */
async function exported(vcf: string): Promise<ReadVcf> {
  const other = await genome(EXPORT, vcf);
  onTestFinished(() => other.close());
  await other.make("exports");
  return read("all_annotations", other);
}

/** Its place in the readable tree, beside its index. */
function published(name: string): string {
  return join(made.workspace.paths.output, "anna", "s", "vcf_exports", `${name}.vcf.gz`);
}

test("a record keeps its place, alleles, filter and the sample's fields as the input has them", async () => {
  const { columns, records } = await read("all_annotations");
  expect(columns.at(-1)).toBe("SAMPLE 1");
  expect(records.map(({ line }) => line.split("\t").slice(0, 7).join(" "))).toEqual([
    "chr1 1000 rs11 A G 50.5 PASS",
    "chr1 2000 . T C . q10;odd",
    "chr1 3000 rs7;rs8 C G,T 99.0 .",
    "chr1 4000 =1+1 G * 7.0 PASS",
    "chr2 100 . A <DEL> 7.0 PASS",
    "chr2 500 . A C 7.0 PASS",
    "chr2 500 . A C 8.0 PASS",
  ]);
  expect(records.map(({ sample }) => sample)).toEqual([
    { GT: "1|0", DP: "30", AD: "14,16" },
    { GT: "1/1", AD: ".,20" },
    { GT: "2/1", DP: "8" },
    { GT: "./1" },
    { GT: "0|1", PS: "77" },
    { GT: "0/1" },
    { GT: "./." },
  ]);
});

test("what a module says is typed, under its name, at the record whose genotype it meets", async () => {
  const { meta, records } = await read("all_annotations");
  expect(meta).toContain(
    String.raw`##INFO=<ID=panel_weight,Number=1,Type=Float,Description="weight of module A \"panel\" <b>">`,
  );
  expect(records.map(({ info }) => [info["panel_matches"], info["panel_weight"]])).toEqual([
    ["1", "-0.8"],
    ["1", "0.5"],
    [undefined, undefined],
    [undefined, undefined],
    [undefined, undefined],
    ["1", undefined],
    // The second record of the site is no call: the module looked, and nothing met.
    ["0", undefined],
  ]);
  const own = await read("panel_annotated");
  expect(own.records.map(({ pos }) => pos)).toEqual([1000, 2000, 500, 500]);
});

test("text that wants to be more is inert, and reads back as it was", async () => {
  const { records } = await read("all_annotations");
  const [first] = records;
  expect(first?.info["panel_conclusion"]).toBe("p=0.05; one, two\t100% <script>alert(1)</script> \u202Etxet");
  expect(first?.info["NOTE"]).toBe("<script>a b</script>");
  expect(records[3]?.info["NOTE"]).toBe("x=y");
  for (const { line } of records) {
    expect(line.split("\t")).toHaveLength(10);
    expect(line).not.toMatch(/[ \p{Cf}]|(?!\t)\p{Cc}/u);
  }
});

test("everything that records use is declared, and what is broken in the input's header is not passed on", async () => {
  const { meta, records } = await read("all_annotations");
  const declared = (kind: string): (string | undefined)[] =>
    meta.filter((line) => line.startsWith(`##${kind}=`)).map((line) => /ID=([^,>]+)/.exec(line)?.[1]);
  expect(declared("INFO")).toEqual(
    expect.arrayContaining([...new Set(records.flatMap(({ info }) => Object.keys(info)))]),
  );
  expect(declared("FORMAT")).toEqual(
    expect.arrayContaining([...new Set(records.flatMap(({ sample }) => Object.keys(sample)))]),
  );
  expect(declared("FILTER")).toEqual(["PASS", "q10", "odd"]);
  expect(meta).toContain(String.raw`##INFO=<ID=AC,Number=A,Type=Integer,Description="Alleles, \"counted\"">`);
  expect(meta).toContain("##contig=<ID=chr2,length=242193529,assembly=GRCh38>");
  expect(meta).toContain("##bcftools_viewCommand=view a.vcf; Date=today");
  expect(meta.join("\n")).not.toContain("broken");
});

test("the header says what the file was made from", async () => {
  const { meta } = await read("panel_annotated");
  const { dataVersion } = made.record("user_vcf_normalized");
  expect(meta).toContain(`##karyonInput=<ID=user_vcf_normalized,DataVersion=${dataVersion}>`);
  expect(meta.find((line) => line.startsWith("##karyonModule=<ID=panel,"))).toContain("Digest=");
  expect(meta.find((line) => line.startsWith("##karyonSource="))).toMatch(
    /Name=genome\.vcf.*SHA256=[0-9a-f]{64}/,
  );
});

test("a join with Ensembl is used when it is there, is not made for this, and makes the export stale when it comes", async () => {
  const names = (): string[] => made.record("exports").files.map(({ name }) => name);
  const status = async (asset: string): Promise<unknown> =>
    (await made.workspace.statuses(made.partition)).get(asset as AssetKey);
  expect(names()).not.toContain("vcf_exports/ensembl_annotated.vcf.gz");
  expect(await status("joined")).toEqual({ state: "missing" });
  expect(await status("exports")).toEqual({ state: "fresh" });
  await made.make("joined");
  expect(await status("exports")).toEqual({
    state: "stale",
    causes: [{ kind: "input", asset: "joined", change: "added" }],
  });
  await made.make("exports");
  expect(names()).toContain("vcf_exports/ensembl_annotated.vcf.gz.tbi");
  const { records } = await read("all_annotations");
  expect(records[0]?.info).toMatchObject({ ensembl_match: "exact", ensembl_id: "1,2", panel_matches: "1" });
  expect(records[1]?.info["ensembl_match"]).toBeUndefined();
});

test("the index leads to the records of a region", async () => {
  const lines = await linesByIndex(published("all_annotations"), "chr1", 2000, 3000);
  expect(lines.map((line) => line.split("\t")[1])).toEqual(["2000", "3000"]);
});

test("of a gVCF the alleles that the fields count are all there", async () => {
  const vcf = [
    "##fileformat=VCFv4.2",
    "##contig=<ID=1,length=248956422>",
    '##ALT=<ID=NON_REF,Description="Any other">',
    '##INFO=<ID=END,Number=1,Type=Integer,Description="End">',
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
    '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Depth by allele">',
    '##FORMAT=<ID=PL,Number=G,Type=Integer,Description="Likelihoods">',
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS",
    "1\t1000\t.\tA\tG,<NON_REF>\t50\t.\t.\tGT:AD:PL\t0/1:9,8,0:1,2,3,4,5,6",
    "1\t1001\t.\tC\t<NON_REF>\t.\t.\tEND=1999\tGT:PL\t0/0:0,30,300",
    "",
  ].join("\n");
  const { records } = await exported(vcf);
  expect(records.map(({ ref, alt, info }) => [ref, alt, info["END"]])).toEqual([
    ["A", "G,<NON_REF>", undefined],
    ["C", "<NON_REF>", "1999"],
  ]);
});

test("a GT that readers stop at is the no-call that it was read as, or is told as they take it", async () => {
  const vcf = [
    "##fileformat=VCFv4.2",
    "##contig=<ID=1,length=248956422>",
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS",
    ...["a/b", "0/", "0|1", ".", "|1|0", "/0/1", "|1", "99999/0"].map(
      (gt, at) => `1\t${1000 + at}\t.\tA\tG\t50\t.\t.\tGT\t${gt}`,
    ),
    "",
  ].join("\n");
  const { records } = await exported(vcf);
  const told = ["./.", "./.", "0|1", ".", "1|0", "0/1", "1", "./."];
  expect(records.map(({ sample }) => sample["GT"])).toEqual(told);
});

test("a record that ends beyond what the index holds is refused in words", async () => {
  const vcf = [
    "##fileformat=VCFv4.2",
    "##contig=<ID=1,length=248956422>",
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO",
    "1\t2147483647\t.\tAT\tG\t50\t.\t.",
    "",
  ].join("\n");
  await expect(exported(vcf)).rejects.toThrow(/a record of 1 ends at \d+, beyond the 536870912/);
});

test("no two fields share an ID, also where the input was exported before, and no field of a sample is a flag", async () => {
  const vcf = [
    "##fileformat=VCFv4.2",
    "##contig=<ID=1,length=248956422>",
    '##INFO=<ID=panel_matches,Number=1,Type=Integer,Description="Of another run">',
    '##INFO=<ID=panel_weight,Number=1,Type=Float,Description="Of another run">',
    '##INFO=<ID=A-B,Number=1,Type=String,Description="Minus">',
    '##INFO=<ID=A_B,Number=1,Type=String,Description="Underscore">',
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
    '##FORMAT=<ID=SB,Number=0,Type=Flag,Description="Strand bias">',
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS",
    "1\t1000\t.\tA\tG\t50\t.\tpanel_matches=7;panel_weight=0.25;A-B=x;A_B=y\tGT:SB\t0/1:1",
    "1\t1001\t.\tA\tG\t50\t.\t.\tGT\t0/1",
    "",
  ].join("\n");
  const { meta, records } = await exported(vcf);
  const ids = meta.flatMap((line) => /^##INFO=<ID=([^,]+)/.exec(line)?.[1] ?? []);
  expect(ids).toHaveLength(new Set(ids).size);
  expect(meta).toContain('##FORMAT=<ID=SB,Number=1,Type=Integer,Description="Strand bias">');
  expect(records[0]?.info).toMatchObject({
    panel_matches: "7",
    panel_weight: "0.25",
    A_B: "x",
    A_B_: "y",
    panel_matches_: "1",
    panel_weight_: "-0.8",
  });
  expect(records.map(({ sample }) => sample)).toEqual([{ GT: "0/1", SB: "1" }, { GT: "0/1" }]);
});

test("without contigs in its header, an input's names are those of its records", async () => {
  const names = ["chr1", "chrM", "chr1_KI270706v1_random", "chrUn_KI270302v1", "HLA-A*01:01:01:01"];
  const vcf = [
    "##fileformat=VCFv4.2",
    "##reference=GRCh38",
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS",
    ...names.map((name) => `${name}\t1000\t.\tA\tG\t50\t.\t.\tGT\t0/1`),
    "",
  ].join("\n");
  const { meta, records } = await exported(vcf);
  expect(records.map(({ chrom }) => chrom).toSorted()).toEqual(names.toSorted());
  expect(meta.filter((line) => line.startsWith("##contig="))).toHaveLength(names.length);
});

test("a sample without a name gets one", async () => {
  const vcf = [
    "##fileformat=VCFv4.2",
    "##reference=GRCh38",
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t",
    "1\t1000\t.\tA\tG\t50\t.\t.\tGT\t0/1",
    "",
  ].join("\n");
  const { columns, records } = await exported(vcf);
  expect(columns.at(-1)).toBe("SAMPLE");
  expect(records).toMatchObject([{ sample: { GT: "0/1" } }]);
});

test("a table that lost the order of the variants is refused in words", async () => {
  const cells = EXPORT.replace(
    "\nfrom user_vcf_normalized\n",
    "\nfrom user_vcf_normalized order by start desc\n",
  );
  const other = await genome(cells);
  onTestFinished(() => other.close());
  await other.make("joined");
  await expect(other.make("exports")).rejects.toThrow(
    /"code":"asset","message":"records of chr1 are not (?:in order|together)"/,
  );
});

test("of two records that say the same each meets what one alone would", async () => {
  const record = "1\t1000\trs11\tA\tG\t50\t.\t";
  const vcf = [
    "##fileformat=VCFv4.2",
    "##contig=<ID=1,length=248956422>",
    '##INFO=<ID=DP,Number=1,Type=Integer,Description="Depth">',
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS",
    ...[20, 20, 30].map((depth) => `${record}DP=${depth}\tGT\t0/1`),
    "",
  ].join("\n");
  const other = await genome(EXPORT, vcf);
  onTestFinished(() => other.close());
  await other.make("exports");
  for (const name of ["panel_annotated", "all_annotations"]) {
    const { records } = await read(name, other);
    const said = records.map(({ info }) => `${info["DP"]} ${info["panel_matches"]}`);
    expect(said.toSorted()).toEqual(["20 1", "20 1", "30 1"]);
  }
});

const run = promisify(execFile);
const bcftools = await run("bcftools", ["--version"]).then(
  () => true,
  () => false,
);

test.skipIf(!bcftools)(
  bcftools ? "bcftools reads every file as it is" : "bcftools is not on this machine: it was not asked",
  async () => {
    for (const name of ["panel_annotated", "ensembl_annotated", "all_annotations"]) {
      const path = published(name);
      const { stdout, stderr } = await run("bcftools", ["view", "--no-version", "-H", path]);
      expect(stderr).toBe("");
      expect(stdout.trimEnd().split("\n")).toHaveLength((await readVcf(path)).records.length);
      expect((await run("bcftools", ["index", "--nrecords", path])).stderr).toBe("");
    }
    const query = ["query", "-f", "%CHROM:%POS %REF %ALT[ %GT]\n"];
    const ours = await run("bcftools", [...query, published("all_annotations")]);
    const input = await run("bcftools", [...query, join(made.root, "genome.vcf")]);
    expect(ours.stdout).toBe(input.stdout);
  },
);
