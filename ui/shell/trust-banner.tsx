import type { ReactNode } from "react";

import { lineChanges } from "#protocol/line-changes.ts";
import { counted } from "#protocol/numerals.ts";
import type { ChangedCell, NotebookView } from "#protocol/view.ts";

import { useKeyOf } from "../keys/bindings.ts";
import { keyWords } from "../keys/key-words.ts";
import { useActions } from "../keys/use-actions.ts";
import { askWords } from "../state/asks.ts";
import { LineDiff } from "./line-diff.tsx";
import { showCell } from "./show-cell.ts";

/** Above a notebook that does not run: why, what it would do, what was changed, and the way to let it. */
export function TrustBanner({ notebook }: { readonly notebook: NotebookView }): ReactNode {
  const act = useActions();
  const key = useKeyOf()("trust");
  if (notebook.untrusted === null) return null;
  const { changed } = notebook.untrusted;
  return (
    <section className="trust-banner" aria-label="not trusted">
      <p className="trust-why">
        <span aria-hidden="true">⚠</span>{" "}
        {changed === null
          ? "Opened from elsewhere: nothing of it has run."
          : "Changed in another program: nothing of it runs until you have looked."}
      </p>
      <p className="trust-asks">{askWords(notebook.cells)}</p>
      {changed === null || changed.length === 0 ? null : <Changes changed={changed} notebook={notebook} />}
      <button type="button" className="button primary" onClick={() => act("trust")}>
        Trust this notebook {key === null ? null : <kbd>{keyWords(key)}</kbd>}
      </button>
    </section>
  );
}

interface ChangesProps {
  readonly changed: readonly ChangedCell[];
  readonly notebook: NotebookView;
}

function Changes({ changed, notebook }: ChangesProps): ReactNode {
  const nameOf = (id: string): string => {
    const cell = notebook.cells.find((one) => one.id === id);
    return cell === undefined
      ? id
      : (cell.name ?? (cell.kind === "markdown" ? "text" : `${cell.language} cell`));
  };
  return (
    <details className="trust-changes">
      <summary>What changed: {counted(changed.length, "cell")}</summary>
      {changed.map(({ cell, before, after }) => (
        <div key={cell} className="trust-change">
          <p>
            {after === null ? (
              <>{nameOf(cell)} · gone</>
            ) : (
              <button type="button" className="link" onClick={() => showCell(cell)}>
                {nameOf(cell)}
              </button>
            )}
            {before === null ? " · new" : ""}
          </p>
          <LineDiff changes={lineChanges(before ?? "", after ?? "")} label={`change of ${nameOf(cell)}`} />
        </div>
      ))}
    </details>
  );
}
