import { useEffect, useState } from "react";

import { provenanceOf } from "#notebook/provenance.ts";
import type { Figures, Hash } from "#notebook/provenance.ts";
import type { Marked } from "#protocol/exported.ts";
import { WHOLE, dimensions } from "#protocol/ids.ts";
import type { CellView, Snapshot } from "#protocol/view.ts";

import { standingValues } from "../runtime/standing-values.ts";
import { useOutput, usePage, useStore } from "../shell/use-store.tsx";

/** Waited after the last change: a slider that is dragged makes no marks on its way. */
const SETTLE_MS = 400;

/** The mark of what a cell shows; null until it is known, and where there is nothing to hash with. */
export function useMark(cell: CellView): Marked | null {
  const store = useStore();
  const { snapshot } = usePage().page;
  const [known, setKnown] = useState<{ readonly key: string; readonly marked: Marked } | null>(null);
  const own = useOutput(`values:${cell.id}`);
  const values = own?.kind === "variable" ? JSON.stringify(own.value) : "";
  const key = snapshot === null ? "" : `${cell.id} ${cell.source} ${versionsOf(snapshot)} ${values}`;
  useEffect(() => {
    if (snapshot === null || !("subtle" in crypto)) return undefined;
    let isWanted = true;
    const timer = setTimeout(() => {
      const { cells } = snapshot.notebook;
      const figures: Figures = {
        cells,
        assets: snapshot.assets,
        sample: snapshot.partition === WHOLE ? null : dimensions(snapshot.partition).sample,
        software: snapshot.software,
        values: standingValues(cells, store.outputs),
      };
      const mark = async (): Promise<void> => {
        const marked = await provenanceOf(cell, figures, sha256);
        if (isWanted) setKnown({ key, marked });
      };
      void mark();
    }, SETTLE_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
    // What else changes of a snapshot (progress, runs) makes no other mark.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [store, key]);
  return known?.key === key ? known.marked : null;
}

const VERSIONS = new WeakMap<Snapshot, string>();

/** What a mark depends on beside its own cell, as text: once a snapshot, however many cells ask. */
function versionsOf(snapshot: Snapshot): string {
  const known = VERSIONS.get(snapshot);
  if (known !== undefined) return known;
  const assets = snapshot.assets.map(({ key, record }) => `${key} ${record?.dataVersion ?? ""}`);
  const text = [snapshot.partition, snapshot.notebook.revision, ...assets].join("\n");
  VERSIONS.set(snapshot, text);
  return text;
}

const sha256: Hash = async (text) => {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
};
