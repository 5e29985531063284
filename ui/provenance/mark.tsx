import { useState } from "react";
import type { ReactNode } from "react";

import type { Marked } from "#protocol/exported.ts";

import { RecordList } from "../cells/record.tsx";
import { Dialog } from "../shell/dialog.tsx";
import { markText, provenanceLines } from "./provenance-words.ts";

/** The mark of a figure: a few digits that open how it was made. */
export function Mark({ mark, provenance }: Marked): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className="provenance-mark"
        aria-label={`${markText(mark)}: how ${provenance.cell} was made`}
        title="how this was made"
        onClick={() => setOpen(true)}
      >
        {markText(mark)}
      </button>
      {open ? (
        <Dialog title="How this was made" onClose={() => setOpen(false)}>
          <RecordList lines={provenanceLines(mark, provenance)} />
          <form method="dialog">
            <button type="submit" className="button">
              Close
            </button>
          </form>
        </Dialog>
      ) : null}
    </>
  );
}
