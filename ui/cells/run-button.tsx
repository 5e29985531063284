import type { ReactNode } from "react";

import type { AssetView } from "#protocol/view.ts";

import { usePage, useStore } from "../shell/use-store.tsx";
import type { CellState } from "../state/cell-state.ts";
import { stoppableRun, wantsRun } from "../state/cell-state.ts";
import { assetPlan, planWords } from "../state/plan.ts";

interface Props {
  readonly asset: AssetView;
  readonly state: CellState;
}

/** Run and Stop: one button in one place, of one width. */
export function RunButton({ asset, state }: Props): ReactNode {
  const store = useStore();
  const { page, states } = usePage();
  // What was cannot be made again.
  if (asset.external || asset.past === true) return null;
  const offline = page.connection.kind !== "open";
  const run = stoppableRun(state);
  if (run !== null) {
    return (
      <button
        type="button"
        className="button run"
        aria-label={`Stop ${asset.key}`}
        disabled={offline}
        onClick={() => store.stop(run, asset.key)}
      >
        ■ Stop
      </button>
    );
  }
  const busy = state.name === "stopping" || state.name === "offline" || state.name === "running";
  const untrusted = state.name === "untrusted";
  const plan = assetPlan(page.snapshot?.assets ?? [], states, asset.key);
  return (
    <button
      type="button"
      className={wantsRun(state) ? "button run" : "button run quiet"}
      aria-label={`Run ${asset.key}`}
      title={untrusted ? "the notebook is not trusted" : planWords(plan)}
      disabled={offline || busy || untrusted}
      onClick={() => store.run(plan, asset.key)}
    >
      {state.name === "stopping" ? "Stopping" : "▶ Run"}
    </button>
  );
}
