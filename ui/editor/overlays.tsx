import { useEffect, useState } from "react";
import type { ReactNode } from "react";

import { KillDialog } from "../shell/kill-dialog.tsx";
import { PlanDialog } from "../shell/plan-dialog.tsx";
import { ExportDialog } from "../exporting/export-dialog.tsx";
import { CompareDialog } from "../compare/compare-dialog.tsx";
import { WhatIfDialog } from "../compare/what-if-dialog.tsx";
import { HistoryDialog } from "../compare/history-dialog.tsx";
import { Palette } from "../palette/palette.tsx";
import { TraceDialog } from "../trace/trace-dialog.tsx";
import { usePage, useStore } from "../shell/use-store.tsx";
import { RenameDialog } from "./rename-dialog.tsx";
import { WordsDialog } from "./words-dialog.tsx";

/** Long enough to read a line; it stays as long as the pointer or the focus is on it. */
const TOAST_MS = 4500;

/** What lies over the page: palette, dialogs, and the line that says what was done. */
export function Overlays(): ReactNode {
  const { overlay, snapshot } = usePage().page;
  const cells = snapshot?.notebook.cells ?? [];
  const renamed = overlay?.kind === "rename" ? cells.find((cell) => cell.id === overlay.cell) : undefined;
  const worded = overlay?.kind === "first-line" ? cells.find((cell) => cell.id === overlay.cell) : undefined;
  const forked =
    overlay?.kind === "what-if" ? snapshot?.assets.find(({ key }) => key === overlay.asset) : undefined;
  return (
    <>
      {overlay?.kind === "palette" ? (
        <Palette key={overlay.query} query={overlay.query} among={overlay.among} />
      ) : null}
      {overlay?.kind === "plan" ? <PlanDialog plan={overlay.plan} place={overlay.place} /> : null}
      {overlay?.kind === "kill" ? <KillDialog /> : null}
      {overlay?.kind === "export" && snapshot !== null ? <ExportDialog snapshot={snapshot} /> : null}
      {overlay?.kind === "compare" ? <CompareDialog asset={overlay.asset} before={overlay.before} /> : null}
      {forked === undefined ? null : <WhatIfDialog asset={forked} />}
      {overlay?.kind === "history" ? <HistoryDialog asset={overlay.asset} /> : null}
      {overlay?.kind === "trace" ? <TraceDialog asset={overlay.asset} site={overlay.site} /> : null}
      {renamed === undefined ? null : <RenameDialog cell={renamed} />}
      {worded === undefined ? null : <WordsDialog cell={worded} />}
      <Toast />
    </>
  );
}

function Toast(): ReactNode {
  const store = useStore();
  const { toast } = usePage().page;
  const number = toast?.number;
  const [held, setHeld] = useState<number | null>(null);
  const isHeld = held !== null && held === number;
  useEffect(() => {
    if (number === undefined || isHeld) return;
    const timer = setTimeout(() => store.toast(null), TOAST_MS);
    return () => clearTimeout(timer);
  }, [store, number, isHeld]);
  return (
    <div className="toast-place" role="status">
      {toast === null ? null : (
        <p
          className="toast"
          onFocus={() => setHeld(toast.number)}
          onPointerEnter={() => setHeld(toast.number)}
          onBlur={() => setHeld(null)}
          onPointerLeave={() => setHeld(null)}
        >
          {toast.text}
          <button
            type="button"
            className="button quiet"
            aria-label="Dismiss"
            onClick={() => store.toast(null)}
          >
            ✕
          </button>
        </p>
      )}
    </div>
  );
}
