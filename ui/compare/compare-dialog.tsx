import { useState } from "react";
import type { ReactNode } from "react";

import { WHOLE } from "#protocol/ids.ts";
import type { AssetKey, RunId } from "#protocol/ids.ts";
import type { DiffResult, DiffSide, HistoryResult } from "#protocol/verb-results.ts";

import { useVerb } from "../pages/use-verb.ts";
import { Dialog } from "../shell/dialog.tsx";
import { ErrorCard } from "../shell/error-card.tsx";
import { foundSamples } from "../shell/found-samples.ts";
import { usePage, useStore } from "../shell/use-store.tsx";
import { moment } from "../words/numbers.ts";
import { DiffView } from "./diff-view.tsx";
import { versionWords } from "./versions.ts";

interface Props {
  readonly asset: AssetKey;
  /** Run of the earlier version; null: the one before. */
  readonly before: RunId | null;
}

/** What is different between two versions of an asset, or between two samples. */
export function CompareDialog({ asset, before }: Props): ReactNode {
  const store = useStore();
  const { snapshot } = usePage().page;
  const view = snapshot?.assets.find(({ key }) => key === asset);
  const [earlier, setEarlier] = useState(before === null ? "" : String(before));
  const [later, setLater] = useState("");
  const [search, setSearch] = useState("");
  const partition = view?.partition ?? "";
  const place = partition === WHOLE ? { asset } : { asset, partition };
  const since = view?.record?.dataVersion ?? "";
  const history = useVerb<HistoryResult>("history", since, place);
  const samples = (snapshot?.partitions ?? []).filter(({ key }) => key !== partition);
  const other = samples.some(({ key }) => key === search) ? search : "";
  const once = view?.earlier === false && other === "" && earlier === "";
  const versions = history.kind === "there" ? history.result.versions : [];
  const runs = versions.map(({ record }) => (
    <option key={record.seq} value={record.run}>
      {versionWords(record)}
    </option>
  ));
  return (
    <Dialog title={`What is different in ${asset}`} wide onClose={() => store.show(null)}>
      <div className="compare-choices">
        <label>
          Before
          <select value={earlier} onChange={(event) => setEarlier(event.target.value)}>
            <option value="">{other === "" ? "the version before" : `${partition}, as it stands`}</option>
            {runs}
          </select>
        </label>
        <label>
          After
          <select
            value={other === "" ? later : ""}
            disabled={other !== ""}
            onChange={(event) => setLater(event.target.value)}
          >
            <option value="">the one that stands</option>
            {runs}
          </select>
        </label>
        {partition === WHOLE || samples.length === 0 ? null : (
          <label>
            With the sample
            <input
              type="search"
              list="other-samples"
              placeholder="the same"
              value={search}
              onChange={(event) => setSearch(event.target.value)}
            />
            <datalist id="other-samples">
              {foundSamples(samples, search, WHOLE).shown.map(({ key }) => (
                <option key={key} value={key} />
              ))}
            </datalist>
          </label>
        )}
      </div>
      {once && view.record === null ? (
        <p className="output-note">There is no result yet to compare. Run it first.</p>
      ) : once ? (
        <p className="output-note">
          It was made only once: there is nothing to compare it with. Change what it is made from and run it
          again
          {samples.length === 0 ? "." : ", or choose another sample."}
        </p>
      ) : (
        <Difference
          asset={asset}
          since={since}
          parameters={{
            ...place,
            ...(other === "" ? {} : { other }),
            ...(earlier === "" ? {} : { before: earlier }),
            ...(later === "" || other !== "" ? {} : { after: later }),
          }}
        />
      )}
      <p className="dialog-buttons">
        <button type="button" className="button" onClick={() => store.show({ kind: "history", asset })}>
          History
        </button>
        <button type="button" className="button" onClick={() => store.show(null)}>
          Close
        </button>
      </p>
    </Dialog>
  );
}

interface DifferenceProps {
  readonly asset: string;
  readonly since: string;
  readonly parameters: Readonly<Record<string, string>>;
}

function Difference({ asset, since, parameters }: DifferenceProps): ReactNode {
  const asked = useVerb<DiffResult>("diff", since, parameters);
  return (
    <div aria-live="polite" aria-busy={asked.kind === "asking"}>
      {asked.kind === "asking" ? <p className="output-note">Comparing…</p> : null}
      {asked.kind === "failed" ? <ErrorCard error={asked.error} title="not compared" /> : null}
      {asked.kind === "there" ? (
        <>
          <p className="compare-sides">
            {sideWords(asked.result.before, asked.result)} → {sideWords(asked.result.after, asked.result)}
            {asked.result.table === asset ? "" : ` · the rows are those of ${asked.result.table}`}
          </p>
          <DiffView diff={asked.result} />
        </>
      ) : null}
    </div>
  );
}

function sideWords(side: DiffSide, { before, after }: DiffResult): string {
  const whose = before.partition === after.partition ? "" : `${side.partition}, `;
  return `${whose}run ${side.run}, ${moment(side.made_at)}`;
}
