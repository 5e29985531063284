import type { Restoration } from "#protocol/annotation.ts";

import { countRows } from "./authored.ts";
import { SCRATCH } from "./request.ts";
import type { LookUp, Match } from "./request.ts";
import { restorationScope } from "./restore.ts";
import { collectByRsid, collectRemoved, collectTouched, wantedIds } from "./touched.ts";

/** Nothing is looked up yet. */
export function newLookUp(): LookUp {
  return { scope: null, done: false, modules: new Map() };
}

/**
 * Fills the tables of what the genome says at and around the places of the modules, unless they hold it already.
 * A place more than is asked for does no harm: everything that reads them asks for its own places.
 *
 * `byRsid`: indexes of the modules that are joined by rsID alone.
 */
export async function lookUpSites(
  match: Match,
  byRsid: readonly number[],
  lookUp: LookUp,
): Promise<Restoration> {
  lookUp.scope ??= await restorationScope(match);
  const { scope } = lookUp;
  if (lookUp.done && (await covers(match, byRsid))) return scope;
  lookUp.done = false;
  await collectTouched(match, scope.applied ? scope.max_flank_bp : 0);
  await collectRemoved(match);
  await collectByRsid(match, byRsid);
  await remember(match, byRsid);
  lookUp.done = true;
  return scope;
}

async function covers(match: Match, byRsid: readonly number[]): Promise<boolean> {
  const missing = await countRows(
    match,
    `select (select count(*) from (${places()} except from ${SCRATCH.places}))::integer
       + (select count(*) from (${wantedIds(match, byRsid)} except from ${SCRATCH.asked}))::integer as n`,
  );
  return missing === 0;
}

async function remember(match: Match, byRsid: readonly number[]): Promise<void> {
  await match.connection.run(
    `create or replace table ${SCRATCH.places} as ${places()};
     create or replace table ${SCRATCH.asked} as ${wantedIds(match, byRsid)}`,
    [],
    match.signal,
  );
}

function places(): string {
  return `select distinct chrom, start, "end" from ${SCRATCH.sites} where chrom is not null`;
}
