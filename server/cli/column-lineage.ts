import type { AssetKey } from "#protocol/ids.ts";
import type { AssetRecord, ColumnOrigin, ColumnSource } from "#protocol/record.ts";

import { recordOf } from "../catalog/versions.ts";
import type { Catalog } from "../catalog/catalog.ts";

export interface ColumnLineage {
  readonly column: string;
  /** Null: where it is from is not known. */
  readonly origin: ColumnOrigin | null;
  /** Where the way back ends: columns that no query made; of the versions that it was made from. */
  readonly roots: readonly ColumnSource[];
}

/** Where each column of a version is from, back to what no query made. */
export function columnLineages(record: AssetRecord, catalog: Catalog): ColumnLineage[] {
  return record.columns.map(({ name: column, origin = null }) => ({
    column,
    origin,
    roots: unique((origin?.of ?? []).flatMap((source) => rootsOf(source, record, catalog))),
  }));
}

function rootsOf(source: ColumnSource, reader: AssetRecord, catalog: Catalog): readonly ColumnSource[] {
  const record = inputRecord(source.asset, reader, catalog);
  const origin = record?.columns.find(({ name }) => name === source.column)?.origin;
  if (record === null || origin === undefined) return [source];
  return origin.of.flatMap((further) => rootsOf(further, record, catalog));
}

/** The version of an input that another was made from. */
function inputRecord(asset: AssetKey, reader: AssetRecord, { versions }: Catalog): AssetRecord | null {
  const input = reader.inputs.find((one) => one.asset === asset && one.compared !== true);
  return input === undefined ? null : recordOf(versions.at(asset, input.partition, input.dataVersion));
}

function unique(sources: readonly ColumnSource[]): readonly ColumnSource[] {
  return [...new Map(sources.map((source) => [JSON.stringify(source), source])).values()];
}

/** `user_hits.weight, user_hits.chrom`. */
export function sourcesText(sources: readonly ColumnSource[]): string {
  return sources.map(({ asset, column }) => `${asset}.${column}`).join(", ");
}
