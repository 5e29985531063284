import type { ReactNode } from "react";

import type { AsOfResult } from "#protocol/verb-results.ts";
import type { AssetView } from "#protocol/view.ts";

import { usePage, useStore } from "../shell/use-store.tsx";
import { notThereYet } from "../state/past.ts";
import { moment } from "../words/numbers.ts";

/** Above a notebook that is shown as it was. */
export function PastBanner(): ReactNode {
  const store = useStore();
  const { page } = usePage();
  const { whole } = page.past;
  if (whole === null || page.snapshot === null) return null;
  const absent = notThereYet(page.snapshot);
  return (
    <section className="past-banner" aria-label="as it was">
      <p>
        <strong>
          <span aria-hidden="true">⟲</span> As it was on {moment(whole.at)}, not current.
        </strong>{" "}
        {pastWords(whole)}
        {absent.length === 0 ? "" : ` Not made yet then: ${absent.join(", ")}.`}
      </p>
      <button type="button" className="button primary" onClick={() => store.showPresent(null)}>
        Show what is current
      </button>
    </section>
  );
}

/** Whose text is shown. */
function pastWords({ kept_by, notebook }: AsOfResult): string {
  if (notebook === null) return "There was no notebook of this name then.";
  const text =
    kept_by === null
      ? "The results are those that stood then; what the cells said was not kept, so their text is that of now."
      : `Results and text are those of then, the text as run ${kept_by} found it.`;
  const trust = notebook.untrusted === null ? "" : " Its own scripts do not run: that text was not trusted.";
  return `${text} Nothing can be changed or run here.${trust}`;
}

/** Above the output of a cell that is shown as it was, while the notebook is not. */
export function PastNotice({ asset }: { readonly asset: AssetView }): ReactNode {
  const store = useStore();
  const { page } = usePage();
  const { record } = asset;
  if (asset.past !== true || page.past.whole !== null || record === null) return null;
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
