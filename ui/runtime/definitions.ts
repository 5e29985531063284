import type { AssetKey } from "#protocol/ids.ts";
import type { AssetView, CellView, Snapshot } from "#protocol/view.ts";

/** A variable of the page's dataflow, as data: what it reads, and what makes it another one. */
export type Definition =
  | {
      readonly name: string;
      readonly inputs: readonly string[];
      readonly version: string;
      readonly of: "asset";
      readonly asset: AssetView;
    }
  | {
      readonly name: string;
      readonly inputs: readonly string[];
      readonly version: string;
      readonly of: "prose";
      readonly cell: CellView;
    };

/** Variables of one asset and of one prose cell; the two never meet, as no asset key has a colon. */
export function assetVariable(key: AssetKey): string {
  return key;
}

export function proseVariable(cell: string): string {
  return `prose:${cell}`;
}

/**
 * The variables of a notebook in a partition: every asset with its true inputs, every prose cell. Two
 * definitions of one name are the same when inputs and `version` are: state, progress and age of an asset
 * do not make another value of it.
 */
export function definitions(snapshot: Snapshot): Definition[] {
  const keys = new Set(snapshot.assets.map((asset) => asset.key));
  const assets = snapshot.assets.map((asset): Definition => ({
    name: assetVariable(asset.key),
    inputs: asset.upstream.filter((key) => keys.has(key)),
    version: versionOf(asset),
    of: "asset",
    asset,
  }));
  const prose = snapshot.notebook.cells
    .filter((cell) => cell.kind === "markdown")
    .map((cell): Definition => ({
      name: proseVariable(cell.id),
      inputs: [],
      version: cell.source,
      of: "prose",
      cell,
    }));
  return [...assets, ...prose];
}

/** What distinguishes an output: partition, data version, how it is shown. */
export function versionOf(asset: AssetView): string {
  return JSON.stringify([asset.partition, asset.record?.dataVersion ?? null, asset.output, asset.observed]);
}

export function sameDefinition(a: Definition, b: Definition): boolean {
  return a.version === b.version && a.of === b.of && a.inputs.join("\n") === b.inputs.join("\n");
}
