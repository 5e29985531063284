import { mkdir, open, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import { quoteName, quoteText } from "../../kernel/engines/engine.ts";
import { ENSEMBL_COLUMNS, REFERENCE_CONTIGS, shardName } from "../../kernel/reference/columns.ts";
import { NORMALIZED_FILE } from "../../kernel/sources/source.ts";
import { vcf } from "../../kernel/sources/vcf/vcf.ts";
import { synthesiseReference } from "../../kernel/synth/reference.ts";
import type { Genome } from "./benchmark.ts";
import { run } from "./measure.ts";

const SEED = 1;
const QUIET = { signal: new AbortController().signal, progress: (): void => {} };
/** What is taken over from the reference by the peers. */
export const FIELDS: readonly string[] = ["MAF", "TSA", "AA"];
/** Columns of the reference that a VCF holds outside INFO. */
const OUTSIDE = new Set(["chrom", "start", "end", "id", "ref", "alt", "qual", "filter"]);
/** What Ensembl's own VCF says in INFO, which the columns come from. */
const ENTRIES = ENSEMBL_COLUMNS.filter(({ name }) => !OUTSIDE.has(name)).map(({ name, type }) => ({
  id: name.toUpperCase(),
  column: quoteName(name),
  type: { BOOLEAN: "Flag", FLOAT: "Float", INTEGER: "Integer" }[type] ?? "String",
}));

const HEADER = [
  "##fileformat=VCFv4.2",
  ...ENTRIES.map(
    ({ id, type }) =>
      `##INFO=<ID=${id},Number=${type === "Flag" ? 0 : 1},Type=${type},Description="Of the variant">`,
  ),
  ...REFERENCE_CONTIGS.map((contig) => `##contig=<ID=${vcfContig(contig)}>`),
  "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO",
  "",
].join("\n");

/** Normalised variants of a genome, in a folder of its own. @returns the path of the table */
export async function normalised({ path }: Genome, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const spillDirectory = join(folder, "spill");
  await vcf.ingest(
    { paths: [path], sample: null, filters: {}, staging: folder, spillDirectory },
    duckdb,
    QUIET,
  );
  return join(folder, NORMALIZED_FILE);
}

/** Shards of a reference that knows the variants. */
export async function makeReference(records: number, variants: string, folder: string): Promise<string> {
  const connection = await duckdb.open({ spillDirectory: join(folder, "spill") });
  const request = { records, seed: SEED, out: folder, genome: variants };
  await synthesiseReference(request, connection, QUIET);
  connection.close();
  return folder;
}

/** The same reference as bcftools and vcfanno read it; false when a program is not there that has to make it. */
export async function makeReferenceVcf(shards: string, target: string): Promise<boolean> {
  const connection = await duckdb.open({ spillDirectory: join(shards, "spill") });
  const body = `${target}.body`;
  try {
    await writeFile(body, HEADER);
    if (!(await compressed(body, target, "w"))) return false;
    for (const contig of REFERENCE_CONTIGS) {
      await connection.run(`copy (${vcfSql(contig, join(shards, shardName(contig)))})
        to ${quoteText(body)} (format csv, delimiter '\\t', header false, quote '', escape '')`);
      await compressed(body, target, "a");
    }
    return await run("tabix", ["-p", "vcf", target]);
  } finally {
    connection.close();
    await rm(body, { force: true });
  }
}

/** How vcfanno is told the same. */
export async function writeVcfannoConfig(reference: string, target: string): Promise<void> {
  const list = (words: readonly string[]): string => JSON.stringify(words);
  await writeFile(
    target,
    `[[annotation]]\nfile=${JSON.stringify(reference)}\nfields=${list(FIELDS)}\nops=${list(FIELDS.map(() => "self"))}\nnames=${list(FIELDS)}\n`,
  );
}

function vcfSql(contig: string, shard: string): string {
  const info = ENTRIES.map(({ id, column, type }) =>
    type === "Flag" ? `case when ${column} then '${id}' end` : `'${id}=' || ${column}`,
  );
  return `select ${quoteText(vcfContig(contig))}, start, id, ref, replace(alt, '|', ','), '.', '.', concat_ws(';', ${info.join()})
    from read_parquet(${quoteText(shard)})`;
}

/** As the synthetic genomes call it. */
function vcfContig(contig: string): string {
  return contig === "MT" ? "chrM" : `chr${contig}`;
}

/** Blocks of bgzip may follow one another in one file. */
async function compressed(body: string, target: string, flags: "w" | "a"): Promise<boolean> {
  const out = await open(target, flags);
  try {
    return await run("bgzip", ["-c", "-@", "2", body], out.fd);
  } finally {
    await out.close();
  }
}
