import type { ReactNode } from "react";

import type { RunId } from "#protocol/ids.ts";

import type { CellState } from "../state/cell-state.ts";
import { stoppableRun } from "../state/cell-state.ts";
import { PAGE } from "../state/page-store.ts";
import { costWords, notebookAssets, planWords, stalePlan } from "../state/plan.ts";
import { SampleSwitch } from "./sample-switch.tsx";
import { StopButton } from "./stop-button.tsx";
import { usePage, useStore } from "./use-store.tsx";
import { useSummary } from "./use-summary.ts";

/** Title, person, what is fresh and what is not, and the one action of the whole page. */
export function Header(): ReactNode {
  const store = useStore();
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
          <SampleSwitch chosen={snapshot.partition} partitions={snapshot.partitions} />
          <span className="space" />
          {page.past.whole === null ||
          (page.past.whole.notebook !== null && page.past.whole.kept_by !== null) ? (
            <button type="button" className="button" onClick={() => store.show({ kind: "export" })}>
              Export…
            </button>
          ) : null}
          {page.past.whole === null ? (
            <>
              <SummaryLine />
              <RunStale />
            </>
          ) : (
            <span className="summary">as it was, not current</span>
          )}
        </>
      )}
    </header>
  );
}

function SummaryLine(): ReactNode {
  const summary = useSummary();
  return (
    <span className="summary">
      <span>{summary.fresh} fresh</span>
      <span className={summary.stale > 0 ? "ink-stale" : "none"}>
        {" · "}
        {summary.stale} stale
      </span>
      {summary.missing > 0 ? ` · ${summary.missing} not yet run` : ""}
      {summary.running > 0 ? <span className="ink-running"> · {summary.running} running</span> : null}
      <span className={summary.failed > 0 ? "ink-failed" : "none"}>
        {" · "}
        {summary.failed} failed
      </span>
    </span>
  );
}

function RunStale(): ReactNode {
  const store = useStore();
  const { page, states } = usePage();
  const assets = page.snapshot === null ? [] : notebookAssets(page.snapshot);
  const plan = stalePlan(assets, states);
  const cost = costWords(plan);
  const idle = plan.assets.length === 0;
  const { fresh, stale, failed, running } = useSummary();
  const offline = page.connection.kind !== "open";
  const runs = runsOf(assets.flatMap(({ key }) => states.get(key) ?? []));
  if (idle && runs.length > 0) {
    return (
      <StopButton
        className="run-page"
        label="Stop what runs"
        disabled={offline}
        onStop={() => {
          for (const run of runs) store.stop(run, PAGE);
        }}
      />
    );
  }
  // Nothing is stale where nothing was made yet.
  const what = stale + failed > 0 ? "Run stale" : fresh === 0 ? "Run all" : "Run the rest";
  return (
    <button
      type="button"
      className={idle ? "button run-page" : "button primary run-page"}
      disabled={idle || offline}
      title={idle ? "nothing is stale" : planWords(plan)}
      onClick={() => store.run(plan, PAGE)}
    >
      {idle
        ? running === 0
          ? "Nothing stale"
          : offline
            ? "Not connected"
            : "Stopping"
        : `${what}${cost === null ? "" : ` · ${cost}`}`}
    </button>
  );
}

/** The runs that something waits for or is made by, each once. */
function runsOf(states: readonly CellState[]): RunId[] {
  return [...new Set(states.flatMap((state) => stoppableRun(state) ?? []))];
}
