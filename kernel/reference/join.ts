import { mkdir, rm } from "node:fs/promises";

import { WorkspaceError } from "#protocol/error.ts";
import type { ErrorInfo } from "#protocol/error.ts";
import type { Progress } from "#protocol/record.ts";

import { duckdb } from "../engines/duckdb.ts";
import { quoteName } from "../engines/engine.ts";
import type { Connection, Engine, EngineLimits } from "../engines/engine.ts";
import { parquetRows } from "../engines/parquet-rows.ts";
import { carryOutAll } from "../engines/lanes.ts";
import { tableColumns } from "../engines/table-columns.ts";
import { footerOf } from "../parquet/footer.ts";
import { widenParquet } from "../parquet/widen-parquet.ts";
import { REFERENCE_CONTIGS } from "./columns.ts";
import { joinedColumns } from "./joined-columns.ts";
import type { JoinedColumns } from "./joined-columns.ts";
import { longestInCommon } from "./longest-in-common.ts";
import { addedPath, lookUp } from "./look-up.ts";
import { passesOf } from "./passes.ts";
import type { SampleGroup } from "./passes.ts";
import { variantGroups } from "./row-groups.ts";
import type { VariantGroup } from "./row-groups.ts";
import { requireSameShards, shardMarks } from "./shard-marks.ts";
import { requireVariants } from "./variant-columns.ts";

/** Normalised variants of one sample: the better they are sorted by position, the less is read of the reference. */
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
}

