import { join } from "node:path";

import { DuckDBInstance } from "@duckdb/node-api";

import { ENSEMBL_COLUMNS } from "../../../kernel/reference/columns.ts";

/* The join as one statement that a person would write for DuckDB: SHARDS SCRATCH once|all VARIANTS */

const [folder = "", scratch = "", how, variants = ""] = process.argv.slice(2);
const database = await DuckDBInstance.create(":memory:", { temp_directory: join(scratch, "spill") });
const connection = await database.connect();
const own = (await connection.runAndReadAll(`describe from read_parquet('${variants}')`))
  .getRows()
  .map(([name]) => String(name));
const added = ENSEMBL_COLUMNS.flatMap(({ name }) => {
  if (name === "chrom") return [];
  return [`e."${name}" as "${name === "id" || own.includes(name) ? `${name}_ensembl` : name}"`];
});
const pairs = `
  (select *, file_row_number as place from read_parquet('${variants}', file_row_number = true)) as v
  left join (select *, unnest(string_split(alt, '|')) as allele from read_parquet('${folder}/*.parquet')) as e
  on v.chrom = e.chrom and v.start = e.start and v.ref = e.ref and v.alt = e.allele`;
const all = `select v.* exclude (file_row_number, place), ${added.join(", ")} from ${pairs}`;
const once = `
  select * exclude (place, same, number) from (
    select v.* exclude (file_row_number), ${added.join(", ")}, v.alt = e.alt as same,
      coalesce(try_cast(substr(e.id, 3) as bigint), 8589934592) as number
    from ${pairs})
  qualify row_number() over (partition by place order by same desc, number) = 1
  order by place`;
await connection.run(
  `copy (${how === "once" ? once : all}) to '${join(scratch, "joined.parquet")}' (format parquet, compression zstd)`,
);
connection.closeSync();
