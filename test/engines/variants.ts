import { join } from "node:path";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import { folder, opened } from "./reading.ts";

/** 10,000 variants of four contigs, written by DuckDB; every seventh has no quality, every third no rsid. */
const VARIANTS = `
  select 'chr' || (1 + i // 2500) as chrom, (i * 37)::integer as start, ['A', 'C', 'G', 'T'][1 + i % 4] as "ref",
    case when i % 3 > 0 then 'rs' || i end as rsid, case when i % 7 > 0 then i / 16 end as qual,
    case when i % 5 = 0 then [] when i % 5 = 1 then null else ['A', 'G'] end as genotype,
    9007199254740993 + i as big, i % 2 = 0 as even, date '2024-01-01' + (i % 300)::integer as seen
  from range(10000) t(i)`;

export async function variants(): Promise<string> {
  const path = join(await folder(), "variants.parquet");
  const connection = await opened(duckdb);
  await connection.sink(VARIANTS, path, { rowGroupRows: 2048 });
  return path;
}
