import type { ReactNode } from "react";

import type { CellView } from "#protocol/view.ts";

import type { Output } from "../runtime/output.ts";
import { usePageValue, useStore } from "../shell/use-store.tsx";
import { PAGE } from "../state/page-store.ts";
import { cellsPlan, costWords, planWords } from "../state/plan.ts";

interface Props {
  readonly cell: CellView;
  readonly output: Output | null;
}

/** Under a cell of the page that reads assets which are not made yet: makes them. */
export function RunInputs({ cell, output }: Props): ReactNode {
  const store = useStore();
  const waits = output?.kind === "error" && output.error.code === "asset";
  const assets = usePageValue(({ page }) => (waits ? page.snapshot?.assets : null));
  const states = usePageValue((view) => (waits ? view.states : null));
  if (assets == null || states === null) return null;
  const reads = store.outputs.links().get(cell.id)?.reads ?? [];
  const missing = assets.filter(
    ({ key, external, record }) => !external && record === null && reads.includes(key),
  );
  const plan = cellsPlan(assets, states, new Set(missing.map(({ key }) => key)));
  if (plan.assets.length === 0) return null;
  const cost = costWords(plan);
  return (
    <p className="run-inputs">
      <button type="button" className="button" title={planWords(plan)} onClick={() => store.run(plan, PAGE)}>
        ▶ Run {missing.map(({ key }) => key).join(", ")}
        {cost === null ? "" : ` · ${cost}`}
      </button>
    </p>
  );
}
