import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { AnnotationManifest, ModuleResult, Restoration } from "#protocol/annotation.ts";

import type { Connection } from "../engines/engine.ts";
import { carryOutAll } from "../engines/lanes.ts";
import { collectArrayCalls, isArray } from "./match/array-calls.ts";
import { collectBridged } from "./match/blocks.ts";
import { authored, columnTypes, prepareAuthored } from "./match/authored.ts";
import { lookUpSites, newLookUp } from "./match/look-up.ts";
import { probeBuild } from "./match/build-probe.ts";
import { countModules } from "./match/counts.ts";
import { writeAnnotations, writeModuleTable, writeSites, writeStudies } from "./match/outputs.ts";
import { collectHaplotypes } from "./match/haplotypes.ts";
import { moduleCard, plainCard } from "./match/module-card.ts";
import type { ModuleCard } from "./match/module-card.ts";
import { collectMet, collectProbed, matchModule } from "./match/pairs.ts";
import { collectParts } from "./match/parts.ts";
import { judgeSites } from "./match/presence.ts";
import { moduleAt, SCRATCH } from "./match/request.ts";
import type { AnnotateContext, AnnotateRequest, JoinKey, LookUp, Match } from "./match/request.ts";
import { restorationScope, restore } from "./match/restore.ts";
import { annotatedResult, withoutResult } from "./match/result.ts";
import { collectSplit } from "./match/split.ts";
import { collectSites } from "./match/touched.ts";

/** Tables that are of one match alone, whatever is kept for the next. */
const PASSING = [
  SCRATCH.sites,
  SCRATCH.bridged,
  SCRATCH.onArray,
  SCRATCH.parts,
  SCRATCH.split,
  SCRATCH.probed,
  SCRATCH.matches,
  SCRATCH.restored,
  SCRATCH.statuses,
];

export type { AnnotateContext, AnnotateRequest } from "./match/request.ts";

/** How far a module got: its rows are read and it can be joined, or it dropped out with a reason. */
type Standing =
  | { readonly kind: "ready"; readonly card: ModuleCard; readonly key: "position" | "rsid" }
  | {
      readonly kind: "out";
      readonly card: ModuleCard;
      readonly status: "skipped" | "failed";
      readonly reason: string;
    };

/**
 * Holds one genome against annotation modules and writes into `staging`: `user_hf_module_annotations.parquet` (every
 * match), `modules/{module}_weights.parquet` (every record a module looked at), `modules/studies.parquet`,
 * `modules/sites.parquet` and `modules/manifest.json`, which it also gives back.
 *
 * The genome is scanned once for all modules, and not at all when a `lookUp` of before holds their places; memory goes
 * with the size of the modules. A module that fails is reported as failed and the others go on.
 *
 * @throws {WorkspaceError} `source` when the file is on another genome build; `cancelled` when the signal fires
 */
export async function annotate(
  request: AnnotateRequest,
  connection: Connection,
  context: AnnotateContext = {},
): Promise<AnnotationManifest> {
  await mkdir(join(request.staging, "modules"), { recursive: true });
  return matched(request, connection, context, async ({ match, standings, scope, probe }, phase) => {
    phase("writing the annotations", 0.7);
    await eachReady(match, standings, writeModuleTable);
    await dropOut(match, standings);
    await judgeSites(match, indexes(standings, isReady), scope);
    await inLanes(match, [writeAnnotations, writeStudies, writeSites]);
    phase("counting", 0.9);
    const manifest = await manifestOf(match, standings, scope, probe);
    await writeFile(
      join(request.staging, "modules", "manifest.json"),
      `${JSON.stringify(manifest, null, 2)}\n`,
    );
    return manifest;
  });
}

/**
 * Writes the table of {@link annotate} and nothing else: what is asked only for a moment needs no counts and no
 * tables of the modules.
 *
 * @throws {WorkspaceError} as {@link annotate}
 */
