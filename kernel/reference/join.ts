import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";

import { WorkspaceError } from "#protocol/error.ts";
import type { Progress } from "#protocol/record.ts";

import { quoteName, quoteText } from "../engines/engine.ts";
import type { Connection } from "../engines/engine.ts";
import { concatenateParquet } from "../parquet/concatenate-parquet.ts";
import { tableColumns } from "../query/table-columns.ts";
import { MATCH, addedColumns } from "./joined-columns.ts";
import type { Added } from "./joined-columns.ts";
import { ROW, matchSteps } from "./match-sql.ts";
import type { PassContig } from "./match-sql.ts";
import { carryOutAll, passesOf } from "./passes.ts";
import type { Pass, PassLimits } from "./passes.ts";
import { foundSql, joinedByVariantSql, joinedSql } from "./result-sql.ts";

/** Normalised variants of one sample, sorted by contig and position. */
export interface JoinSample {
  readonly variants: string;
  /** Parquet to write. */
  readonly target: string;
}

export interface JoinRequest {
  /** Several share each pass over the reference. */
  readonly samples: readonly JoinSample[];
  /** Contig → path of its shard. */
  readonly shards: ReadonlyMap<string, string>;
  /** Columns of the reference to take over; null: all. */
  readonly columns: readonly string[] | null;
  /** Private directory for what is between; removed afterwards. */
  readonly scratch: string;
  readonly limits: PassLimits;
}

export interface JoinContext {
  readonly signal: AbortSignal;
  readonly progress: (progress: Progress) => void;
}

/** What came of one sample. */
export interface JoinSummary {
  /** Rows of the variants and of the result: the same. */
  readonly rows: number;
  /** Rows with a row of the reference, by how it was found. */
  readonly matched: { readonly exact: number; readonly allele: number; readonly trimmed: number };
  /** Rows on contigs that the reference has no shard for, by contig: nothing was looked up for them. */
  readonly not_in_reference: Readonly<Record<string, number>>;
}

/** Both the engine that joins and a connection of DuckDB, which reads what Parquet says of itself. */
export interface JoinConnections {
  readonly engine: Connection;
  readonly facts: Connection;
}

/**
 * Adds to each variant the row of a reference that says the same change, whole contigs at a time, so that memory
 * is bounded by the largest of the sample. Every row stays, once, in its order; columns whose name is
 * taken get `_ensembl`. How a row is chosen: {@link bestSql}. Every engine runs the same queries.
 *
 * @returns a summary for each sample, in their order
 * @throws {WorkspaceError} `asset` when no contig of a sample has a shard
 */
