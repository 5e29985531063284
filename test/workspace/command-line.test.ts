import { mkdir, readFile, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { beforeAll, describe, expect, test } from "vitest";

import type { RunView } from "#protocol/view.ts";

import type { AnnotateResult } from "../../server/cli/annotate-result.ts";
import { duckdb } from "../../kernel/engines/duckdb.ts";
import { endOf, karyon, karyonJson, startKaryon } from "../support/karyon.ts";
import { call, vcfOf } from "../sources/vcf-case.ts";
import { SAMPLE, annotatedWorkspace, whyOf } from "./annotated-workspace.ts";

let workspace: string;
let genome: string;

beforeAll(async () => {
  ({ workspace, genome } = await annotatedWorkspace());
});

describe("annotate-modules", () => {
  test("prints one object that says what was read, kept, matched and written", async () => {
    const result = await karyonJson<AnnotateResult>(workspace, "annotate", genome, "-u", "anna");
    expect(result).toMatchObject({
      partition: SAMPLE,
      state: "done",
      records: { read: 20_000 },
      build: { detected: "GRCh38", how: expect.stringMatching(/^by 2\d contig lengths$/) },
      error: null,
    });
    expect(result.modules.map(({ name, status }) => `${name} ${status}`)).toEqual([
      "longevitymap annotated",
      "lipidmetabolism annotated",
      "vo2max annotated",
      "superhuman annotated",
      "coronary annotated",
    ]);
    expect(await readFile(result.report ?? "", "utf8")).toContain("<!doctype html>");
    const reports = await readdir(join(workspace, "data/output/users/anna/genome/reports"));
    expect(reports.filter((name) => /^longevity_report_\d{8}_\d{6}\.html$/.test(name))).not.toEqual([]);
  });

  test("finds in a synthetic genome exactly the matches that were planted", async () => {
    const connection = await duckdb.open({ spillDirectory: join(workspace, "spill") });
    const output = join(workspace, "data/output/users/anna/genome");
    const rows = await connection.rows<{ planted: number; matched: number; status: string }>(
      `with truth as (
         select module, rsid, coalesce(chrom, '') as chrom, coalesce(start::integer, 0) as start, status, rows::integer as planted
         from read_csv('${join(workspace, "genome.truth.tsv")}', delim = '\t', header = true, all_varchar = true, nullstr = '.')),
       matched as (
         select module, rsid, chrom, start, count(*)::integer as matched
         from read_parquet('${join(output, "user_hf_module_annotations.parquet")}') where genotype_evidence = 'called' group by all),
       site as (
         select module, rsid, coalesce(chrom, '') as chrom, coalesce(start, 0) as start, status
         from read_parquet('${join(output, "modules/sites.parquet")}'))
       select coalesce(planted, 0) as planted, coalesce(matched, 0) as matched,
         case when truth.status is not distinct from site.status then 'as planted' else 'otherwise' end as status
       from truth full join matched using (module, rsid, chrom, start) full join site using (module, rsid, chrom, start)`,
    );
    connection.close();
    expect(rows.length).toBeGreaterThan(600);
    expect(rows.filter(({ planted }) => planted > 0).length).toBeGreaterThan(100);
    expect(
      rows.filter(({ planted, matched, status }) => planted !== matched || status !== "as planted"),
    ).toEqual([]);
  });

  test("does nothing, and says so, when nothing changed", async () => {
    const result = await karyonJson<AnnotateResult>(workspace, "annotate", genome, "-u", "anna");
    expect(result.unchanged).toBe(true);
    const run = await karyonJson<RunView>(workspace, "run", "show", String(result.run));
    expect(run.steps).toEqual([]);
    expect((await karyon(workspace, "annotate", genome, "-u", "anna")).stdout).toContain(
      "Nothing had changed: nothing was done.",
    );
  });

  test.each([
    [
      "an unknown module",
      ["annotate", "genome.vcf.gz", "-u", "anna", "-m", "coronry"],
      2,
      "Write coronary if that is what you mean",
    ],
    ["no such file", ["annotate", "nowhere.vcf", "-u", "anna"], 2, "no such file"],
    [
      "a user that would leave the folder",
      ["annotate", "genome.vcf.gz", "-u", ".."],
      2,
      "not a partition key",
    ],
    ["an unknown command", ["anotate"], 2, "Did you mean annotate"],
    ["a missing option", ["annotate-modules", "--vcf", "genome.vcf.gz"], 2, "--user"],
    ["half a command", ["partitions"], 2, "a command is missing"],
    ["a number that is none", ["log", "--limit", "ten"], 2, "not a value for limit: ten"],
    ["rows that are no number", ["notebook", "export", "x", "--rows", "ten"], 2, "not a number: ten"],
    [
      "a word that is not one of a few",
      ["notebook", "export", "x", "--code", "maybe"],
      2,
      "Write shown, folded, left-out.",
    ],
    ["no day of the calendar", ["as-of", "2026-02-30"], 2, "not a time: 2026-02-30"],
    ["a key of three parts", ["partitions", "add", "a/b/c"], 2, 'not a partition key: \\"a/b/c\\"'],
    ["a misspelt sample", ["why", "user_longevity_report", "anna/genom"], 2, `Write ${SAMPLE} if`],
    ["a misspelt sample of an export", ["notebook", "export", "x", "--partition", "anna/geno"], 2, SAMPLE],
    ["a misspelt option where one is needed", ["annotate-modules", "--user", "x", "--vfc", "y"], 2, "--vfc"],
    ["a word too many", ["notebook", "list", "x"], 2, "See karyon notebook list --help."],
    ["a list without a name", ["partitions", "add", "x/y", "--modules", " ,"], 2, "no name: "],
    [
      "a genome for no reference",
      ["synth", "--records", "5", "--genome", "x", "--out", "x.vcf"],
      2,
      "--reference",
    ],
    ["no repository", ["download-ensembl", "--repo", "x"], 2, "not a value for repo: x"],
    ["a file without end", ["report", "verify", "/dev/zero"], 2, "cannot read zero"],
    ["no key", ["keys", "set", "move-up", "Ctrl+u"], 2, "Write one key, such as "],
    [
      "a filter that is less strict",
      ["what-if-keep-filters", "user_hf_module_annotations", SAMPLE, "--min-qual", "1"],
      2,
      "min_qual 1 is less strict than 20, which stands",
    ],
  ])("%s is refused in words, and as one value", async (_what, words, code, said) => {
    const { code: exit, stdout } = await karyon(
      workspace,
      "--json",
      ...words.map((word) => (word === "genome.vcf.gz" ? genome : word)),
    );
    expect(exit).toBe(code);
    expect(JSON.parse(stdout)).toEqual({ error: expect.objectContaining({ code: "usage" }) });
    expect(stdout).toContain(said);
  });

  test("a run chooses the engine: made on it, said by the run, by why and by the history", async () => {
    await writeFile(
      join(workspace, "notebooks/engines.md"),
      "```sql numbers asset\nselect 1 as n\n```\n\n```sql counted asset\nselect n, n + 1 as more from numbers\n```\n",
    );
    const materialise = ["asset", "materialize", "--select", "counted"];
    await karyon(workspace, ...materialise);
    const planned = await karyon(workspace, "plan", "counted", "--engine", "polars");
    expect(planned.stdout).toMatch(/counted .*stale: engine of the run none → polars \d[^,]*\n/);
    const run = await karyonJson<RunView>(workspace, ...materialise, "--engine", "polars");
    expect(run).toMatchObject({ engine: "polars", state: "done", steps: [{ state: "done" }] });
    expect(run.steps[0]?.engine).toMatch(/^polars \d/);

    const said = async (...words: string[]): Promise<string> => (await karyon(workspace, ...words)).stdout;
    expect(await said("why", "counted")).toMatch(/^counted: fresh\n.*\n.*polars \S+, chosen for its run\n/);
    expect(await said("history", "counted")).toMatch(/ on polars \S+, chosen for its run/);
    expect(await said("lineage", "counted")).toMatch(/ on polars \S+, chosen for its run/);
    expect(await said("run", "show", String(run.id))).toMatch(/ counted on polars\n.* on polars \d/);
    expect(await said("run", "list")).toContain("counted on polars");
    expect(await said("run", "log", String(run.id))).toContain("counted on polars, 1 step");
    expect(await said(...materialise, "--engine", "polars")).toMatch(
      /counted is made on polars \S+ already\./,
    );

    const refused = await karyon(workspace, ...materialise, "--engine", "spark");
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    expect(refused.stderr).toBe("karyon: no such engine: spark\n  There are duckdb, polars.\n");
    const nothing = ["job", "run", "annotate_and_report_job", "--partition", SAMPLE, "--engine", "polars"];
    expect(await karyon(workspace, ...nothing)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("nothing of this can run on polars: "),
    });
  });

  test("a command whose reader has read enough ends as it would have", async () => {
    const command = startKaryon(workspace, "list-modules");
    command.stdout?.destroy();
    expect(await endOf(command)).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  test("a file whose name cannot be that of a sample asks for another", async () => {
    const odd = join(workspace, "..vcf");
    await writeFile(odd, vcfOf({ records: [call("0/1")] }));
    const { code, stderr } = await karyon(workspace, "annotate", odd, "-u", "anna");
    expect(code).toBe(2);
    expect(stderr).toContain("Give it a name with --sample.");
  });

  test("a file of another build is refused with the contig that shows it, and leaves no sample", async () => {
    const other = join(workspace, "old.vcf");
    const header =
      "##fileformat=VCFv4.2\n##contig=<ID=chr1,length=249250621>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tX\n";
    await writeFile(other, `${header}chr1\t100\t.\tA\tG\t50\tPASS\t.\tGT\t0/1\n`);
    const result = await karyonJson<AnnotateResult>(workspace, "annotate", other, "-u", "anna");
    expect((await karyon(workspace, "partitions", "list")).stdout).not.toContain("anna/old");
    expect(result.error?.message).toContain("genome build is GRCh37: contig chr1 is 249250621 bases long");
  });
});

test("lineage names what an output was made from, with versions", async () => {
  const lineage = await karyonJson<{
    upstream: { asset: string; data_version: string }[];
    self: { modules: { name: string; version: string }[] };
  }>(workspace, "lineage", "user_hf_module_annotations", SAMPLE);
  expect(lineage.upstream.map(({ asset }) => asset)).toEqual(
    expect.arrayContaining(["user_vcf_source", "modules/coronary"]),
  );
  for (const { data_version } of lineage.upstream) expect(data_version).toMatch(/^[0-9a-f]{64}$/);
  expect(lineage.self.modules).toContainEqual(
    expect.objectContaining({ name: "coronary", version: "1.0.0" }),
  );
});

test("the report's job needs annotations, and says how to make them", async () => {
  await karyon(workspace, "partitions", "add", "carla/genome", "--vcf", genome);
  const { code, stderr } = await karyon(
    workspace,
    "job",
    "run",
    "generate_longevity_report_job",
    "--partition",
    "carla/genome",
  );
  expect(code).toBe(1);
  expect(stderr).toContain("user_hf_module_annotations of carla/genome is missing");
});

test("removing a partition removes its outputs and no others, and never the source", async () => {
  await karyon(workspace, "annotate", genome, "-u", "dora");
  const exports = join(workspace, "data/output/exports");
  await mkdir(exports);
  const hers = ["a.dora.genome.html", "b%2Ec.dora.genome.20261122T140200Z.html"].map((name) =>
    join(exports, name),
  );
  const others = [
    "a.anna.genome.html",
    "a.eudora.genome.html",
    "a.anna.dora.genome.html",
    "a.dora.genome.2.html",
    "a.dora.genome.txt",
  ];
  for (const path of [...hers, ...others.map((name) => join(exports, name))]) await writeFile(path, "");
  const receipt = await karyonJson<{
    assets: string[];
    objects: number;
    sources_kept: string[];
    exports_kept: string[];
  }>(workspace, "partitions", "rm", "dora/genome");
  expect(receipt.exports_kept).toEqual(hers);
  for (const path of hers) expect((await stat(path)).isFile()).toBe(true);
  expect(receipt.assets).toContain("user_vcf_normalized");
  expect(receipt.sources_kept).toEqual([genome]);
  expect((await stat(genome)).isFile()).toBe(true);
  await expect(stat(join(workspace, "data/output/users/dora/genome"))).rejects.toThrow("ENOENT");
  // Both had the same normalised variants: the object is one, and anna still needs it.
  expect(await whyOf(workspace, "user_vcf_normalized", SAMPLE)).toEqual({ state: "fresh" });
  expect(
    (await karyon(workspace, "asset", "materialize", "--select", "records_by_contig", "--partition", SAMPLE))
      .code,
  ).toBe(0);
});
