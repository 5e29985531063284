import { join } from "node:path";

import type { Connection, NamedQuery } from "../engines/engine.ts";
import type { JoinedColumns } from "./joined-columns.ts";
import { ROW, matchSteps } from "./match-sql.ts";
import type { PassContig } from "./match-sql.ts";
import type { SampleGroup } from "./passes.ts";
import { addedByVariantSql, addedSql, foundSql } from "./result-sql.ts";

/** What all passes of a join look at. */
export interface Look {
  /** By the number of the sample. */
  readonly tables: readonly { readonly variants: string; readonly added: JoinedColumns }[];
  /** Contig → path of its shard. */
  readonly shards: ReadonlyMap<string, string>;
  /** Private directory. */
  readonly scratch: string;
  /** Bases that REF and an alternate of a row of the shards may have in common, at the most. */
  readonly longest: number;
}

/** Where the columns that are added to a row group lie. */
export function addedPath(scratch: string, { sample, group }: SampleGroup): string {
  return join(scratch, `added-${sample}-${group.first}.parquet`);
}

/** Looks up the variants of some row groups, and writes what is added to each of these as a file of one row group. */
export async function lookUp(
  groups: readonly SampleGroup[],
  look: Look,
  connection: Connection,
  signal: AbortSignal,
): Promise<void> {
  const { scratch } = look;
  const longest = Math.max(look.longest, ...groups.map(({ group }) => group.longest));
  const contigs = await registerShards(groups, look, longest, connection);
  const members = await registerVariants(groups, look, connection);
  const variants = members.map(({ name }) => name);
  const stepsFor = ({ columns }: JoinedColumns): NamedQuery[] =>
    matchSteps({ variants, contigs, columns: columns.map(({ from }) => from), longest });
  const [only, ...others] = members;
  if (only !== undefined && others.length === 0) {
    const options = { signal, rowGroupRows: Math.max(1, only.group.rows), steps: stepsFor(only.added) };
    return connection.sink(addedSql(only.name, contigs, only.added), addedPath(scratch, only), options);
  }
  let last: Member | null = null;
  for (const member of members) {
    const { name, added, group } = member;
    // Names of added columns hang on the sample's own: they are found anew where these differ.
    if (last === null || !hasSameNames(added, last.added)) {
      const found = `${addedPath(scratch, member)}.found`;
      await connection.sink(foundSql(added), found, { signal, steps: stepsFor(added) });
      await connection.register(FOUND, found);
    }
    const sql = addedByVariantSql({ variants: name, found: FOUND }, contigs, added);
    await connection.sink(sql, addedPath(scratch, member), { signal, rowGroupRows: Math.max(1, group.rows) });
    last = member;
  }
}

const FOUND = "found";

interface Member extends SampleGroup {
  /** Name of the table of its variants. */
  readonly name: string;
  readonly added: JoinedColumns;
}

async function registerVariants(
  groups: readonly SampleGroup[],
  { tables }: Look,
  connection: Connection,
): Promise<Member[]> {
  const members: Member[] = [];
  for (const [number, one] of groups.entries()) {
    const table = tables[one.sample];
    if (table === undefined) continue;
    const name = `variants ${number}`;
    const rows = { first: one.group.first, count: one.group.rows };
    await connection.register(name, table.variants, { rowNumber: ROW, rows });
    members.push({ ...one, name, added: table.added });
  }
  return members;
}

/** The contigs of a pass with what of their shards may answer: an allele in its shortest form may begin elsewhere. */
async function registerShards(
  groups: readonly SampleGroup[],
  { shards }: Look,
  longest: number,
  connection: Connection,
): Promise<PassContig[]> {
  const contigs = new Map<string, PassContig>();
  for (const { contig: name, from, to } of groups.flatMap(({ group }) => group.stretches)) {
    const before = contigs.get(name);
    contigs.set(name, {
      name,
      shard: shards.has(name) ? tableOf(name) : null,
      from: Math.min(before?.from ?? Infinity, from - longest),
      to: Math.max(before?.to ?? 0, to + longest),
    });
  }
  const named = [...contigs.values()];
  if (named.every(({ shard }) => shard === null)) {
    // The columns that a pass adds come from a shard: one without any borrows one, for a contig that no row is on.
    const [any] = shards.keys();
    if (any !== undefined) named.push({ name: "", shard: tableOf(any), from: 1, to: 0 });
  }
  for (const [contig, path] of shards) {
    const table = tableOf(contig);
    if (named.some(({ shard }) => shard === table))
      await connection.register(table, path, { rowNumber: ROW });
  }
  return named;
}

/** Name of the table of a contig's shard. */
function tableOf(contig: string): string {
  return `shard ${contig}`;
}

function hasSameNames(one: JoinedColumns, other: JoinedColumns): boolean {
  const names = [one, other].map(({ columns, match }) =>
    JSON.stringify([...columns.map(({ to }) => to), match]),
  );
  return names[0] === names[1];
}
