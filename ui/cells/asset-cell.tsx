import type { ReactNode } from "react";

import { fractionOf } from "#protocol/record.ts";
import type { AssetView, CellView } from "#protocol/view.ts";

import { FigureMark } from "../provenance/figure-mark.tsx";
import { StateMark } from "../shell/state-mark.tsx";
import { usePageValue } from "../shell/use-store.tsx";
import type { CellState } from "../state/cell-state.ts";
import { STATE_LOOKS, isRunning } from "../state/cell-state.ts";
import { automationWords } from "../words/automation.ts";
import { AssetNotices } from "./asset-notices.tsx";
import { AssetOutput } from "./asset-output.tsx";
import { CellFrame } from "./cell-frame.tsx";
import { CellCode } from "./cell-code.tsx";
import { CodeAndOutput } from "./code-and-output.tsx";
import { ModuleCode, isModuleCell } from "./module-code.tsx";
import { MovedStrip } from "./moved.tsx";
import { RunButton } from "./run-button.tsx";
import { StateFacts } from "./state-facts.tsx";

interface Props {
  readonly cell: CellView;
  readonly asset: AssetView;
}

/** A cell that declares an asset: state, facts, code, output. */
export function AssetCell({ cell, asset }: Props): ReactNode {
  const state: CellState = usePageValue(({ states }) => states.get(asset.key)) ?? { name: "missing" };
  const kind = asset.kind === cell.language ? asset.kind : `${asset.kind} · ${cell.language}`;
  const { automation } = asset;
  const check = cell.attributes["check"];
  return (
    <CellFrame
      cell={cell}
      state={state.name}
      label={`${asset.key}, ${STATE_LOOKS[state.name].word}`}
      mark={<StateMark state={state.name} />}
    >
      <div className="cell-head">
        <h2 className="cell-name">{asset.key}</h2>
        <span className="tag" title={automation === undefined ? undefined : automationWords(automation)}>
          {automation === undefined ? kind : `${kind} · ${automation.policy}`}
        </span>
        {check === undefined ? null : (
          <span className="tag held-to" title={`Kept only when this holds: ${check}`}>
            check {check}
          </span>
        )}
        <StateFacts asset={asset} state={state} />
        <RunButton asset={asset} state={state} />
        <ProgressBar name={asset.key} state={state} />
      </div>
      <AssetNotices cell={cell} asset={asset} state={state} />
      {asset.external && asset.observed !== null ? <p className="observed">{asset.observed}</p> : null}
      {asset.kind === "source" && asset.observed === null ? <AddSample /> : null}
      <CodeAndOutput
        code={
          isModuleCell(cell) ? (
            <ModuleCode cell={cell} name={asset.key} />
          ) : (
            <CellCode cell={cell} name={asset.key} />
          )
        }
        output={
          <>
            <MovedStrip asset={asset} state={state} />
            <AssetOutput asset={asset} state={state} />
            {asset.record === null ? null : <FigureMark cell={cell} />}
          </>
        }
      />
    </CellFrame>
  );
}

/** Where there is no sample yet, the first thing to do. */
function AddSample(): ReactNode {
  const none = usePageValue(({ page }) => page.snapshot?.partitions.length === 0);
  return none ? (
    <p className="output-note tab-panel">
      <a href="#/samples">Add a sample</a>
    </p>
  ) : null;
}

/** Along the lower edge of the head, so that nothing moves when it comes or goes. */
function ProgressBar({ name, state }: { readonly name: string; readonly state: CellState }): ReactNode {
  if (!isRunning(state)) return null;
  const fraction = state.progress === null ? null : fractionOf(state.progress);
  return (
    <div
      className={fraction === null ? "progress unknown" : "progress"}
      role="progressbar"
      aria-label={`progress of ${name}`}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={fraction === null ? undefined : Math.floor(fraction * 100)}
    >
      <span style={{ transform: `scaleX(${fraction ?? 1})` }} />
    </div>
  );
}
