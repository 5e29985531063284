import { useEffect, useRef, useState } from "react";
import type { ReactNode } from "react";

import type { ErrorInfo } from "#protocol/error.ts";
import type { CellView } from "#protocol/view.ts";

import { browserKind } from "../runtime/browser-cells.ts";
import { arrivalState } from "../runtime/arrivals.ts";
import { cellVariable } from "../runtime/definitions.ts";
import type { Output } from "../runtime/output.ts";
import { ErrorCard } from "../shell/error-card.tsx";
import { useArrival, useCellOutput, useOutputs, usePending } from "../shell/use-store.tsx";
import { Arriving } from "./arriving.tsx";
import { FrameOutput } from "./html-output.tsx";
import { TableOutput } from "./sql-view-output.tsx";

/** A taller output scrolls in a frame, whose lower edge can be pulled; one that nearly fits is left whole. */
const TALLEST_PX = 680;

/** What a cell that the page computes shows, below its code; nothing for any other cell. */
export function LiveOutput({ cell }: { readonly cell: CellView }): ReactNode {
  const variable = cellVariable(cell.id);
  const output = useCellOutput(cell.id);
  const pending = usePending(variable);
  const arrival = useArrival(variable);
  const kind = browserKind(cell);
  const outputs = useOutputs();
  if (kind === null || kind === "prose") return null;
  if (!outputs.mayRun()) {
    return (
      <div className="output live" data-live="untrusted">
        <p className="output-note tab-panel">Not run: this notebook is not trusted.</p>
      </div>
    );
  }
  // What was there before stays until the first rows come.
  if (arrival !== null && (arrival.stopped || arrival.table !== null)) {
    return (
      <div className="output live" data-live={arrivalState(arrival)} aria-busy={!arrival.stopped}>
        <Arriving cell={cell} arrival={arrival} />
        {arrival.table === null ? null : <TableOutput cell={cell} table={arrival.table} />}
      </div>
    );
  }
  // An error takes nothing away, and makes nothing new of what stood.
  const failed = output?.kind === "error" && cell.disabledBy === null;
  const old = pending || failed || output?.kind === "blocked";
  return (
    <div
      className={["output live", old ? "old" : "", failed ? "failed" : ""].join(" ").trim()}
      data-live={pending ? "pending" : (output?.kind ?? "waiting")}
      aria-busy={pending}
    >
      {arrival === null ? null : <Arriving cell={cell} arrival={arrival} />}
      <Trouble cell={cell} output={output} />
      {kind === "script" || kind === "input" ? <StageOutput cell={cell} /> : null}
      {kind === "query" && output?.kind === "table" ? <TableOutput cell={cell} table={output.table} /> : null}
      {kind === "frame" && output?.kind === "frame" ? <FrameOutput cell={cell} html={output.html} /> : null}
    </div>
  );
}

/** Stands above what the cell showed before: an error never takes that away. */
export function Trouble({
  cell,
  output,
}: {
  readonly cell: CellView;
  readonly output: Output | null;
}): ReactNode {
  const outputs = useOutputs();
  if (output?.kind === "error") {
    // The frame shows an error of the cell itself already; words have none.
    if (cell.error !== null && cell.kind !== "markdown") return null;
    // Nothing went wrong: a person wants it so.
    if (cell.disabledBy === cell.id)
      return <p className="output-note tab-panel">Disabled. {output.error.hint}</p>;
    if (output.error.code === "asset") return <p className="notice">{sentences(output.error)}</p>;
    return output.error.code === "killed" || output.error.code === "memory" ? (
      <ErrorCard
        error={output.error}
        inCell={cell.id}
        action={{ label: "Retry", onPress: () => outputs.retry() }}
      />
    ) : (
      <ErrorCard error={output.error} inCell={cell.id} />
    );
  }
  if (output?.kind === "blocked") {
    return (
      <p className="notice">
        blocked: upstream <code>{output.by}</code>: {sentences(output.error)}
      </p>
    );
  }
  if (output?.kind !== "cell" && output?.kind !== "table") return null;
  return output.notes.map((note) => (
    <p key={note} className="notice">
      {note}
    </p>
  ));
}

function sentences({ message, hint }: ErrorInfo): string {
  return hint === undefined ? message : `${message}. ${hint}`;
}

/** Shows the element that the cell's runs display in; it is the runtime's, and outlives this component. */
function StageOutput({ cell }: { readonly cell: CellView }): ReactNode {
  const outputs = useOutputs();
  const place = useRef<HTMLDivElement>(null);
  const [tall, setTall] = useState(false);
  useEffect(() => {
    const { element } = outputs.stage(cell.id);
    place.current?.append(element);
    const observer = new ResizeObserver(() => setTall(element.scrollHeight > TALLEST_PX));
    observer.observe(element);
    return () => {
      observer.disconnect();
      element.remove();
    };
  }, [outputs, cell.id]);
  return (
    <div ref={place} className={tall ? "stage-place tall" : "stage-place"} tabIndex={tall ? 0 : undefined} />
  );
}
