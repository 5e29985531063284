import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { basename, join } from "node:path";

import type { BuildEvidence, Finding, IngestSummary } from "#protocol/annotation.ts";
import { WorkspaceError, stopped } from "#protocol/error.ts";
import type { FindingKind } from "#protocol/finding-words.ts";

import type { Connection, Engine } from "../../engines/engine.ts";
import { parquetRows, quotePath } from "../../engines/parquet-rows.ts";
import { temporaryDirectory } from "../../temporary-directory.ts";
import { headText } from "../head-text.ts";
import { readingReport } from "../reading-report.ts";
import { DEFAULT_MEMORY_BYTES, NORMALIZED_FILE, REMOVED_FILE, noRecords } from "../source.ts";
import type { IngestContext, IngestRequest } from "../source.ts";
import { PRIMARY_CONTIGS } from "../vcf/contigs.ts";
import { openText } from "../text/text.ts";
import { readHead } from "./head.ts";
import type { ArrayHead } from "./head.ts";
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
    const path = onlyOf(request.paths);
    const head = await openHead(path, signal);
    const temporary = await temporaryDirectory(request.spillDirectory, "array");
    try {
      return await ingestInto(temporary, path, head, request, engine, context);
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

/** @throws {WorkspaceError} `source` for several files: vendors give all calls of a person in one */
export function onlyOf(paths: readonly string[]): string {
  const [path = ""] = paths;
  if (paths.length < 2) return path;
  throw new WorkspaceError({
    code: "source",
    message: `${paths.length} files of genotyping arrays are not read as one sample`,
    hint: "Make a sample of each, or ask the vendor for one file of all chromosomes.",
    at: path,
  });
}

/** @throws {WorkspaceError} `source` for a file of no array */
export async function openHead(path: string, signal: AbortSignal): Promise<ArrayHead> {
  const head = readHead(await headText(path, signal));
  if (head !== null) return head;
  throw new WorkspaceError({
    code: "source",
    message: "not raw data of a genotyping array: no line names the columns rsid, chromosome, position",
    hint: "Give the file as it came from the vendor, with its first lines.",
    at: path,
  });
}

async function ingestInto(
  temporary: string,
  path: string,
  head: ArrayHead,
  request: IngestRequest,
  engine: Engine,
  context: IngestContext,
): Promise<IngestSummary> {
  const lines = join(temporary, "calls.tsv");
  const { counts, bytes, sha256, endMarked } = await readLines(path, head, lines, context);
  if (counts.read === 0) throw noRecords(request.paths);
  if (counts.written === 0) throw nothingRead(path, counts);
  context.progress({ phase: "putting calls in order", records: counts.read });
  const connection = await engine.open({
    spillDirectory: temporary,
    memoryBytes: request.memoryBytes ?? DEFAULT_MEMORY_BYTES,
    ...(request.threads === undefined ? {} : { threads: request.threads }),
  });
  try {
    const twice = await writeTables(connection, lines, request.staging, context.signal);
    const presence = await presences(connection, request.staging, context.signal);
    return {
      source: { name: basename(path), bytes, sha256 },
      records: {
        read: counts.read,
        kept: Object.values(presence).reduce((sum, count) => sum + count, 0),
        removed: {},
        removed_total: 0,
      },
      presence,
      findings: [...findingsOf(counts, endMarked), ...twice],
      build: told(counts.sites.build(head.build)),
      samples: { all: [], chosen: null },
      kind: "array",
      caller: head.vendor,
      quality_filters: request.filters,
      has_rsids: counts.rsids > 0,
    };
  } finally {
    connection.close();
  }
}

/** A build that the modules are not on is no matter here, and who reads of it is told so. */
function told({ detected, how }: BuildEvidence): BuildEvidence {
  return { detected, how: `${how}; none of its positions is compared` };
}

/** Writes the calls to a file that the engine can read. */
async function readLines(
  path: string,
  head: ArrayHead,
  target: string,
  context: IngestContext,
): Promise<{ counts: CallCounts; bytes: number; sha256: string; endMarked: boolean }> {
  const file = await openText(path, context.signal);
  const out = createWriteStream(target, { mode: 0o600 });
  // What cannot be written is heard of where it is waited for.
  const failure = once(out, "error").then(([error]) => Promise.reject(error as Error));
  failure.catch(() => {});
  try {
    const counts = await readCalls(
      path,
      file,
      head,
      async (text) => {
        if (text !== "" && !out.write(text)) await Promise.race([once(out, "drain"), failure]);
      },
      readingReport(path, file.bytes, context),
    );
    const finished = once(out, "finish");
    out.end();
    await Promise.race([finished, failure]);
    return { counts, bytes: file.bytes, sha256: file.sha256(), endMarked: file.endMarked() };
  } finally {
    out.destroy();
    await file.close();
  }
}

/** Writes both tables, and tells of identifiers that stand on several lines. */
async function writeTables(
  connection: Connection,
  lines: string,
  staging: string,
  signal: AbortSignal,
): Promise<Finding[]> {
  const columns = Object.entries(CALL_COLUMNS).map(([name, type]) => `${name}: '${type}'`);
  const contigs = `['${PRIMARY_CONTIGS.join("','")}']`;
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
     order by coalesce(list_position(${contigs}, c.chrom), ${PRIMARY_CONTIGS.length + 1}), c.chrom, c.position, c.line`,
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
    kind: (differ ? "RSID_CONFLICT" : "RSID_TWICE") satisfies FindingKind,
    count: ids,
    first: `line ${line}: ${rsid}`,
  }));
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

function findingsOf({ kinds, crlf, byteOrderMark, badText }: CallCounts, endMarked: boolean): Finding[] {
  const file: readonly (readonly [FindingKind, boolean, number, string | null])[] = [
    ["MAYBE_TRUNCATED", !endMarked, 1, "the block that marks the end of a bgzip file is missing"],
    ["BYTE_ORDER_MARK", byteOrderMark, 1, "line 1: a byte order mark was left out"],
    ["CRLF", crlf, 1, "lines end in CRLF"],
    ["NOT_UTF8", badText > 0, badText, null],
  ];
  return [
    ...file.flatMap(([kind, is, count, first]) => (is ? [{ kind, count, first }] : [])),
    ...[...kinds].map(([kind, { count, first }]) => ({ kind: kind satisfies FindingKind, count, first })),
  ];
}

function nothingRead(path: string, { kinds }: CallCounts): WorkspaceError {
  const [first] = [...kinds.values()].map((kind) => kind.first);
  const line = /^line (\d+)/.exec(first ?? "")?.[1] ?? "1";
  return new WorkspaceError({
    code: "source",
    message: "no line of the file holds a call with an id and a position",
    hint: "Give the file as it came from the vendor.",
    at: `${path}:${line}`,
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
