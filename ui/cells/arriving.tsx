import type { ReactNode } from "react";

import { count, counted } from "#protocol/numerals.ts";
import type { CellView } from "#protocol/view.ts";

import type { Arrival } from "../runtime/arrivals.ts";
import { arrivalState } from "../runtime/arrivals.ts";
import { cellVariable } from "../runtime/definitions.ts";
import { StateMark } from "../shell/state-mark.tsx";
import { StopButton } from "../shell/stop-button.tsx";
import { useOutputs } from "../shell/use-store.tsx";

interface Props {
  readonly cell: CellView;
  readonly arrival: Arrival;
}

/** Above a result that is not whole, always in sight: what of it is there, and a Stop for the rest. */
export function Arriving({ cell, arrival }: Props): ReactNode {
  const outputs = useOutputs();
  const variable = cellVariable(cell.id);
  const name = cell.name ?? "the query";
  return (
    <p className="arriving">
      <StateMark state={arrivalState(arrival) ?? "running"} />
      <span>{arrivalWords(arrival)}</span>
      <span className="space" />
      {arrival.stopped ? (
        <button
          type="button"
          className="button"
          aria-label={`Run ${name} again`}
          onClick={() => outputs.retry(variable)}
        >
          ▶ Run
        </button>
      ) : (
        <StopButton label={`Stop ${name}`} onStop={() => outputs.stop(variable)} />
      )}
    </p>
  );
}

/** What is there, and that it is not all. */
export function arrivalWords({ table, rows, stopped }: Arrival): string {
  if (stopped) return `stopped after ${counted(rows, "row")}: not all that there is`;
  if (table === null) return "looking for the first rows";
  return `showing the first ${count(table.rows)} of ${count(rows)} so far, partial`;
}
