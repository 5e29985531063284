import { useState } from "react";
import type { ReactNode } from "react";

import type { ErrorInfo } from "#protocol/error.ts";
import type { CellView } from "#protocol/view.ts";

import { ErrorCard } from "../shell/error-card.tsx";
import { useStore } from "../shell/use-store.tsx";
import { useDraft } from "./use-draft.ts";

interface Props {
  readonly cell: CellView;
  /** What the last change of the cell was refused with. */
  readonly refusal: ErrorInfo | undefined;
}

/** Says when a cell was changed elsewhere while it was being changed here, and lets a person choose. */
export function DraftNotice({ cell, refusal }: Props): ReactNode {
  const store = useStore();
  const draft = useDraft(cell);
  const [open, setOpen] = useState(false);
  return (
    <>
      {refusal === undefined ? null : (
        <ErrorCard error={refusal} title="not saved" onDismiss={() => store.dismiss(cell.id)} />
      )}
      {draft === null || draft.theirs === null ? null : (
        <div className="notice conflict" role="group" aria-label="changed elsewhere">
          <p>
            <span aria-hidden="true">◐</span> changed elsewhere while it was changed here ·{" "}
            <button type="button" className="link" aria-expanded={open} onClick={() => setOpen(!open)}>
              {open ? "hide the other" : "show both"}
            </button>
          </p>
          {open ? (
            <div className="both">
              <pre tabIndex={0} aria-label="text from elsewhere">
                {draft.theirs}
              </pre>
              <pre tabIndex={0} aria-label="text from here">
                {draft.text}
              </pre>
            </div>
          ) : null}
          <p>
            <button type="button" className="button" onClick={() => store.drafts.takeTheirs(cell.id)}>
              Take the one from elsewhere
            </button>{" "}
            <button type="button" className="button" onClick={() => store.drafts.keepMine(cell.id)}>
              Keep this one
            </button>
          </p>
        </div>
      )}
    </>
  );
}
