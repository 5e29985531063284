import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { beforeAll, expect, test } from "vitest";

import type { RunView } from "#protocol/view.ts";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import type { AnnotateResult } from "../../server/cli/annotate-result.ts";
import { of23andMe, ofAncestry, ofMyHeritage } from "../support/array-file.ts";
import type { CallLine } from "../support/array-file.ts";
import { karyon, karyonJson, temporaryFolder } from "../support/karyon.ts";

const NOTEBOOKS = fileURLToPath(new URL("../../notebooks", import.meta.url));

/** A module site of the synthetic genome, with what its VCF must give there. */
interface Truth {
  readonly module: string;
  readonly rsid: string;
  readonly chrom: string;
  readonly start: string;
  readonly ref: string;
  readonly genotype: string;
  readonly status: string;
  readonly weights: string;
}

let workspace: string;
/** Sites of one base of which the VCF calls both copies, or the one, under the rsID of one place. */
let called: readonly Truth[];
let calls: readonly CallLine[];

/** A workspace with a synthetic genome; its calls at the modules' sites are what an array would have read. */
beforeAll(async () => {
  workspace = await temporaryFolder("array");
  await cp(NOTEBOOKS, join(workspace, "notebooks"), { recursive: true });
  await karyon(
    workspace,
    "synth",
    "--records",
    "20000",
    "--seed",
    "3",
    "--out",
    join(workspace, "genome.vcf"),
  );
  const truth = await truthOf(join(workspace, "genome.truth.tsv"));
  const places = new Map<string, Set<string>>();
  for (const { rsid, chrom, start } of truth)
    places.set(rsid, new Set(places.get(rsid)).add(`${chrom}:${start}`));
  called = truth.filter(
    ({ rsid, ref, genotype, status }) =>
      /^rs\d+$/.test(rsid) &&
      places.get(rsid)?.size === 1 &&
      ref.length === 1 &&
      /^[ACGT](\/[ACGT])?$/.test(genotype) &&
      // Other genotypes are made of any base: of some the complement would fit.
      ["called_match", "called_hom_ref"].includes(status),
  );
  const byId = new Map(called.map((site) => [site.rsid, site]));
  // Positions of another build: whatever is matched by them is wrong.
  calls = [...byId.values()].map(({ rsid, chrom, start, genotype }) => [
    rsid,
    chrom,
    Number(start) - 7_919,
    genotype.replace("/", ""),
  ]);
}, 60_000);

async function truthOf(path: string): Promise<Truth[]> {
  const [head = "", ...lines] = (await readFile(path, "utf8")).trimEnd().split("\n");
  const names = head.split("\t");
  return lines.map((line) => {
    const values = line.split("\t");
    return Object.fromEntries(names.map((name, at) => [name, values[at] ?? ""])) as unknown as Truth;
  });
}

test.each([
  ["23andMe", "genome_v5.txt", of23andMe],
  ["AncestryDNA", "AncestryDNA.txt", ofAncestry],
  ["MyHeritage", "MyHeritage.csv", ofMyHeritage],
])(
  "an array file of %s gives the matches that the VCF gives, by rsID",
  async (vendor, name, write) => {
    const path = join(workspace, name);
    await writeFile(path, write(calls));
    const result = await karyonJson<AnnotateResult>(workspace, "annotate", path, "-u", "anna");
    expect(result).toMatchObject({ state: "done", error: null, build: { detected: "GRCh37" } });
    const sample = name.replace(/\..*/, "");
    const output = join(workspace, "data/output/users/anna", sample);
    const connection = await duckdb.open({ spillDirectory: join(workspace, "spill") });
    const matched = await connection.rows<Row>(
      `select module, rsid, array_to_string(genotype, '/') as genotype, list(weight) as weights
       from read_parquet('${join(output, "user_hf_module_annotations.parquet")}') group by all order by all`,
    );
    const sites = await connection.rows<{
      module: string;
      rsid: string;
      status: string;
      detail: string | null;
    }>(`select module, rsid, status from read_parquet('${join(output, "modules/sites.parquet")}')`);
    connection.close();
    const planted = called
      .filter(({ status }) => status === "called_match")
      .map(({ weights, ...site }) => ({
        ...site,
        weights: weights.split(";").map((weight) => (weight === "." ? null : Number(weight))),
      }));
    expect(planted.length).toBeGreaterThan(100);
    expect(matched.map(keyed).toSorted()).toEqual(planted.map(keyed).toSorted());
    const statusOf = new Map(sites.map(({ module, rsid, status }) => [`${module} ${rsid}`, status]));
    const other = called.filter(({ module, rsid, status }) => statusOf.get(`${module} ${rsid}`) !== status);
    expect(other).toEqual([]);
    const ids = new Set(calls.map(([id]) => id));
    expect(sites.filter(({ rsid, status }) => !ids.has(rsid) && status !== "no_data")).toEqual([]);
    const report = await readFile(result.report ?? "", "utf8");
    expect(report).toContain(vendor);
    expect(report).toContain("raw data of a genotyping array, matched by rsID");
    expect(report).toMatch(
      /GRCh37<\/b> by its header, which says (?:build ?37); none of its positions is compared/,
    );
  },
  60_000,
);

test("a call of an array is traced to its line, and to the rows of modules, by rsID", async () => {
  const site = called.find(({ status }) => status === "called_match");
  const at = calls.findIndex(([id]) => id === site?.rsid);
  const { stdout, code } = await karyon(workspace, "trace", "anna/genome_v5", site?.rsid ?? "");
  expect(code).toBe(0);
  expect(stdout).toContain(`genome_v5.txt, line ${at + 5}: kept: read as ${site?.genotype}, called\n`);
  expect(stdout).toContain(`\n  ${calls[at]?.join("\t")}\n`);
  expect(stdout).toContain(
    "matched: by rsID and genotype, as calls of an array have no position that can be compared",
  );
});

test.each([["export_vcf", "no VCF can be written of genome_v5.txt"]])(
  "%s of an array file is refused in words of the field",
  async (job, message) => {
    const run = await karyonJson<RunView>(workspace, "job", "run", job, "--partition", "anna/genome_v5");
    expect(run.state).toBe("failed");
    expect(JSON.stringify(run.steps)).toContain(message);
  },
);

interface Row {
  readonly module: string;
  readonly rsid: string;
  readonly genotype: string;
  readonly weights: readonly (number | null)[];
}

function keyed({ module, rsid, genotype, weights }: Row): string {
  return [module, rsid, genotype, ...weights].join(" ");
}
