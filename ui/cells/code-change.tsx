import { useState } from "react";
import type { ReactNode } from "react";

import { lineChanges } from "#protocol/line-changes.ts";
import type { AssetRecord } from "#protocol/record.ts";
import type { AsOfResult } from "#protocol/verb-results.ts";
import type { CellView } from "#protocol/view.ts";

import { useVerb } from "../pages/use-verb.ts";
import { ErrorCard } from "../shell/error-card.tsx";
import { LineDiff } from "../shell/line-diff.tsx";
import { usePageValue, useStore } from "../shell/use-store.tsx";

interface Props {
  readonly cell: CellView;
  readonly record: AssetRecord;
}

/**
 * Under *code changed*, and under a failure: the text of a cell when its last result was made, beside that of now, and
 * the way back to it.
 */
export function CodeChange({ cell, record }: Props): ReactNode {
  const [isOpen, setIsOpen] = useState(false);
  const notebook = usePageValue(({ page }) => page.snapshot?.notebook.path ?? null);
  if (notebook === null) return null;
  return (
    <details className="code-change" onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
      <summary>What changed since its result</summary>
      {isOpen ? <Change cell={cell} notebook={notebook} at={record.madeAt} /> : null}
    </details>
  );
}

interface ChangeProps {
  readonly cell: CellView;
  readonly notebook: string;
  /** When the result was made. */
  readonly at: string;
}

function Change({ cell, notebook, at }: ChangeProps): ReactNode {
  const store = useStore();
  const asked = useVerb<AsOfResult>("as-of", at, { at, notebook, partition: "" });
  if (asked.kind === "asking") return <p className="output-note">Looking…</p>;
  if (asked.kind === "failed") return <ErrorCard error={asked.error} />;
  const then = asked.result.kept_by === null ? null : asked.result.notebook;
  const before = then?.cells.find(({ name }) => name === cell.name)?.source ?? null;
  if (before === null) {
    return (
      <p className="output-note">
        {then === null
          ? "What the notebook said when this was made was not kept."
          : `There was no ${cell.name ?? "such cell"} in this notebook when it was made.`}
      </p>
    );
  }
  if (before === cell.source)
    return <p className="output-note">Its text is the same: its fence is another, or what it reads.</p>;
  return (
    <>
      <LineDiff changes={lineChanges(before, cell.source)} label={`change of ${cell.name ?? "the cell"}`} />
      <button
        type="button"
        className="button quiet"
        onClick={() => void store.change([{ op: "set-source", block: cell.id, source: before }], cell.id)}
      >
        Put the old text back
      </button>
    </>
  );
}
