import { useState } from "react";
import type { ReactNode } from "react";

import type { ErrorInfo } from "#protocol/error.ts";
import { errorInfo } from "#protocol/error.ts";
import type { AssetView } from "#protocol/view.ts";
import type { Thresholds } from "#protocol/what-if.ts";

import { askVerb } from "../connection/verbs.ts";
import { ErrorCard } from "../shell/error-card.tsx";
import { useStore } from "../shell/use-store.tsx";
import { writtenWords } from "./written-words.ts";

interface Written {
  readonly cell: string;
  readonly notebook: string;
}

interface Props {
  readonly asset: AssetView;
  readonly thresholds: Thresholds;
}

/** Writes stricter filters into the cell of those that stand. */
export function KeepFilters({ asset, thresholds }: Props): ReactNode {
  const store = useStore();
  const [error, setError] = useState<ErrorInfo | null>(null);
  const keep = async (): Promise<void> => {
    try {
      await store.drafts.flushAll();
      const question = { asset: asset.key, partition: asset.partition, thresholds };
      const { cell, notebook } = await askVerb<Written>("what-if-keep-filters", question);
      store.show(null);
      store.toast(writtenWords(`${cell}, for every sample`, notebook, store));
    } catch (caught) {
      setError(errorInfo(caught));
    }
  };
  return (
    <div className="compare-choices">
      <button type="button" className="button" onClick={() => void keep()}>
        Write the filters into their cell
      </button>
      <span className="muted">They hold for every sample then.</span>
      {error === null ? null : <ErrorCard error={error} title="not written" />}
    </div>
  );
}
