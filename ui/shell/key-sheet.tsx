import { useEffect, useRef, useState } from "react";
import type { ReactNode } from "react";

import { errorInfo } from "#protocol/error.ts";

import { loadKeys, resetKeys, useBindings } from "../keys/bindings.ts";
import { EDITOR_KEYS } from "../keys/key-map.ts";
import { keyWords, modWord } from "../keys/key-words.ts";
import { KeyRow } from "./key-row.tsx";

interface Props {
  readonly onClose: () => void;
}

interface Line {
  readonly keys: readonly string[];
  readonly words: string;
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
  ["Esc", "leave the table"],
];

const FIXED: readonly { readonly title: string; readonly lines: readonly Line[] }[] = [
  {
    title: "In the text of a cell",
    lines: EDITOR_KEYS.map(([keys, words]) => ({ keys: [keyWords(keys)], words })),
  },
  { title: "In a table", lines: GRID_KEYS.map(([keys, words]) => ({ keys: [shown(keys)], words })) },
];

/** Every key and what it does, from the list that the page itself uses; what is typed narrows it, a key is changed by pressing it. */
export function KeySheet({ onClose }: Props): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const { bindings, own, file } = useBindings();
  const [wanted, setWanted] = useState("");
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    dialog.current?.showModal();
    // The file may have been written by hand.
    loadKeys().catch((error: unknown) => setFailure(errorText(error)));
  }, []);
  const fits = ({ keys, words }: Line): boolean =>
    `${words} ${keys.join(" ")}`.toLowerCase().includes(wanted.trim().toLowerCase());
  const changeable = bindings.filter(({ keys, words }) =>
    fits({ keys: keys.map((key) => keyWords(key)), words }),
  );
  const fixed = FIXED.map(({ title, lines }) => ({
    title,
    lines: lines.filter((line) => fits(line)),
  })).filter(({ lines }) => lines.length > 0);
  return (
    <dialog ref={dialog} className="sheet key-sheet" aria-labelledby="key-sheet-title" onClose={onClose}>
      <h2 id="key-sheet-title">Keys</h2>
      <input
        type="search"
        autoFocus
        aria-label="find a key"
        placeholder="find a key or what it does"
        value={wanted}
        onChange={(event) => setWanted(event.target.value)}
      />
      {failure === null ? null : <p className="ink-failed">✕ {failure}</p>}
      <p className="muted">Press one of these to give its command another key.</p>
      <dl>
        {changeable.map((binding) => (
          <KeyRow key={`${binding.command} ${binding.where}`} binding={binding} />
        ))}
      </dl>
      {fixed.map(({ title, lines }) => (
        <section key={title}>
          <h3>{title}</h3>
          <dl>
            {lines.map(({ keys, words }) => (
              <div key={`${keys.join()} ${words}`}>
                <dt>
                  {keys.map((key) => (
                    <kbd key={key}>{key}</kbd>
                  ))}
                </dt>
                <dd>{words}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      {changeable.length + fixed.length === 0 ? <p className="output-note">No key does that.</p> : null}
      <form method="dialog">
        {Object.keys(own).length === 0 ? null : (
          <button
            type="button"
            className="button"
            title={file ?? undefined}
            onClick={() =>
              void resetKeys().then(
                () => setFailure(null),
                (error: unknown) => setFailure(errorText(error)),
              )
            }
          >
            All keys as they came
          </button>
        )}
        <button type="submit" className="button">
          Close
        </button>
      </form>
    </dialog>
  );
}

function errorText(error: unknown): string {
  const { message, hint } = errorInfo(error);
  return hint === undefined ? message : `${message}. ${hint}`;
}

function shown(keys: string): string {
  return keys.replaceAll("Mod", modWord()).replaceAll("-", " ");
}
