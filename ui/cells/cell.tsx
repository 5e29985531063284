import { memo } from "react";
import type { MemoExoticComponent, ReactNode } from "react";

import { isFigure } from "#notebook/cell-uses.ts";
import type { AssetView, CellView } from "#protocol/view.ts";

import { FigureMark } from "../provenance/figure-mark.tsx";
import { arrivalState } from "../runtime/arrivals.ts";
import { browserKind } from "../runtime/browser-cells.ts";
import { cellVariable } from "../runtime/definitions.ts";
import type { Output } from "../runtime/output.ts";
import { isTrusted } from "../runtime/trust.ts";
import { StateMark } from "../shell/state-mark.tsx";
import { useArrival, useCellOutput, usePageValue } from "../shell/use-store.tsx";
import { STATE_LOOKS } from "../state/cell-state.ts";
import type { StateName } from "../state/cell-state.ts";
import { AssetCell } from "./asset-cell.tsx";
import { CellFrame } from "./cell-frame.tsx";
import { CellCode } from "./cell-code.tsx";
import { CodeAndOutput } from "./code-and-output.tsx";
import { ModuleCode, isModuleCell } from "./module-code.tsx";
import { LiveOutput } from "./js-output.tsx";
import { NewFailure } from "./new-failure.tsx";
import { ProseCell } from "./prose-cell.tsx";
import { RunInputs } from "./run-inputs.tsx";

interface Props {
  readonly cell: CellView;
  /** The asset that it declares, when the graph has it. */
  readonly asset: AssetView | null;
}

/** Drawn again when it is another cell, not with the page around it. */
export const Cell: MemoExoticComponent<typeof AnyCell> = memo(AnyCell);

function AnyCell({ cell, asset }: Props): ReactNode {
  const untrusted = usePageValue(
    ({ page: { snapshot } }) => snapshot !== null && !isTrusted(snapshot.notebook),
  );
  const arrival = useArrival(cellVariable(cell.id));
  const output = useCellOutput(cell.id);
  if (cell.kind === "markdown") return <ProseCell cell={cell} />;
  if (asset !== null) return <AssetCell cell={cell} asset={asset} />;
  const name = cell.name ?? `${cell.language} cell`;
  const live = browserKind(cell) !== null;
  const state = live ? (untrusted ? "untrusted" : (arrivalState(arrival) ?? troubleOf(cell, output))) : null;
  return (
    <CellFrame
      cell={cell}
      state={state}
      label={state === null ? name : `${name}, ${STATE_LOOKS[state].word}`}
      mark={
        cell.error !== null ? (
          <StateMark state="failed" />
        ) : state === null ? null : (
          <StateMark state={state} />
        )
      }
    >
      <div className="cell-head">
        <h2 className="cell-name">{name}</h2>
        <span className="tag">
          {cell.kind === cell.language ? cell.kind : `${cell.kind} · ${cell.language}`}
        </span>
      </div>
      <CodeAndOutput
        code={
          isModuleCell(cell) ? <ModuleCode cell={cell} name={name} /> : <CellCode cell={cell} name={name} />
        }
        output={
          <>
            {live && !untrusted ? <NewFailure cell={cell} output={output} /> : null}
            <LiveOutput cell={cell} />
            {live && !untrusted ? <RunInputs cell={cell} output={output} /> : null}
            {live && !untrusted && isFigure(cell) && output?.kind !== "error" ? (
              <FigureMark cell={cell} />
            ) : null}
          </>
        }
      />
    </CellFrame>
  );
}

/** What stands in the way of a cell that the page computes; one that is well needs no mark. */
function troubleOf(cell: CellView, output: Output | null): StateName | null {
  if (cell.disabledBy !== null) return "disabled";
  if (output?.kind !== "error" && output?.kind !== "blocked") return null;
  // What is not made yet has not failed, and what reads it has not; nor has what reads what was stopped or is off.
  if (output.error.code === "asset") return "unknown";
  if (output.kind === "error") return output.error.code === "killed" ? "killed" : "failed";
  return output.error.code === "cancelled" ? "unknown" : "blocked";
}
