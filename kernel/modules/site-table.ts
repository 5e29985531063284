import { join } from "node:path";

import type { Connection } from "../engines/engine.ts";
import { numberedRows } from "../engines/parquet-rows.ts";

/** One place of one variant of a module, with every genotype that the module states. */
export interface ModuleSite {
  readonly module: string;
  /** The variant's key when it has no rsID. */
  readonly rsid: string;
  /** Null, with `start`, when the place is not known. */
  readonly chrom: string | null;
  /** 1-based. */
  readonly start: number | null;
  readonly ref: string | null;
  /** Empty when the module states none. */
  readonly alts: readonly string[];
  /** In authored order, alleles as authored. */
  readonly genotypes: readonly { readonly alleles: readonly string[]; readonly weight: number | null }[];
}

/** The places of compiled modules, by module, then in authored order. */
export async function siteTable(
  modules: readonly { readonly name: string; readonly directory: string }[],
  connection: Connection,
  signal?: AbortSignal,
): Promise<readonly ModuleSite[]> {
  const sites: ModuleSite[] = [];
  for (const { name, directory } of modules) {
    const rows = await connection.rows<Omit<ModuleSite, "module">>(
      `select coalesce(first(rsid), variant_key) as rsid, chrom, start::integer as start,
         first(ref order by file_row_number) as ref, coalesce(first(alts order by file_row_number), []) as alts,
         list({alleles: genotype, weight: weight} order by file_row_number) as genotypes
       from ${numberedRows(join(directory, "weights.parquet"))}
       group by variant_key, chrom, start
       order by min(file_row_number)`,
      [],
      signal,
    );
    sites.push(...rows.map((row) => ({ module: name, ...row })));
  }
  return sites;
}
