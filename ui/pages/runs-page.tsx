import { useState } from "react";
import type { ReactNode } from "react";

import { endedWords } from "#protocol/ended-words.ts";
import { expectedWords } from "#protocol/expected-words.ts";
import { keptWords } from "#protocol/kept-words.ts";
import { counted, duration } from "#protocol/numerals.ts";
import { SPARING_WORDS } from "#protocol/sparing.ts";
import type { RunView, StepView } from "#protocol/view.ts";
import { waitWords } from "#protocol/wait-words.ts";

import { ErrorCard } from "../shell/error-card.tsx";
import { StateMark } from "../shell/state-mark.tsx";
import { useNow, usePage, useStore } from "../shell/use-store.tsx";
import type { StateName } from "../state/cell-state.ts";
import { STATE_LOOKS } from "../state/cell-state.ts";
import { engineWords } from "../words/facts.ts";
import { ago, moment } from "../words/numbers.ts";
import { progressWords } from "../words/progress.ts";
import { shortSelection } from "../words/selection.ts";
import { PageFrame } from "./page-frame.tsx";
import type { Bar } from "./timeline.ts";
import { bars, runSeconds } from "./timeline.ts";

const RUN_LOOKS: Readonly<Record<RunView["state"], { readonly state: StateName; readonly word: string }>> = {
  running: { state: "running", word: "running" },
  done: { state: "fresh", word: "done" },
  failed: { state: "failed", word: "failed" },
  cancelled: { state: "cancelled", word: "stopped" },
  interrupted: { state: "failed", word: "interrupted" },
};
const STEP_LOOKS: Readonly<Record<StepView["state"], { readonly state: StateName; readonly word: string }>> =
  {
    pending: { state: "queued", word: "queued" },
    running: { state: "running", word: "running" },
    done: { state: "fresh", word: "done" },
    failed: { state: "failed", word: "failed" },
    skipped: { state: "unknown", word: "skipped" },
    cancelled: { state: "cancelled", word: "stopped" },
  };
/** Of a run that has ended, nothing is queued any more. */
const LEFT_LOOK = { state: "missing", word: "not begun" } as const;
const WAITING_LOOK = { state: "queued", word: "waiting" } as const;
const CACHED_LOOK = { state: "cached", word: "done" } as const;
const FAILED: readonly string[] = ["failed", "interrupted"];

/** What was run, step by step, and how it ended; the latest first. */
export function RunsPage(): ReactNode {
  const { snapshot } = usePage().page;
  const [failedOnly, setFailedOnly] = useState(false);
  const runs = snapshot?.runs ?? [];
  const shown = failedOnly ? runs.filter((run) => FAILED.includes(run.state)) : runs;
  const running = runs.filter((run) => run.state === "running").length;
  return (
    <PageFrame
      title="Runs"
      facts={`${runs.length === 1 ? "" : "the last "}${counted(runs.length, "run")}${running === 0 ? "" : ` · ${running} running`}`}
      tools={
        <label className="check">
          <input
            type="checkbox"
            checked={failedOnly}
            onChange={(event) => setFailedOnly(event.target.checked)}
          />{" "}
          failed only
        </label>
      }
    >
      {shown.length === 0 ? (
        <p className="output-note">{failedOnly ? "No run failed." : "Nothing was run yet."}</p>
      ) : null}
      {shown.map((run, index) => (
        <Run key={run.id} run={run} first={index === 0} />
      ))}
    </PageFrame>
  );
}