export interface JoinContext {
  /** Directory for what an engine spills. */
  readonly spill: string;
  readonly limits: EngineLimits;
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

/** What one pass wants: DuckDB spills beyond it, Polars does not. */
const LANE_BYTES = 256 * 2 ** 20;

/**
 * Adds to each variant the row of a reference that says the same change, one row group of the variants at a time, so
 * that memory is bounded by that. Every row stays, once, in its order, and its own columns are copied as they are
 * stored; columns whose name is taken get `_ensembl`. How a row is chosen: {@link bestSql}. Every engine runs the same
 * queries; `facts` is DuckDB, which reads what Parquet says of itself.
 *
 * @returns a summary for each sample, in their order
 * @throws {UnfitSample} when no contig of a sample has a shard, or a sample is no table of variants
 * @throws {WorkspaceError} `asset` when a shard is another one at the end than it was at the beginning
 */
export async function joinReference(
  { samples, shards, columns, scratch }: JoinRequest,
  engine: Engine,
  facts: Connection,
  { spill, limits, signal, progress }: JoinContext,
): Promise<JoinSummary[]> {
  await mkdir(scratch, { recursive: true, mode: 0o700 });
  const lanes: Connection[] = [];
  const before = await shardMarks(shards);
  try {
    const reference = await referenceColumns(shards, facts);
    const tables: Table[] = [];
    for (const [at, sample] of samples.entries()) {
      tables.push(await openSample(sample, { shards, reference, columns }, facts).catch(unfit(at)));
    }
    const contigs = new Set(tables.flatMap((table) => [...variantsByContig(table).keys()]));
    const present = [...shards].flatMap(([contig, path]) => (contigs.has(contig) ? [path] : []));
    const longest = await longestInCommon(
      new Map(present.map((path) => [path, before.get(path) ?? ""])),
      facts,
    );
    const passes = passesOf(tables.map(({ groups }) => groups));
    lanes.push(...(await openLanes(engine, limits, spill)));
    const look = { tables, shards, scratch, longest };
    let begun = 0;
    await carryOutAll(lanes, passes, signal, async (connection, pass, signal) => {
      const phase = phaseOf(pass);
      progress({ phase, fraction: begun++ / passes.length });
      await lookUp(pass, look, connection, signal).catch((error: unknown) => {
        throw engineFailure(error, ({ message }) => ({ message: `${phase}: ${message}` }));
      });
    });
    progress({ phase: "putting the columns together", fraction: 1 });
    const summaries: JoinSummary[] = [];
    for (const [sample, table] of tables.entries()) {
      const added: string[] = [];
      for (const group of table.groups) {
        added.push(await inOneGroup(addedPath(scratch, { sample, group }), group.rows, spill));
      }
      await widenParquet(table.variants, added, table.target);
      summaries.push(await summarise(table, shards, facts));
    }
    requireSameShards(before, await shardMarks(shards));
    return summaries;
  } catch (error) {
    // What is written to while it is read may be read as anything.
    if (!signal.aborted) requireSameShards(before, await shardMarks(shards), error);
    throw engineFailure(error, () => ({
      hint: "Let karyon verify-ensembl look whether the files of the reference are whole.",
    }));
  } finally {
    for (const lane of lanes) lane.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Polars makes row groups of 122,880 rows. @returns the path of a file with the same rows in one */
async function inOneGroup(path: string, rows: number, spill: string): Promise<string> {
  if ((await footerOf(path)).groups.length < 2) return path;
  const target = `${path}.one`;
  // Of several threads, each may make a row group of its own.
  const connection = await duckdb.open({ spillDirectory: spill, threads: 1 });
  try {
    await connection.sink(`from ${parquetRows(path)}`, target, {
      rowGroupRows: rows,
    });
  } finally {
    connection.close();
  }
  return target;
}

/** Names of the columns of a reference: its shards have the same. */
export async function referenceColumns(
  shards: ReadonlyMap<string, string>,
  facts: Connection,
): Promise<string[]> {
  const [anyShard] = shards.values();
  if (anyShard === undefined) return [];
  return (await tableColumns(facts, anyShard)).map(({ name }) => name);
}

interface Table extends JoinSample {
  readonly groups: readonly VariantGroup[];
  readonly added: JoinedColumns;
}

/** A sample that cannot be joined, whatever others can. */
export class UnfitSample extends WorkspaceError {
  /** Its place among the samples of the request. */
  readonly sample: number;

  constructor(sample: number, cause: WorkspaceError) {
    super(cause.info, { cause });
    this.sample = sample;
  }
}

function unfit(sample: number): (error: unknown) => never {
  return (error) => {
    throw error instanceof WorkspaceError && error.info.code === "asset"
      ? new UnfitSample(sample, error)
      : error;
  };
}

function phaseOf(pass: readonly SampleGroup[]): string {
  const contigs = [...new Set(pass.flatMap(({ group }) => group.stretches.map(({ contig }) => contig)))];
  const [first, last] = [contigs[0], contigs.at(-1)];
  if (first === undefined) return "looking up";
  return first === last ? `looking up contig ${first}` : `looking up contigs ${first} to ${last}`;
}

/** What an engine says of a damaged file has not always its name in it. */
function engineFailure(error: unknown, more: (info: ErrorInfo) => Partial<ErrorInfo>): unknown {
  if (!(error instanceof WorkspaceError) || error.info.code !== "engine") return error;
  return new WorkspaceError({ ...error.info, ...more(error.info) }, { cause: error });
}

async function openSample(
  sample: JoinSample,
  { shards, reference, columns }: Pick<JoinRequest, "shards" | "columns"> & { reference: readonly string[] },
  facts: Connection,
): Promise<Table> {
  const own = await tableColumns(facts, sample.variants);
  requireVariants(own);
  const groups = await variantGroups(sample.variants, facts);
  requirePositions(groups);
  const names = own.map(({ name }) => name);
  const table = { ...sample, groups, added: joinedColumns(names, reference, columns) };
  requireReference(table, shards);
  return table;
}

/** @throws {WorkspaceError} `asset` for rows of which none has a position, as those of a genotyping array */
function requirePositions(groups: readonly VariantGroup[]): void {
  const placed = groups.some(({ stretches }) => stretches.length > 0);
  if (placed || groups.every(({ rows }) => rows === 0)) return;
  throw new WorkspaceError({
    code: "asset",
    message: "none of the variants to join has a position on GRCh38",
    hint: "Join variants of a VCF: raw data of a genotyping array has positions of another build, and is met by rsID alone.",
  });
}

function requireReference(table: Table, shards: ReadonlyMap<string, string>): void {
  const contigs = [...variantsByContig(table).keys()];
  const isEmpty = contigs.length === 0 && shards.size > 0;
  if (isEmpty || contigs.some((contig) => shards.has(contig))) return;
  throw new WorkspaceError({
    code: "asset",
    message:
      shards.size === 0
        ? "the reference has no shards"
        : `the reference has no shard for ${contigs.slice(0, 5).join(", ")}`,
    hint:
      shards.size === 0 || contigs.some((contig) => REFERENCE_CONTIGS.includes(contig))
        ? "Download it: karyon download-ensembl"
        : "It lists chromosomes 1 to 22, X, Y and MT.",
  });
}

/** Variants on each contig, in the order of the file. */
function variantsByContig({ groups }: Pick<Table, "groups">): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { contig, variants } of groups.flatMap(({ stretches }) => stretches)) {
    sums.set(contig, (sums.get(contig) ?? 0) + variants);
  }
  return sums;
}

/** As many databases as the engine is fastest with, and as there is memory for. */
async function openLanes(engine: Engine, limits: EngineLimits, spill: string): Promise<Connection[]> {
  const wanted = engine.sideBySide(limits.threads);
  const count = Math.max(1, Math.min(wanted, Math.floor(limits.memoryBytes / LANE_BYTES)));
  const options = {
    spillDirectory: spill,
    memoryBytes: Math.floor(limits.memoryBytes / count),
    // Of several threads of one database, each may make a row group of its own.
    threads: wanted > 1 ? 1 : limits.threads,
  };
  return Promise.all(Array.from({ length: count }, () => engine.open(options)));
}

async function summarise(
  table: Table,
  shards: ReadonlyMap<string, string>,
  facts: Connection,
): Promise<JoinSummary> {
  const rows = await facts.rows<{ found: string | null; records: number }>(
    `select ${quoteName(table.added.match)} as found, count(*) as records from ${parquetRows(table.target)} group by 1`,
  );
  const of = (found: string): number => rows.find((row) => row.found === found)?.records ?? 0;
  return {
    rows: rows.reduce((sum, { records }) => sum + records, 0),
    matched: { exact: of("exact"), allele: of("allele"), trimmed: of("trimmed") },
    not_in_reference: Object.fromEntries(
      [...variantsByContig(table)].filter(([contig]) => !shards.has(contig)),
    ),
  };
}
