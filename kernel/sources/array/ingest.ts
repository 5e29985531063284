import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";

import type { BuildEvidence, IngestSummary } from "#protocol/annotation.ts";
import { WorkspaceError, stopped } from "#protocol/error.ts";
import type { FindingKind } from "#protocol/finding-words.ts";

import type { Connection, Engine } from "../../engines/engine.ts";
import { parquetRows, quotePath } from "../../engines/parquet-rows.ts";
import { contigRank } from "../../primary-contigs.ts";
import { temporaryDirectory } from "../../temporary-directory.ts";
import { findingsOfAll } from "../known-finding.ts";
import type { KnownFinding } from "../known-finding.ts";
import { readingReport } from "../reading-report.ts";
import { DEFAULT_MEMORY_BYTES, NORMALIZED_FILE, REMOVED_FILE, noRecords } from "../source.ts";
import type { IngestContext, IngestRequest } from "../source.ts";
import { sourceSummary } from "../source-summary.ts";
import { openText } from "../text/text.ts";
import { readHeads, statedBuild, vendorsOf } from "./array-files.ts";
import type { ArrayFile } from "./array-files.ts";
import { KnownSites } from "./known-sites.ts";
import { CALL_COLUMNS, readCalls } from "./read-calls.ts";
import type { CallCounts } from "./read-calls.ts";

/** The calls of the file, one row each, as they lie in a database of the ingest's own. */
const CALLS = "calls";
/** Identifiers that stand on several lines. */
const TWICE = "calls_twice";

/**
 * {@link Source.ingest} of a genotyping array: one row for each identifier.
 *
 * An array states which bases were read for an rsID, and on which strand and build its vendor counts; it does not
 * state the reference. So `start`, `end`, `ref` and `alt` are null, whatever the build: `file_position` holds the
 * position that the file gives, 1-based on the file's own build, and nothing compares it with another. `presence` is
 * `called` (bases, which may be the reference), `half_call`, `no_call`, `unresolved` (letters I and D, which leave the
 * bases open) or `conflict` (lines of one identifier call different genotypes: none counts).
 */
export async function ingestArray(
  request: IngestRequest,
  engine: Engine,
  context: IngestContext,
): Promise<IngestSummary> {
  const { signal } = context;
  try {
    signal.throwIfAborted();
    if (request.sample !== null) throw noSamples(request);
    const files = await readHeads(request.paths, signal);
    const temporary = await temporaryDirectory(request.spillDirectory, "array");
    try {
      return await ingestInto(temporary, files, request, engine, context);
    } catch (error) {
      for (const name of [NORMALIZED_FILE, REMOVED_FILE])
        await rm(join(request.staging, name), { force: true });
      throw error;
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    throw stopped({ cause: error });
  }
}

async function ingestInto(
  temporary: string,
  files: readonly ArrayFile[],
  request: IngestRequest,
  engine: Engine,
  context: IngestContext,
): Promise<IngestSummary> {
  const lines = join(temporary, "calls.tsv");
  const sites = new KnownSites();
  const readings = await readFiles(files, sites, lines, context);
  const total = (pick: (counts: CallCounts) => number): number =>
    readings.reduce((sum, { counts }) => sum + pick(counts), 0);
  const read = total((counts) => counts.read);
  if (read === 0) throw noRecords(request.paths);
  if (total((counts) => counts.written) === 0) throw nothingRead(readings);
  context.progress({ phase: "putting calls in order", records: read });
  const connection = await engine.open({
    spillDirectory: temporary,
    memoryBytes: request.memoryBytes ?? DEFAULT_MEMORY_BYTES,
    ...(request.threads === undefined ? {} : { threads: request.threads }),
  });
  try {
    const twice = await writeTables(connection, lines, request.staging, readings, context.signal);
    const presence = await presences(connection, request.staging, context.signal);
    return {
      source: sourceSummary(readings.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 }))),
      records: {
        read,
        kept: Object.values(presence).reduce((sum, count) => sum + count, 0),
        removed: {},
        removed_total: 0,
      },
      presence,
      findings: [
        ...findingsOfAll(readings.map((file) => ({ name: file.name, findings: findingsOf(file) }))),
        ...twice,
      ],
      build: told(sites.build(statedBuild(files))),
      samples: { all: [], chosen: null },
      kind: "array",
      caller: vendorsOf(files),
      quality_filters: request.filters,
      has_rsids: total((counts) => counts.rsids) > 0,
    };
  } finally {
    connection.close();
  }
}

