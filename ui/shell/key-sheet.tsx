import { useEffect, useRef } from "react";
import type { ReactNode } from "react";

import { BINDINGS, EDITOR_KEYS } from "../keys/key-map.ts";
import { keyWords } from "../keys/key-words.ts";

interface Props {
  readonly onClose: () => void;
}

const GRID_KEYS: readonly (readonly [string, string])[] = [
  ["arrows", "move by a cell"],
  ["PageUp PageDown", "move by what is seen"],
  ["Home End", "first, last column"],
  ["Mod-↑ Mod-↓", "first, last row"],
  ["s Shift-S", "sort by the column; add it to the order"],
  ["f Shift-F", "filter the column; clear its filters"],
  ["/", "search"],
  ["Mod-G", "go to a row, rsID, gene or place"],
  ["Space", "the row as a list; ← → lead to the next"],
  ["Shift-↑ Shift-↓ x", "choose rows; Shift-X chooses none"],
  ["Mod-C Mod-Shift-C", "copy rows; with their header"],
];

/** Every key and what it does, from the list that the page itself uses. */
export function KeySheet({ onClose }: Props): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="sheet" aria-labelledby="key-sheet-title" onClose={onClose}>
      <h2 id="key-sheet-title">Keys</h2>
      <dl>
        {BINDINGS.map((binding) => (
          <div key={binding.keys.join()}>
            <dt>
              {binding.keys.map((key) => (
                <kbd key={key}>{keyWords(key)}</kbd>
              ))}
            </dt>
            <dd>{binding.words}</dd>
          </div>
        ))}
      </dl>
      <h3>In the text of a cell</h3>
      <dl>
        {EDITOR_KEYS.map(([keys, words]) => (
          <div key={keys}>
            <dt>
              <kbd>{keyWords(keys)}</kbd>
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      <h3>In a table</h3>
      <dl>
        {GRID_KEYS.map(([keys, words]) => (
          <div key={keys}>
            <dt>
              <kbd>{shown(keys)}</kbd>
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog">
        <button type="submit" className="button">
          Close
        </button>
      </form>
    </dialog>
  );
}

function shown(keys: string): string {
  const mod = /mac|iphone|ipad/i.test(navigator.userAgent) ? "⌘" : "Ctrl";
  return keys
    .replaceAll("Mod", mod)
    .replace("Escape", "Esc")
    .replace("ArrowDown", "↓")
    .replace("ArrowUp", "↑")
    .replaceAll("-", " ");
}
