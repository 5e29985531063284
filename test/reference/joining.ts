import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import { quoteText } from "../../kernel/engines/engine.ts";
import type { Connection, Engine } from "../../kernel/engines/engine.ts";
import { ENSEMBL_COLUMNS } from "../../kernel/reference/columns.ts";
import { joinReference } from "../../kernel/reference/join.ts";
import type { JoinContext, JoinRequest, JoinSample, JoinSummary } from "../../kernel/reference/join.ts";
import type { ReferenceRow, Variant } from "./oracle.ts";

export interface Joined {
  readonly chrom: string;
  readonly start: number;
  readonly ref: string;
  readonly alt: string;
  readonly n: number;
  readonly start_ensembl: number | null;
  readonly id_ensembl: string | null;
  readonly ensembl_match: string | null;
  readonly mac: number | null;
}

export interface JoinCase {
  /** In order; `chrom` is 1 where it is not said. */
  readonly variants: readonly (Variant & { readonly chrom?: string })[];
  /** Rows of the shards by contig; `mac` of each row is its number. */
  readonly reference: Readonly<Record<string, readonly ReferenceRow[]>>;
  /** Of the variants. */
  readonly rowGroupRows?: number;
}

const VARIANT_COLUMNS =
  "{chrom: 'VARCHAR', start: 'UINTEGER', rsid: 'VARCHAR', ref: 'VARCHAR', alt: 'VARCHAR', qual: 'DOUBLE', n: 'INTEGER'}";

/** A directory with files of a case, and the join over them. */
export class Joining {
  readonly directory: string;
  readonly #facts: Connection;
  readonly #memoryBytes: number;

  private constructor(directory: string, facts: Connection, memoryBytes: number) {
    this.directory = directory;
    this.#facts = facts;
    this.#memoryBytes = memoryBytes;
  }

  /** `memoryBytes`: what the engines may hold. */
  static async open(memoryBytes: number = 2 ** 30): Promise<Joining> {
    const directory = await mkdtemp(join(tmpdir(), "karyon-join-"));
    const facts = await duckdb.open({ spillDirectory: join(directory, "spill"), threads: 1 });
    return new Joining(directory, facts, memoryBytes);
  }

  async close(): Promise<void> {
    this.#facts.close();
    await rm(this.directory, { recursive: true, force: true });
  }

  async run(
    { variants, reference, rowGroupRows }: JoinCase,
    engine: Engine,
    columns: readonly string[] | null = null,
  ): Promise<{
    rows: Joined[];
    summary: JoinSummary;
    path: string;
    variants: string;
    shards: Map<string, string>;
  }> {
    const path = join(this.directory, "variants.parquet");
    const rows = variants.map((variant, n) => ({ chrom: "1", ...variant, rsid: "", qual: n / 2, n }));
    await this.#write(rows, VARIANT_COLUMNS, "*", path, rowGroupRows);
    const shards = new Map<string, string>();
    for (const [chrom, known] of Object.entries(reference)) {
      const shard = join(this.directory, `homo_sapiens-chr${chrom}.parquet`);
      const named = known.map((row, mac) => ({ chrom, ...row, mac }));
      const columns = ENSEMBL_COLUMNS.map(({ name, type }) =>
        ["chrom", "start", "ref", "alt", "id", "mac"].includes(name)
          ? `"${name}"::${type} as "${name}"`
          : `null::${type} as "${name}"`,
      );
      await this.#write(
        named,
        "{chrom: 'VARCHAR', start: 'UINTEGER', ref: 'VARCHAR', alt: 'VARCHAR', id: 'VARCHAR', mac: 'INTEGER'}",
        columns.join(", "),
        shard,
      );
      shards.set(chrom, shard);
    }
    return { ...(await this.runOn(path, shards, engine, columns)), variants: path, shards };
  }

  /** The join of any table. */
  async runOn(
    variants: string,
    shards: ReadonlyMap<string, string>,
    engine: Engine,
    columns: readonly string[] | null = null,
    progress: JoinContext["progress"] = () => {},
  ): Promise<{ rows: Joined[]; summary: JoinSummary; path: string }> {
    const target = join(this.directory, `${engine.name}.parquet`);
    const [summary] = await this.#join([{ variants, target }], { shards, columns, engine }, progress);
    if (summary === undefined) throw new Error("no summary");
    const rows = await this.#facts.rows<Joined>(`from read_parquet(${quoteText(target)})`);
    return { rows, summary, path: target };
  }

  /** The rows of a query as a table, and a shard for what is on contig 1. */
  async tableOf(sql: string): Promise<{ path: string; shards: ReadonlyMap<string, string> }> {
    const path = join(this.directory, "table.parquet");
    await this.#facts.sink(sql, path);
    const shard = join(this.directory, "homo_sapiens-chr1.parquet");
    await this.#facts.sink("select '1' as chrom, 7 as start, 'rs1' as id, 'A' as ref, 'G' as alt", shard);
    return { path, shards: new Map([["1", shard]]) };
  }

  /** Several samples over one reference in one go, and each of them alone: rows as text. */
  async together(
    cases: readonly JoinCase[],
    engine: Engine,
    columns: readonly string[] | null = null,
  ): Promise<{ together: string[]; alone: string[] }> {
    const samples: { variants: string; target: string }[] = [];
    const alone: string[] = [];
    let shards = new Map<string, string>();
    for (const [index, one] of cases.entries()) {
      const { path, variants, shards: written } = await this.run(one, engine, columns);
      shards = written;
      alone.push(await this.#text(path));
      const kept = join(this.directory, `sample-${index}.parquet`);
      await rename(variants, kept);
      samples.push({ variants: kept, target: join(this.directory, `together-${index}.parquet`) });
    }
    await this.#join(samples, { shards, columns, engine });
    const together: string[] = [];
    for (const { target } of samples) together.push(await this.#text(target));
    return { together, alone };
  }

  #join(
    samples: readonly JoinSample[],
    { shards, columns, engine }: Pick<JoinRequest, "shards" | "columns"> & { readonly engine: Engine },
    progress: JoinContext["progress"] = () => {},
  ): Promise<JoinSummary[]> {
    return joinReference(
      { samples, shards, columns, scratch: join(this.directory, "scratch") },
      engine,
      this.#facts,
      {
        spill: join(this.directory, "spill"),
        limits: { memoryBytes: this.#memoryBytes, threads: 2 },
        signal: new AbortController().signal,
        progress,
      },
    );
  }

  /** Columns of a Parquet file with their types, in order. */
  async schema(path: string): Promise<string[]> {
    const rows = await this.#facts.rows<{ column_name: string; column_type: string }>(
      `describe from read_parquet(${quoteText(path)})`,
    );
    return rows.map(({ column_name, column_type }) => `${column_name} ${column_type}`);
  }

  async #text(path: string): Promise<string> {
    return JSON.stringify(await this.#facts.rows(`from read_parquet(${quoteText(path)})`));
  }

  async #write(
    rows: readonly unknown[],
    columns: string,
    select: string,
    path: string,
    rowGroupRows?: number,
  ): Promise<void> {
    const json = `${path}.json`;
    await writeFile(json, JSON.stringify(rows));
    await this.#facts.sink(
      `select ${select} from read_json(${quoteText(json)}, format = 'array', columns = ${columns})`,
      path,
      rowGroupRows === undefined ? {} : { rowGroupRows },
    );
  }
}
