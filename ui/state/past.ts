/** What is shown in place of what stands. Pure. */
import type { AssetKey } from "#protocol/ids.ts";
import type { AssetRecord } from "#protocol/record.ts";
import type { AsOfResult } from "#protocol/verb-results.ts";
import type { NotebookView, Snapshot } from "#protocol/view.ts";

export interface Past {
  /** What the whole notebook is shown as; null: as it stands. */
  readonly whole: AsOfResult | null;
  /** Single assets of earlier versions. */
  readonly versions: ReadonlyMap<AssetKey, AssetRecord>;
}

export const PRESENT: Past = { whole: null, versions: new Map() };

export function isPresent({ whole, versions }: Past): boolean {
  return whole === null && versions.size === 0;
}

/** What is shown: a notebook of then has its own cells and assets, and no others; a notebook that was not there yet has none. */
export function asItWas(snapshot: Snapshot, { whole, versions }: Past): Snapshot {
  const { notebook, assets } =
    whole === null
      ? snapshot
      : { assets: whole.assets, notebook: whole.notebook ?? absent(snapshot.notebook, whole.at) };
  return {
    ...snapshot,
    notebook,
    assets: assets.map((asset) => {
      const record = versions.get(asset.key);
      return record?.partition === asset.partition ? { ...asset, record, observed: null, past: true } : asset;
    }),
  };
}

/** With one more asset as it was. */
export function withVersion(past: Past, record: AssetRecord): Past {
  return { ...past, versions: new Map([...past.versions, [record.asset, record]]) };
}

/** With one asset as it stands again; of a notebook that is shown at a time, all of them. */
export function withoutVersion(past: Past, asset: AssetKey): Past {
  if (past.whole !== null) return PRESENT;
  return { ...past, versions: new Map([...past.versions].filter(([key]) => key !== asset)) };
}

function absent(notebook: NotebookView, at: string): NotebookView {
  return { ...notebook, cells: [], canUndo: false, canRedo: false, at };
}

/** Assets of a notebook that were not there yet. */
export function notThereYet({ notebook, assets }: Snapshot): AssetKey[] {
  const own = new Set(notebook.cells.flatMap(({ asset }) => asset ?? []));
  return assets.flatMap(({ key, past, record, observed }) =>
    past === true && own.has(key) && record === null && observed === null ? [key] : [],
  );
}