/** A build that the modules are not on is no matter here, and who reads of it is told so. */
function told({ detected, how }: BuildEvidence): BuildEvidence {
  return { detected, how: `${how}; none of its positions is compared` };
}

/** A file that was read. */
interface Reading extends ArrayFile {
  readonly counts: CallCounts;
  /** Lines of the files before it. */
  readonly linesBefore: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly endMarked: boolean;
}

/** Writes the calls of all files, one behind the other, to a file that the engine can read. */
async function readFiles(
  files: readonly ArrayFile[],
  sites: KnownSites,
  target: string,
  context: IngestContext,
): Promise<readonly Reading[]> {
  const out = createWriteStream(target, { mode: 0o600 });
  // What cannot be written is heard of where it is waited for.
  const failure = once(out, "error").then(([error]) => Promise.reject(error as Error));
  failure.catch(() => {});
  const write = async (text: string): Promise<void> => {
    if (text !== "" && !out.write(text)) await Promise.race([once(out, "drain"), failure]);
  };
  try {
    const readings: Reading[] = [];
    for (const file of files) {
      const linesBefore = readings.reduce((sum, { counts }) => sum + counts.lines, 0);
      readings.push(await readFile(file, { sites, linesBefore, write, context }));
    }
    const finished = once(out, "finish");
    out.end();
    await Promise.race([finished, failure]);
    return readings;
  } finally {
    out.destroy();
  }
}

async function readFile(
  file: ArrayFile,
  {
    sites,
    linesBefore,
    write,
    context,
  }: {
    readonly sites: KnownSites;
    readonly linesBefore: number;
    readonly write: (lines: string) => Promise<void>;
    readonly context: IngestContext;
  },
): Promise<Reading> {
  const { path, head } = file;
  const text = await openText(path, context.signal);
  try {
    const before = { head, lines: linesBefore, sites };
    const counts = await readCalls(path, text, before, write, readingReport(path, text.bytes, context));
    const { bytes } = text;
    return { ...file, counts, linesBefore, bytes, sha256: text.sha256(), endMarked: text.endMarked() };
  } finally {
    await text.close();
  }
}

