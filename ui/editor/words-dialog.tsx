import { useState } from "react";
import type { ReactNode } from "react";

import { attributesIn, attributesText } from "#protocol/attributes.ts";
import type { CellView } from "#protocol/view.ts";

import { Dialog } from "../shell/dialog.tsx";
import { useStore } from "../shell/use-store.tsx";

/** Words that a cell of any language may have, each as it is written. */
const EVERYWHERE = ["disabled", 'tags="rare, draft"', "group=heart"];
const KEPT = [
  "auto=lazy",
  "auto=eager",
  'auto="cron 0 3 * * *"',
  'check="count(*) > 0"',
  "timeout=10m",
  ...EVERYWHERE,
];

/** Asks for the words after a cell's name in its first line, which no editor of its text shows. */
export function WordsDialog({ cell }: { readonly cell: CellView }): ReactNode {
  const store = useStore();
  const before = attributesText(cell.attributes);
  const [words, setWords] = useState(before);
  const close = (): void => store.show(null);
  const change = async (): Promise<void> => {
    close();
    const attributes = attributesIn(words);
    if (attributesText(attributes) === before) return;
    const op = {
      op: "set-info",
      block: cell.id,
      language: cell.language,
      attributes: { ...attributes },
    } as const;
    await store.change([op], cell.id);
  };
  return (
    <Dialog title={`First line of ${cell.name ?? "the cell"}`} onClose={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void change();
        }}
      >
        <label className="field">
          After {[cell.language, cell.name].filter(Boolean).join(" ")}
          <input
            value={words}
            spellCheck={false}
            autoComplete="off"
            autoFocus
            aria-describedby="words-known"
            onChange={(event) => setWords(event.target.value)}
          />
        </label>
        <p id="words-known" className="dialog-words">
          Such as{" "}
          {(cell.asset === null ? EVERYWHERE : KEPT).map((word, at) => (
            <span key={word}>
              {at === 0 ? "" : " · "}
              <code>{word}</code>
            </span>
          ))}
        </p>
        <p className="dialog-buttons">
          <button type="submit" className="button primary">
            Change
          </button>
          <button type="button" className="button" onClick={close}>
            Cancel
          </button>
        </p>
      </form>
    </Dialog>
  );
}
