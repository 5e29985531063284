import { join } from "node:path";

import { DuckDBInstance } from "@duckdb/node-api";

/* The kept records of a synthetic genome by one statement that a person would write for DuckDB: SCRATCH VCF */

const [scratch = "", path = ""] = process.argv.slice(2);
const database = await DuckDBInstance.create(":memory:", { temp_directory: join(scratch, "spill") });
const connection = await database.connect();
const texts = ["chrom", "id", "ref", "alt", "qual", "filter", "info", "format", "sample"];
const names = ["chrom", "pos", ...texts.slice(1)];
const columns = names.map((name) => `${name}: '${texts.includes(name) ? "VARCHAR" : "UINTEGER"}'`);
const list = (field: number, type: string): string =>
  `list_transform(string_split(f[${field}], ','), lambda text: try_cast(text as ${type}))`;
await connection.run(
  `copy (
     with lines as (
       select *, string_split(sample, ':') as f
       from read_csv('${path}', columns = {${columns.join(", ")}}, auto_detect = false, header = false,
         delim = '\t', comment = '#', quote = '', escape = '', compression = 'gzip')
     ),
     records as (
       select if(chrom = 'chrM', 'MT', substr(chrom, 4)) as chrom, pos as start, (pos + length(ref) - 1)::uinteger as "end",
         if(id = '.', '', id) as rsid, upper(ref) as ref, replace(upper(alt), ',', '|') as alt, try_cast(qual as double) as qual, filter,
         f[1] as "GT", try_cast(f[2] as integer) as "GQ", try_cast(f[3] as integer) as "DP",
         ${list(4, "integer")} as "AD", ${list(5, "float")} as "VAF", ${list(6, "integer")} as "PL"
       from lines
     )
     select *, list_sort(list_transform(string_split_regex("GT", '[/|]'),
       lambda allele: if(allele = '0', ref, string_split(alt, '|')[try_cast(allele as integer)]))) as genotype
     from records
     where filter in ('PASS', '.') and coalesce(qual >= 20, true) and coalesce("DP" >= 10, true)
   ) to '${join(scratch, "records.parquet")}' (format parquet, compression zstd)`,
);
connection.closeSync();
