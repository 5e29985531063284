import type { ReactNode } from "react";

import type { AssetView } from "#protocol/view.ts";

import { usePage, useStore } from "../shell/use-store.tsx";
import { notThereYet } from "../state/past.ts";
import { moment } from "../words/numbers.ts";

/** Above a notebook that is shown as it was. */
export function PastBanner(): ReactNode {
  const store = useStore();
  const { page } = usePage();
  if (page.past.at === null || page.snapshot === null) return null;
  const absent = notThereYet(page.snapshot);
  return (
    <section className="past-banner" aria-label="as it was">
      <p>
        <strong>
          <span aria-hidden="true">⟲</span> As it was on {moment(page.past.at)}, not current.
        </strong>{" "}
        The results are those that stood then; the text of the cells is that of now.
        {absent.length === 0 ? "" : ` Not made yet then: ${absent.join(", ")}.`}
      </p>
      <button type="button" className="button primary" onClick={() => store.showPresent(null)}>
        Show what is current
      </button>
    </section>
  );
}

/** Above the output of a cell that is shown as it was, while the notebook is not. */
export function PastNotice({ asset }: { readonly asset: AssetView }): ReactNode {
  const store = useStore();
  const { page } = usePage();
  const { record } = asset;
  if (asset.past !== true || page.past.at !== null || record === null) return null;
  return (
    <div className="past-banner" role="note">
      <p>
        <strong>
          <span aria-hidden="true">⟲</span> As it was on {moment(record.madeAt)}, run {record.run}, not
          current.
        </strong>
      </p>
      <button
        type="button"
        className="button primary"
        aria-label={`Show the current ${asset.key}`}
        onClick={() => store.showPresent(asset.key)}
      >
        Show what is current
      </button>
      <button
        type="button"
        className="button"
        aria-label={`Compare this ${asset.key} with the current one`}
        onClick={() => store.show({ kind: "compare", asset: asset.key, before: record.run })}
      >
        Compare
      </button>
    </div>
  );
}
