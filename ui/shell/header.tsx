import type { ReactNode } from "react";

import type { PartitionKey } from "#protocol/ids.ts";
import { dimensions } from "#protocol/ids.ts";
import type { PartitionView } from "#protocol/view.ts";

import { PAGE } from "../state/page-store.ts";
import { costWords, planWords, stalePlan, summarise } from "../state/plan.ts";
import { usePage, useStore } from "./use-store.tsx";

/** Title, person, what is fresh and what is not, and the one action of the whole page. */
export function Header(): ReactNode {
  const { page } = usePage();
  const { snapshot } = page;
  return (
    <header className="top">
      <div className="brand" title="Karyon">
        <span aria-hidden="true" />
      </div>
      <h1 className="title">{snapshot?.notebook.title ?? "Karyon"}</h1>
      {snapshot === null ? null : (
        <>
          <span className="path">{snapshot.notebook.path}</span>
          <PartitionSwitch chosen={snapshot.partition} partitions={snapshot.partitions} />
          <span className="space" />
          <SummaryLine />
          <RunStale />
        </>
      )}
    </header>
  );
}

interface SwitchProps {
  readonly chosen: PartitionKey;
  readonly partitions: readonly PartitionView[];
}

function PartitionSwitch({ chosen, partitions }: SwitchProps): ReactNode {
  const store = useStore();
  if (partitions.length === 0) return <span className="pill">no sample yet</span>;
  const current = partitions.find((one) => one.key === chosen);
  return (
    <label className="pill" title={current?.source ?? "no file yet"}>
      Sample
      <select value={chosen} onChange={(event) => store.open(null, event.target.value as PartitionKey)}>
        {partitions.map((one) => (
          <option key={one.key} value={one.key}>
            {partitionName(one)}
          </option>
        ))}
      </select>
      <span aria-hidden="true" className="caret">
        ▾
      </span>
    </label>
  );
}

function partitionName(partition: PartitionView): string {
  const { user, sample } = dimensions(partition.key);
  return `${user} / ${sample}${partition.synthetic ? " · synthetic" : ""}`;
}

function SummaryLine(): ReactNode {
  const { page, states } = usePage();
  const summary = summarise(page.snapshot?.assets ?? [], states);
  return (
    <span className="summary">
      <span>{summary.fresh} fresh</span>
      {" · "}
      <span className={summary.stale > 0 ? "ink-stale" : undefined}>{summary.stale} stale</span>
      {summary.missing > 0 ? ` · ${summary.missing} not yet run` : ""}
      {summary.running > 0 ? <span className="ink-running"> · {summary.running} running</span> : null}
      {" · "}
      <span className={summary.failed > 0 ? "ink-failed" : undefined}>{summary.failed} failed</span>
    </span>
  );
}

function RunStale(): ReactNode {
  const store = useStore();
  const { page, states } = usePage();
  const plan = stalePlan(page.snapshot?.assets ?? [], states);
  const cost = costWords(plan);
  const idle = plan.assets.length === 0;
  const { running } = summarise(page.snapshot?.assets ?? [], states);
  return (
    <button
      type="button"
      className={idle ? "button" : "button primary"}
      disabled={idle || page.connection.kind !== "open"}
      title={idle ? "nothing is stale" : planWords(plan)}
      onClick={() => store.run(plan, PAGE)}
    >
      {idle ? (running > 0 ? "Running" : "Nothing stale") : `Run stale${cost === null ? "" : ` · ${cost}`}`}
    </button>
  );
}
