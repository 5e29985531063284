import type { ReactNode } from "react";

import { counted } from "#protocol/numerals.ts";

import { PAGE } from "../state/page-store.ts";
import { Dialog } from "./dialog.tsx";
import { usePage, useStore } from "./use-store.tsx";

/** What was asked to stop and has not can be ended with the kernels that do it. */
export function KillDialog(): ReactNode {
  const store = useStore();
  const { snapshot } = usePage().page;
  const runs = snapshot?.runs.filter(({ state }) => state === "running") ?? [];
  const busy = snapshot?.kernel.state === "busy";
  const close = (): void => store.show(null);
  const kill = (): void => {
    for (const run of runs) store.stop(run.id, PAGE, true);
    if (busy) void store.kernel("restart");
  };
  if (runs.length === 0 && !busy) {
    return (
      <Dialog title="Everything has stopped" onClose={close}>
        <form method="dialog" className="dialog-buttons">
          <button type="submit" className="button" autoFocus>
            Close
          </button>
        </form>
      </Dialog>
    );
  }
  const what = [
    ...(runs.length === 0 ? [] : [counted(runs.length, "run")]),
    ...(busy ? ["the kernel of the notebook"] : []),
  ];
  return (
    <Dialog title="Kill what does not stop?" onClose={close}>
      <p className="dialog-words">
        Asked to stop and still at work: {what.join(" and ")}. Killing ends it at once; what is kept stays.
      </p>
      <form method="dialog" className="dialog-buttons">
        <button type="submit" className="button" autoFocus>
          Wait
        </button>
        <button type="submit" className="button danger" onClick={kill}>
          ☠ Kill
        </button>
      </form>
    </Dialog>
  );
}
