import type { ReactNode } from "react";

import { counted } from "#protocol/numerals.ts";

import type { Plan } from "../state/plan.ts";
import { costWords, memoryWords, readWords } from "../state/plan.ts";
import { Dialog } from "./dialog.tsx";
import { useStore } from "./use-store.tsx";

/** What a long run would do, before it starts. */
export function PlanDialog({ plan, place }: { readonly plan: Plan; readonly place: string }): ReactNode {
  const store = useStore();
  const cost = costWords(plan);
  const memory = memoryWords(plan);
  const read = readWords(plan);
  return (
    <Dialog
      title={`Run ${counted(plan.assets.length, "asset")}${cost === null ? "" : ` · ${cost}`}`}
      onClose={() => store.show(null)}
    >
      {memory === null ? null : <p className="dialog-words">{memory}, as it was the last time</p>}
      {read === null ? null : <p className="dialog-words">{read}</p>}
      <ol className="plan-list">
        {plan.assets.map((asset) => (
          <li key={asset}>
            <code>{asset}</code>
          </li>
        ))}
      </ol>
      <form method="dialog" className="dialog-buttons">
        {/* A dialog gives the focus to the first. */}
        <button type="submit" className="button primary" onClick={() => store.run(plan, place)}>
          Run
        </button>
        <button type="submit" className="button">
          Not now
        </button>
      </form>
    </Dialog>
  );
}