export async function annotateRows(
  request: AnnotateRequest,
  connection: Connection,
  context: AnnotateContext = {},
): Promise<void> {
  await mkdir(request.staging, { recursive: true });
  await matched(request, connection, context, async ({ match, standings }) => {
    await dropOut(match, standings);
    await writeAnnotations(match);
  });
}

/** Modules held against a genome: their pairs lie in the tables of the connection. */
interface Matched {
  readonly match: Match;
  /** In the order of the modules; a step that fails may put one out. */
  readonly standings: Standing[];
  readonly scope: Restoration;
  /** What `probeBuild` found. */
  readonly probe: string | null;
}

/** Matches, and gives the result to `use` while its tables are there. */
async function matched<T>(
  request: AnnotateRequest,
  connection: Connection,
  context: AnnotateContext,
  use: (result: Matched, phase: (text: string, fraction: number) => void) => Promise<T>,
): Promise<T> {
  const { signal = new AbortController().signal } = context;
  const phase = (text: string, fraction: number): void => context.progress?.({ phase: text, fraction });
  const columns = await columnTypes({ connection, signal }, request.variants);
  const lookUp = context.lookUp ?? newLookUp();
  const second = await connection.connect();
  const match: Match = { request, connection, lanes: [connection, second], signal, columns };
  try {
    phase("reading the modules", 0);
    const standings = await readModules(match, lookUp);
    phase("looking up the sites of the modules", 0.1);
    await collectSites(match);
    const scope = await lookUpSites(match, joinedBy("rsid", standings), lookUp);
    const probe = await probeBuild(match);
    await restore(match, scope);
    await collectBridged(match);
    await collectArrayCalls(match);
    phase("matching genotypes", 0.6);
    await collectSplit(match);
    await collectParts(match);
    await collectHaplotypes(match);
    await collectProbed(match, joinedBy("position", standings), joinedBy("rsid", standings));
    await eachReady(match, standings, matchModule);
    await collectMet(match);
    return await use({ match, standings, scope, probe }, phase);
  } finally {
    second.close();
    const passing = context.lookUp === undefined ? Object.values(SCRATCH) : PASSING;
    await connection.run(passing.map((table) => `drop table if exists ${table}`).join("; "));
  }
}

/** Reads the modules, and what of the genome has nothing to do with them. */
async function readModules(match: Match, lookUp: LookUp): Promise<Standing[]> {
  const identities = await prepareAuthored(match, lookUp);
  const standings: Standing[] = [];
  await inLanes(match, [
    async (match) => void (lookUp.scope ??= await restorationScope(match)),
    ...identities.map((identity, index) => async (match: Match) => {
      standings[index] = await readModule(match, index, identity, lookUp);
    }),
  ]);
  return standings;
}

async function readModule(match: Match, index: number, identity: string, lookUp: LookUp): Promise<Standing> {
  const { name, directory } = moduleAt(match, index);
  let card = plainCard(name);
  try {
    card = await moduleCard(name, directory);
    return standing(match, card, await authored(match, index, identity, lookUp));
  } catch (error) {
    return failed(match, card, error);
  }
}

function standing(match: Match, card: ModuleCard, found: JoinKey): Standing {
  const { ingest } = match.request;
  const skipped = (reason: string): Standing => ({ kind: "out", card, status: "skipped", reason });
  if (found.key === null)
    return skipped(`the module has no usable key: it lacks ${found.missing.join(", ")}`);
  if (ingest.kind === "sites_only") return skipped("the file states no genotypes");
  if (found.key === "rsid" && !ingest.has_rsids) {
    if (isArray(match)) return skipped("the calls of an array are found by rsID, and the file states none");
    return skipped("the module names its variants by rsID alone, and the file states no rsIDs");
  }
  return { kind: "ready", card, key: found.key };
}

/** Runs a step for each module that is still in; one that fails drops out. */
function eachReady(
  match: Match,
  standings: Standing[],
  step: (match: Match, index: number, key: "position" | "rsid") => Promise<void>,
): Promise<void> {
  const steps = standings.map((standing, index) => async (match: Match) => {
    if (!isReady(standing)) return;
    try {
      await step(match, index, standing.key);
    } catch (error) {
      standings[index] = failed(match, standing.card, error);
    }
  });
  return inLanes(match, steps);
}

