import type { Marked } from "#protocol/exported.ts";
import { WHOLE } from "#protocol/ids.ts";
import type { QueryValue } from "#protocol/messages.ts";
import { canonicalText } from "#protocol/provenance.ts";
import type { Provenance, ProvenanceInput } from "#protocol/provenance.ts";
import type { AssetRecord } from "#protocol/record.ts";
import type { AssetView, CellView } from "#protocol/view.ts";

import { definedNames, usedNames } from "./cell-uses.ts";

/** What a figure stands in. */
export interface Figures {
  readonly cells: readonly CellView[];
  readonly assets: readonly AssetView[];
  /** Name of the sample, without whose it is; null when there is none. */
  readonly sample: string | null;
  readonly software: string;
  /** What the `${}` of live SQL stand at, by cell. */
  readonly values: Readonly<Record<string, readonly QueryValue[]>>;
}

/** SHA-256 of a text, hex. */
export type Hash = (text: string) => Promise<string>;

/** How what a cell shows was made, and its mark: the hash of that, so that equal figures have equal marks. */
export async function provenanceOf(cell: CellView, figures: Figures, hash: Hash): Promise<Marked> {
  const asset = figures.assets.find(({ key }) => key === cell.asset);
  const provenance =
    asset === undefined ? await ofView(cell, figures, hash) : await ofAsset(cell, asset, figures, hash);
  return { mark: await hash(canonicalText(provenance)), provenance };
}

async function ofAsset(cell: CellView, asset: AssetView, figures: Figures, hash: Hash): Promise<Provenance> {
  const { record } = asset;
  const above = record === null ? [] : recordsAbove(record, figures.assets);
  return {
    cell: asset.key,
    kind: asset.kind,
    code: record?.codeVersion ?? (await hash(cell.source)),
    data: record?.dataVersion ?? null,
    madeAt: record?.madeAt ?? null,
    rows: record?.rows ?? null,
    sample: asset.partition === WHOLE ? null : figures.sample,
    inputs: (record?.inputs ?? []).map(({ asset: name, dataVersion, compared }) => ({
      // Whose it is a file does not say.
      name: compared === true ? `${name} of another sample` : name,
      data: dataVersion,
      code: null,
    })),
    values: [],
    ...tookPart(above),
    engine: record?.engine ?? null,
    ...(record?.runEngine === undefined ? {} : { engineOfRun: true }),
    software: record?.software ?? figures.software,
  };
}

async function ofView(cell: CellView, figures: Figures, hash: Hash): Promise<Provenance> {
  const { cells, assets } = readBy(cell, figures);
  const records = assets.flatMap(({ record }) =>
    record === null ? [] : recordsAbove(record, figures.assets),
  );
  const inputs: ProvenanceInput[] = [];
  for (const one of cells) {
    inputs.push({ name: one.name ?? one.id, data: null, code: await hash(one.source) });
  }
  for (const { key, record } of assets) {
    inputs.push({ name: key, data: record?.dataVersion ?? null, code: null });
  }
  return {
    cell: cell.name ?? cell.id,
    kind: cell.kind === "view" ? cell.language : cell.kind,
    code: await hash(cell.source),
    data: null,
    madeAt: null,
    rows: null,
    sample: assets.some(({ partition }) => partition !== WHOLE) ? figures.sample : null,
    inputs: inputs.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    values: [cell, ...cells].flatMap(({ id }) => figures.values[id] ?? []),
    ...tookPart(records),
    engine: null,
    software: figures.software,
  };
}

/** The other cells that a cell reads, however far up, and the assets that it or they read. */
export function readBy(
  cell: CellView,
  { cells, assets }: Pick<Figures, "cells" | "assets">,
): { readonly cells: readonly CellView[]; readonly assets: readonly AssetView[] } {
  const definers = new Map<string, CellView>();
  for (const one of cells) {
    if (one.asset === null) for (const name of definedNames(one)) definers.set(name, one);
  }
  const byKey = new Map<string, AssetView>(assets.map((asset) => [asset.key, asset]));
  const names = new Set([...definers.keys(), ...byKey.keys()]);
  const found = new Set([cell]);
  const read = new Set<AssetView>();
  for (const one of found) {
    for (const name of usedNames(one, names)) {
      const definer = definers.get(name);
      const asset = byKey.get(name);
      if (definer !== undefined) found.add(definer);
      else if (asset !== undefined) read.add(asset);
    }
  }
  found.delete(cell);
  return { cells: [...found], assets: [...read] };
}

/** A record and those it was made from, as far as they are still the heads: what was there then is not known here. */
function recordsAbove(record: AssetRecord, assets: readonly AssetView[]): AssetRecord[] {
  const found = new Set([record]);
  for (const one of found) {
    for (const { asset, dataVersion } of one.inputs) {
      const above = assets.find(({ key }) => key === asset)?.record;
      if (above?.dataVersion === dataVersion) found.add(above);
    }
  }
  return [...found];
}

function tookPart(records: readonly AssetRecord[]): Pick<Provenance, "modules" | "references"> {
  const modules = new Map(
    records.flatMap((record) => record.modules.map((module) => [`${module.name} ${module.digest}`, module])),
  );
  const references = new Set(records.flatMap(({ reference }) => reference ?? []));
  return {
    modules: [...modules].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, module]) => module),
    references: [...references].toSorted(),
  };
}
