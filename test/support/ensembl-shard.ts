import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import { ENSEMBL_COLUMNS } from "../../kernel/reference/columns.ts";

const STATED: readonly string[] = ["start", "ref", "alt", "id"];

/** Puts one contig of an Ensembl reference where a workspace looks for it; `rows` are `(start, 'ref', 'alt', 'id'), …`. */
export async function writeShard(workspace: string, chrom: string, rows: string): Promise<void> {
  const folder = join(workspace, "data/cache/ensembl_variations/data");
  await mkdir(folder, { recursive: true });
  const columns = ENSEMBL_COLUMNS.map(({ name, type }) => {
    const value = STATED.includes(name) ? name : name === "chrom" ? `'${chrom}'` : "null";
    return `${value}::${type} as "${name}"`;
  });
  const connection = await duckdb.open({ spillDirectory: join(workspace, "spill") });
  const sql = `select ${columns.join(", ")} from (values ${rows}) as v(start, ref, alt, id)`;
  await connection.sink(sql, join(folder, `homo_sapiens-chr${chrom}.parquet`));
  connection.close();
}