/** Carries out what does not hang on one another, side by side. */
function inLanes(match: Match, works: readonly ((match: Match) => Promise<void>)[]): Promise<void> {
  return carryOutAll(match.lanes, works, match.signal, (connection, work, signal) =>
    work({ ...match, connection, signal }),
  );
}

/** Removes what modules that failed half-way left behind, so that no total counts it. */
async function dropOut({ connection, signal }: Match, standings: readonly Standing[]): Promise<void> {
  const out = indexes(standings, (standing) => !isReady(standing));
  if (out.length === 0) return;
  for (const table of [SCRATCH.matches, SCRATCH.restored]) {
    await connection.run(`delete from ${table} where module_index in (${out.join(", ")})`, [], signal);
  }
}

async function manifestOf(
  match: Match,
  standings: readonly Standing[],
  restoration: Restoration,
  probe: string | null,
): Promise<AnnotationManifest> {
  const { request } = match;
  const counted = await countModules(match, joinedBy("position", standings));
  const modules = standings.map((standing, index): ModuleResult => {
    const { card } = standing;
    if (isReady(standing)) return annotatedResult(card, standing.key, counted(index));
    const { presence, authored } = counted(index);
    return { ...withoutResult(card, standing.status, standing.reason), presence, authored };
  });
  for (const { name, reason } of request.broken ?? []) {
    modules.push(withoutResult(plainCard(name), "failed", reason));
  }
  const sum = (pick: (module: ModuleResult) => number): number =>
    modules.reduce((total, module) => total + pick(module), 0);
  return {
    format: "karyon.annotation/1",
    user: request.user,
    sample: request.sample,
    ingest: request.ingest,
    modules,
    total_matched: sum(({ matched }) => matched),
    total_restored: sum(({ restored }) => restored),
    restoration,
    ...(probe === null ? {} : { build_probe: probe }),
    disagreements: await disagreements(match),
    software: request.software,
    engine: await engineName(match),
  };
}

/** Variants of which the person's genotype is favourable to one module and unfavourable to another. */
async function disagreements({ connection, signal }: Match): Promise<AnnotationManifest["disagreements"]> {
  return connection.rows(
    `select first(a.rsid order by a.module_index) as rsid,
       list_transform(list_sort(list_distinct(list({index: a.module_index, name: a.module}))), lambda m: m.name) as modules
     from ${SCRATCH.matches} m
     join ${SCRATCH.authored} a on a.module_index = m.module_index and a.authored_row = m.authored_row
     where a.sign <> 0 and a.rsid is not null
     group by m.file_row_number, if(m.inside or m.part, a.start, null)
     having count(distinct a.sign) > 1 and count(distinct a.module_index) > 1
     order by m.file_row_number, if(m.inside or m.part, a.start, null)`,
    [],
    signal,
  );
}

async function engineName({ connection, signal }: Match): Promise<string> {
  const [row] = await connection.rows<{ name: string }>(
    "select 'duckdb ' || ltrim(library_version, 'v') as name from pragma_version()",
    [],
    signal,
  );
  return row?.name ?? "duckdb";
}

function isReady(standing: Standing): standing is Standing & { readonly kind: "ready" } {
  return standing.kind === "ready";
}

function joinedBy(key: "position" | "rsid", standings: readonly Standing[]): readonly number[] {
  return indexes(standings, (standing) => isReady(standing) && standing.key === key);
}

function indexes(standings: readonly Standing[], wanted: (standing: Standing) => boolean): readonly number[] {
  return standings.flatMap((standing, index) => (wanted(standing) ? [index] : []));
}

/** A failure of one module. What stops the whole run is thrown on. */
function failed({ signal }: Match, card: ModuleCard, error: unknown): Standing {
  if (signal.aborted) throw error;
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { kind: "out", card, status: "failed", reason };
}