/** Writes both tables, and tells of identifiers that stand on several lines. */
async function writeTables(
  connection: Connection,
  lines: string,
  staging: string,
  readings: readonly Reading[],
  signal: AbortSignal,
): Promise<KnownFinding[]> {
  const columns = Object.entries(CALL_COLUMNS).map(([name, type]) => `${name}: '${type}'`);
  await connection.run(
    `create table ${CALLS} as select * replace (coalesce(alleles, '') as alleles)
     from read_csv(${quotePath(lines)}, columns = {${columns.join(", ")}}, auto_detect = false, header = false,
       delim = '\t', quote = '', escape = '', nullstr = '', new_line = '\\n');
     create table ${TWICE} as
     select rsid, min(line) as line, count(distinct alleles) filter (presence = 'called') > 1 as differ,
       arg_min(line, {rank: list_position(['called', 'half_call', 'unresolved', 'no_call'], presence), line: line}) as kept
     from ${CALLS} where rsid is not null group by rsid having count(*) > 1`,
    [],
    signal,
  );
  await connection.sink(
    `select c.chrom, c.position as file_position, coalesce(c.rsid, '') as rsid,
       if(coalesce(t.differ, false), [], list_filter(string_split(c.alleles, ''), lambda base: base <> ''))::varchar[] as genotype,
       if(coalesce(t.differ, false), 'conflict', c.presence) as presence, false as phased,
       null::uinteger as start, null::uinteger as "end", null::varchar as ref, null::varchar as alt,
       null::float as qual, '' as "filter"
     from ${CALLS} c left join ${TWICE} t using (rsid)
     where t.kept is null or t.kept = c.line
     order by ${contigRank("c.chrom")}, c.chrom, c.position, c.line`,
    join(staging, NORMALIZED_FILE),
    { signal },
  );
  await connection.sink(
    `select ''::varchar as chrom, 0::uinteger as start, 0::uinteger as "end", ''::varchar as presence,
       ''::varchar as removed_by where false`,
    join(staging, REMOVED_FILE),
    { signal },
  );
  const found = await connection.rows<{ differ: boolean; ids: number; line: number; rsid: string }>(
    `select differ, count(*)::integer as ids, min(line)::integer as line, arg_min(rsid, line) as rsid
     from ${TWICE} group by differ order by differ`,
    [],
    signal,
  );
  return found.map(({ differ, ids, line, rsid }) => ({
    kind: differ ? "RSID_CONFLICT" : "RSID_TWICE",
    count: ids,
    first: `${placeOf(line, readings)}: ${rsid}`,
  }));
}

/** Where a line lies that is numbered over all files. */
function placeOf(line: number, readings: readonly Reading[]): string {
  const file = readings.findLast(({ linesBefore }) => linesBefore < line);
  const own = `line ${line - (file?.linesBefore ?? 0)}`;
  return readings.length > 1 ? `${file?.name}: ${own}` : own;
}

/** Kept rows by what they state. */
async function presences(
  connection: Connection,
  staging: string,
  signal: AbortSignal,
): Promise<Record<string, number>> {
  const rows = await connection.rows<{ presence: string; n: number }>(
    `select presence, count(*)::integer as n from ${parquetRows(join(staging, NORMALIZED_FILE))} group by 1 order by 1`,
    [],
    signal,
  );
  return Object.fromEntries(rows.map(({ presence, n }) => [presence, n]));
}

function findingsOf({ head, counts, endMarked }: Reading): KnownFinding[] {
  const { kinds, crlf, byteOrderMark, badText } = counts;
  const file: readonly (readonly [FindingKind, boolean, number, string | null])[] = [
    ["NO_RECORDS", counts.read === 0, 1, "there is no line after its header"],
    ["NO_COLUMN_NAMES", !head.named, 1, null],
    ["MAYBE_TRUNCATED", !endMarked, 1, "the block that marks the end of a bgzip file is missing"],
    ["BYTE_ORDER_MARK", byteOrderMark, 1, "line 1: a byte order mark was left out"],
    ["CRLF", crlf, 1, "lines end in CRLF"],
    ["NOT_UTF8", badText > 0, badText, null],
  ];
  return [
    ...file.flatMap(([kind, is, count, first]) => (is ? [{ kind, count, first }] : [])),
    ...[...kinds].map(([kind, { count, first }]) => ({ kind, count, first })),
  ];
}

function nothingRead([reading]: readonly Reading[]): WorkspaceError {
  const [first] = [...(reading?.counts.kinds.values() ?? [])].map((kind) => kind.first);
  const line = /^line (\d+)/.exec(first ?? "")?.[1] ?? "1";
  return new WorkspaceError({
    code: "source",
    message: "no line of the file holds a call with an id and a position",
    hint: "Give the file as it came from the vendor.",
    at: `${reading?.path}:${line}`,
  });
}

function noSamples({ sample, paths }: IngestRequest): WorkspaceError {
  return new WorkspaceError({
    code: "usage",
    message: `no such sample: ${sample ?? ""}; a file of a genotyping array is of one person`,
    hint: "Leave the sample out.",
    at: paths[0] ?? "",
  });
}
