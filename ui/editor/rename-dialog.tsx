import { useEffect, useRef, useState } from "react";
import type { ReactNode } from "react";

import { counted } from "#protocol/numerals.ts";
import type { CellView } from "#protocol/view.ts";

import { undoWords } from "../keys/undo-words.ts";
import { showCell } from "../shell/show-cell.ts";
import { usePage, useStore } from "../shell/use-store.tsx";
import { nameProblem } from "../state/cell-ops.ts";
import { usesOf } from "./names.ts";

/** Asks for a cell's name; the notebook's other cells follow. */
export function RenameDialog({ cell }: { readonly cell: CellView }): ReactNode {
  const store = useStore();
  const cells = usePage().page.snapshot?.notebook.cells ?? [];
  const dialog = useRef<HTMLDialogElement>(null);
  const [name, setName] = useState(cell.name ?? "");
  const problem = name === "" || name === cell.name ? null : nameProblem(name, cell, cells);
  const isTwice = cells.some((other) => other.id !== cell.id && other.name === cell.name);
  const uses = cell.name === null ? 0 : usesOf(cells, cell.name).length;
  useEffect(() => dialog.current?.showModal(), []);
  const rename = async (): Promise<void> => {
    store.show(null);
    if (!(await store.change([{ op: "rename", block: cell.id, name }]))) return;
    store.toast(`Renamed ${cell.name ?? "the cell"} to ${name}${undoWords()}`);
    const { focusedCell } = store.view().page;
    if (focusedCell !== null) showCell(focusedCell);
  };
  return (
    <dialog
      ref={dialog}
      className="sheet rename"
      aria-labelledby="rename-title"
      onClose={() => store.show(null)}
    >
      <h2 id="rename-title">{cell.name === null ? "Name the cell" : `Rename ${cell.name}`}</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name === "" || name === cell.name) store.show(null);
          else if (problem === null) void rename();
        }}
      >
        <label>
          Name
          <input
            value={name}
            spellCheck={false}
            autoComplete="off"
            aria-describedby="rename-words"
            aria-invalid={problem !== null}
            onFocus={(event) => event.target.select()}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        <p id="rename-words" className={problem === null ? "dialog-words" : "dialog-words ink-failed"}>
          {problem ??
            (isTwice && uses > 0
              ? "Another cell has this name too: what reads it reads that one from then on."
              : uses === 0
                ? "No other cell uses it."
                : `${counted(uses, "use")} in other cells ${uses === 1 ? "is" : "are"} renamed with it.`)}
        </p>
        <p className="dialog-buttons">
          <button type="submit" className="button primary" disabled={problem !== null || name === ""}>
            Rename
          </button>
          <button type="button" className="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
        </p>
      </form>
    </dialog>
  );
}
