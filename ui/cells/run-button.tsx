import { useState } from "react";
import type { ReactNode } from "react";

import type { AssetView } from "#protocol/view.ts";

import { StopButton } from "../shell/stop-button.tsx";
import { useNow, usePageValue, useStore } from "../shell/use-store.tsx";
import type { CellState } from "../state/cell-state.ts";
import { isRunning, stoppableRun, wantsRun } from "../state/cell-state.ts";
import { assetPlan, planWords } from "../state/plan.ts";
import type { Plan } from "../state/plan.ts";

interface Props {
  readonly asset: AssetView;
  readonly state: CellState;
}

/** A run that has not stopped so long after it was asked to can be stopped the hard way. */
const KILL_OFFERED_MS = 5_000;

/** Run and Stop: one button in one place, of one width. */
export function RunButton({ asset, state }: Props): ReactNode {
  const store = useStore();
  const now = useNow(state.name === "stopping" ? 500 : 60_000);
  const offline = usePageValue(({ page }) => page.connection.kind !== "open");
  // What it would do is worked out for who points at it.
  const [plan, setPlan] = useState<Plan | null>(null);
  const planNow = (): Plan => {
    const { page, states } = store.view();
    return assetPlan(page.snapshot?.assets ?? [], states, asset.key);
  };
  // What was cannot be made again.
  if (asset.external || asset.past === true) return null;
  const run = stoppableRun(state);
  if (run !== null) {
    return (
      <StopButton
        className="run"
        label={`Stop ${asset.key}`}
        disabled={offline}
        onStop={() => store.stop(run, asset.key)}
      />
    );
  }
  if (state.name === "stopping" && state.since !== null && now - Date.parse(state.since) >= KILL_OFFERED_MS) {
    return (
      <button
        type="button"
        className="button run danger"
        aria-label={`Kill the kernel that makes ${asset.key}`}
        disabled={offline}
        onClick={() => store.stop(state.run, asset.key, true)}
      >
        ☠ Kill kernel
      </button>
    );
  }
  const busy = state.name === "stopping" || state.name === "offline" || isRunning(state);
  const refused =
    state.name === "untrusted"
      ? "the notebook is not trusted"
      : state.name === "disabled"
        ? `${state.by === asset.key ? "it" : state.by} is disabled`
        : null;
  return (
    <button
      type="button"
      className={wantsRun(state) ? "button run" : "button run quiet"}
      aria-label={`Run ${asset.key}`}
      title={refused ?? (plan === null ? undefined : planWords(plan))}
      disabled={offline || busy || refused !== null}
      onPointerEnter={() => setPlan(planNow())}
      onFocus={() => setPlan(planNow())}
      onClick={() => store.run(planNow(), asset.key)}
    >
      {state.name === "stopping" ? "Stopping" : "▶ Run"}
    </button>
  );
}