function Run({ run, first }: { readonly run: RunView; readonly first: boolean }): ReactNode {
  const store = useStore();
  const { page } = usePage();
  const now = useNow(run.state === "running" ? 500 : 20_000);
  const look = run.waitsFor.length > 0 ? WAITING_LOOK : RUN_LOOKS[run.state];
  // Whoever asked for it, here or elsewhere.
  const stopping = run.stoppingSince !== null || page.stopping.has(run.id);
  const place = `run ${run.id}`;
  const refusal = page.refusals[place];
  // As it was when it came: a later run folds none that is being read.
  const [open, setOpen] = useState(first || run.state === "running");
  return (
    <details
      className="run-row"
      open={open}
      data-state={run.state}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>
        <StateMark state={look.state} />
        <span className="row-name">
          run {run.id} <bdi className="sub">{run.partition}</bdi>
        </span>
        <span className={`row-word ink-${STATE_LOOKS[look.state].tone}`}>{look.word}</span>
        <span className="row-facts" title={moment(run.startedAt)}>
          {run.waitsFor.length > 0 ? `${waitWords(run.waitsFor)} · ` : ""}
          {counted(run.steps.length, "step")} · {duration(runSeconds(run, now))} · {ago(run.startedAt, now)}
        </span>
      </summary>
      <p className="run-selection">
        <code title={run.selection}>{shortSelection(run.selection)}</code>
        {run.engine === undefined ? null : <span className="sub"> on {engineWords(run.engine)}</span>}
        {run.state === "running" ? (
          <button
            type="button"
            className="button"
            disabled={stopping}
            onClick={() => store.stop(run.id, place)}
          >
            {stopping ? "Stopping" : "■ Stop"}
          </button>
        ) : null}
        {run.state === "running" || run.state === "done" ? null : (
          <button
            type="button"
            className="button"
            title={`run ${run.selection} again, as far as it is not fresh`}
            disabled={page.connection.kind !== "open"}
            onClick={() => store.run(run, place)}
          >
            ▶ Run the rest
          </button>
        )}
      </p>
      {refusal === undefined ? null : (
        <ErrorCard error={refusal} title={run.state === "running" ? "not stopped" : "not run"} />
      )}
      {run.steps.length === 0 ? <p className="output-note">Nothing had changed: nothing was done.</p> : null}
      {[...keptWords(run), ...endedWords(run)].map((line) => (
        <p key={line} className="output-note">
          {line}
        </p>
      ))}
      <ol className="steps">
        {bars(run, now).map((bar) => (
          <Step key={`${bar.step.asset} ${bar.step.partition}`} run={run} bar={bar} now={now} />
        ))}
      </ol>
    </details>
  );
}

function Step({
  run,
  bar,
  now,
}: {
  readonly run: RunView;
  readonly bar: Bar;
  readonly now: number;
}): ReactNode {
  const store = useStore();
  const { step, place } = bar;
  const look =
    step.reason === "cached"
      ? CACHED_LOOK
      : step.state === "pending" && run.state !== "running"
        ? LEFT_LOOK
        : STEP_LOOKS[step.state];
  const facts = [
    run.engine === undefined || step.engine === undefined ? null : `on ${engineWords(step.engine)}`,
    step.waitsFor === null ? null : `${waitWords([step.waitsFor])}, which makes it`,
    step.sparing === null ? null : SPARING_WORDS[step.sparing],
    ...(step.state === "running" && step.progress !== null
      ? [progressWords(step.progress, store.progress.left(run.id, step.asset, now))]
      : [
          step.seconds === null ? null : `${duration(step.seconds)}${expectedWords(step)}`,
          step.reason?.replaceAll("_", " ") ?? null,
        ]),
  ]
    .filter((fact) => fact !== null)
    .join(" · ");
  return (
    <li className="step" data-state={step.state}>
      <StateMark state={look.state} />
      <bdi className="step-name" title={step.asset}>
        {step.asset}
      </bdi>
      <span className={`row-word ink-${STATE_LOOKS[look.state].tone}`}>{look.word}</span>
      <span className="step-line" aria-hidden="true">
        {place === null ? null : (
          <span
            className={`tone-${STATE_LOOKS[look.state].tone}`}
            style={{ left: `${place.left * 100}%`, width: `${place.width * 100}%` }}
          />
        )}
      </span>
      <span className="step-facts">{facts}</span>
      {step.error === null ? null : <ErrorCard error={step.error} />}
    </li>
  );
}