export async function joinReference(
  { samples, shards, columns, scratch, limits }: JoinRequest,
  { engine, facts }: JoinConnections,
  { signal, progress }: JoinContext,
): Promise<JoinSummary[]> {
  await mkdir(scratch, { recursive: true, mode: 0o700 });
  try {
    const reference = await referenceColumns(shards, facts);
    const tables: Table[] = [];
    for (const [index, sample] of samples.entries()) {
      const table = await openSample(sample, `variants ${index}`, { engine, facts });
      requireReference(table, shards);
      tables.push({ ...table, added: addedColumns(table.columns, reference, columns) });
    }
    requireOneOrder(tables);
    const passes = passesOf(variantsByContig(tables), shards, limits);
    const parts: (readonly Part[])[] = passes.map(() => []);
    let begun = 0;
    await carryOutAll(passes, limits, signal, async (pass, signal) => {
      progress({ phase: `looking up contig ${pass.contigs[0] ?? ""}`, fraction: begun++ / passes.length });
      const at = passes.indexOf(pass);
      const connection = await engine.connect();
      try {
        const context = { engine: connection, shards, scratch, signal };
        parts[at] = await carryOut(withShards(pass, shards), at, tables, context);
      } finally {
        connection.close();
      }
    });
    progress({ phase: "putting the contigs together", fraction: 1 });
    const summaries: JoinSummary[] = [];
    for (const table of tables) {
      const own = parts.flat().filter((part) => part.table === table);
      await concatenateParquet(
        own.map(({ path }) => path),
        table.target,
      );
      summaries.push(await summarise(table, shards, facts));
    }
    return summaries;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Names of the columns of a reference: its shards have the same. */
export async function referenceColumns(
  shards: ReadonlyMap<string, string>,
  facts: Connection,
): Promise<string[]> {
  const [anyShard] = shards.values();
  return anyShard === undefined ? [] : columnsOf(anyShard, facts);
}

interface Opened {
  readonly name: string;
  readonly target: string;
  readonly columns: readonly string[];
  /** Contigs in the order of the file, with their rows. */
  readonly contigs: ReadonlyMap<string, number>;
}

interface Table extends Opened {
  readonly added: readonly Added[];
}

/** What one pass gave one of the tables. */
interface Part {
  readonly table: Table;
  readonly path: string;
}

async function openSample(
  { variants, target }: JoinSample,
  name: string,
  { engine, facts }: JoinConnections,
): Promise<Opened> {
  await engine.register(name, variants, { rowNumber: ROW });
  const rows = await facts.rows<{ chrom: string; records: number }>(
    `select chrom, count(*) as records from read_parquet(${quoteText(variants)}, file_row_number = true)
     group by chrom order by min(file_row_number)`,
  );
  const contigs = new Map(rows.map(({ chrom, records }) => [chrom, records]));
  return { name, target, columns: await columnsOf(variants, facts), contigs };
}

async function columnsOf(parquet: string, facts: Connection): Promise<string[]> {
  return (await tableColumns(facts, parquet)).map(({ name }) => name);
}

function requireReference({ contigs }: Opened, shards: ReadonlyMap<string, string>): void {
  const isEmpty = contigs.size === 0 && shards.size > 0;
  if (isEmpty || [...contigs.keys()].some((contig) => shards.has(contig))) return;
  throw new WorkspaceError({
    code: "asset",
    message:
      shards.size === 0
        ? "the reference has no shards"
        : `the reference has no shard for ${[...contigs.keys()].slice(0, 5).join(", ")}`,
    hint: "Download it: karyon download-ensembl",
  });
}

/** The parts of a sample are put together in the order of the passes: it has to be the order of its file. */
function requireOneOrder(tables: readonly Table[]): void {
  const order = [...new Set(tables.flatMap(({ contigs }) => [...contigs.keys()]))];
  for (const { contigs } of tables) {
    const own = [...contigs.keys()];
    if (order.filter((contig) => contigs.has(contig)).every((contig, at) => contig === own[at])) continue;
    throw new WorkspaceError({
      code: "asset",
      message: "the samples have their contigs in different orders",
      hint: "Join them one by one.",
    });
  }
}

/** Variants of all samples on each contig, in the order of their files. */
function variantsByContig(tables: readonly Table[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [name, variants] of tables.flatMap(({ contigs }) => [...contigs])) {
    sums.set(name, (sums.get(name) ?? 0) + variants);
  }
  return sums;
}

/** The contigs of a pass with the tables of their shards. */
function withShards({ contigs }: Pass, shards: ReadonlyMap<string, string>): PassContig[] {
  const named = contigs.map((name) => ({ name, shard: shards.has(name) ? tableOf(name) : null }));
  if (named.some(({ shard }) => shard !== null)) return named;
  // The columns that a pass adds come from a shard: one without any borrows one, for a contig that no row is on.
  const [any] = shards.keys();
  return any === undefined ? named : [...named, { name: "", shard: tableOf(any) }];
}

/** Name of the table of a contig's shard. */
function tableOf(contig: string): string {
  return `shard ${contig}`;
}

interface PassContext {
  readonly engine: Connection;
  readonly shards: ReadonlyMap<string, string>;
  readonly scratch: string;
  readonly signal: AbortSignal;
}

async function carryOut(
  contigs: readonly PassContig[],
  at: number,
  tables: readonly Table[],
  { engine, shards, scratch, signal }: PassContext,
): Promise<Part[]> {
  for (const [contig, path] of shards) {
    const table = tableOf(contig);
    if (contigs.some(({ shard }) => shard === table)) await engine.register(table, path, { rowNumber: ROW });
  }
  const members = tables.filter((table) => contigs.some(({ name }) => table.contigs.has(name)));
  const present = members.length > 0 ? members : tables;
  const [only] = present;
  if (only === undefined) return [];
  const names = present.map(({ name }) => name);
  const steps = matchSteps(
    names,
    contigs,
    only.added.map(({ from }) => from),
  );
  const parts: Part[] = [];
  // Passes that run side by side share their tables.
  const found = `found ${at}`;
  for (const [index, table] of present.entries()) {
    const { name, columns, added } = table;
    const path = join(scratch, `${name}-${at}.parquet`);
    if (present.length === 1) {
      await engine.sink(joinedSql(name, contigs, columns, added), path, { steps, signal });
    } else {
      // Names of added columns hang on the sample's own: they are found anew where these differ.
      if (index === 0 || !hasSameNames(added, present[index - 1]?.added ?? [])) {
        const path = join(scratch, `found-${at}-${index}.parquet`);
        await engine.sink(foundSql(added), path, { steps, signal });
        await engine.register(found, path);
      }
      await engine.sink(joinedByVariantSql({ variants: name, found }, contigs, columns, added), path, {
        signal,
      });
    }
    parts.push({ table, path });
  }
  return parts;
}

function hasSameNames(one: readonly Added[], other: readonly Added[]): boolean {
  return one.length === other.length && one.every(({ to }, at) => to === other[at]?.to);
}

async function summarise(
  { target, contigs }: Table,
  shards: ReadonlyMap<string, string>,
  facts: Connection,
): Promise<JoinSummary> {
  const rows = await facts.rows<{ found: string | null; records: number }>(
    `select ${quoteName(MATCH)} as found, count(*) as records from read_parquet(${quoteText(target)}) group by 1`,
  );
  const of = (found: string): number => rows.find((row) => row.found === found)?.records ?? 0;
  const total = rows.reduce((sum, { records }) => sum + records, 0);
  const expected = [...contigs.values()].reduce((sum, records) => sum + records, 0);
  if (total !== expected) throw new Error(`a join of ${expected} rows gave ${total}`);
  return {
    rows: total,
    matched: { exact: of("exact"), allele: of("allele"), trimmed: of("trimmed") },
    not_in_reference: Object.fromEntries([...contigs].filter(([contig]) => !shards.has(contig))),
  };
}
