import { useEffect, useId, useRef, useState } from "react";
import type { KeyboardEvent, ReactNode } from "react";

import { useBindings } from "../keys/bindings.ts";
import { useActions } from "../keys/use-actions.ts";
import { EVERYWHERE } from "../keys/use-keys.ts";
import { keyWords } from "../keys/key-words.ts";
import { sectionFrom, useSection } from "../shell/section.ts";
import { showCell } from "../shell/show-cell.ts";
import { useChooseAsset } from "../shell/use-choose-asset.ts";
import { usePage, useStore } from "../shell/use-store.tsx";
import type { Found } from "./entries.ts";
import { findEntries } from "./entries.ts";

/** Commands, cells and assets by their names; a field with a list under it. */
export function Palette({
  query,
  among,
}: {
  readonly query: string;
  /** The cells of which one is chosen; undefined: of everything. */
  readonly among: readonly string[] | undefined;
}): ReactNode {
  const store = useStore();
  const { snapshot } = usePage().page;
  const { bindings } = useBindings();
  const act = useActions();
  const chooseAsset = useChooseAsset();
  const [, goTo] = useSection();
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useId();
  const [text, setText] = useState(query);
  const [chosen, setChosen] = useState(0);
  const entries = snapshot === null ? [] : findEntries(text, snapshot, bindings, among);
  const at = Math.min(chosen, entries.length - 1);
  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    document.getElementById(`${list}${at}`)?.scrollIntoView({ block: "nearest" });
  }, [list, at]);

  const inNotebook = (then: () => void): void => {
    if (sectionFrom(location.hash) === "notebook") return then();
    goTo("notebook");
    // Its cells can be gone to once they are shown again.
    requestAnimationFrame(then);
  };
  const go = (entry: Found | undefined): void => {
    if (entry === undefined) return;
    dialog.current?.close();
    store.show(null);
    const { goal } = entry;
    switch (goal.kind) {
      case "command":
        if (EVERYWHERE.has(goal.command)) act(goal.command);
        else inNotebook(() => act(goal.command));
        return;
      case "cell":
        inNotebook(() => {
          showCell(goal.cell);
          if (goal.line !== null) store.beginEdit(goal.cell, { line: goal.line, column: goal.column });
        });
        return;
      case "asset":
        inNotebook(() => chooseAsset(goal.asset));
        return;
      case "trace":
        store.show(goal);
        return;
      case "notebook":
        inNotebook(() => store.open(goal.path, null));
        return;
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const last = entries.length - 1;
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: at >= last ? 0 : at + 1,
      ArrowUp: at <= 0 ? last : at - 1,
      PageDown: Math.min(last, at + 10),
      PageUp: Math.max(0, at - 10),
    };
    const next = steps[event.key];
    if (next !== undefined) setChosen(next);
    else if (event.key === "Enter") go(entries[at]);
    else return;
    event.preventDefault();
  };
  return (
    <dialog
      ref={dialog}
      className="palette"
      aria-label="Commands, cells and assets"
      onClose={() => store.show(null)}
      onClick={(event) => {
        if (event.target === dialog.current) dialog.current.close();
      }}
    >
      <div className="palette-body">
        <input
          role="combobox"
          aria-label="Find a command, cell or asset"
          aria-expanded="true"
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={at >= 0 ? `${list}${at}` : undefined}
          value={text}
          placeholder="Find… > commands, @ cells, # assets, : settings"
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => {
            setText(event.target.value);
            setChosen(0);
          }}
          onKeyDown={onKeyDown}
        />
        <ul id={list} role="listbox" aria-label="found" tabIndex={-1}>
          {entries.map((entry, index) => (
            <li
              key={entry.id}
              id={`${list}${index}`}
              role="option"
              aria-selected={index === at}
              onPointerMove={() => setChosen(index)}
              onClick={() => go(entry)}
            >
              <span className="palette-label">
                <Letters text={entry.label} at={entry.at} />
              </span>
              <span className="palette-words">{entry.words}</span>
              {entry.keys === null ? null : <kbd>{keyWords(entry.keys)}</kbd>}
            </li>
          ))}
        </ul>
        {entries.length === 0 ? <p className="output-note">Nothing of that name.</p> : null}
      </div>
    </dialog>
  );
}

function Letters({ text, at }: { readonly text: string; readonly at: readonly number[] }): ReactNode {
  if (at.length === 0) return text;
  return Array.from(text, (letter, index) => (at.includes(index) ? <b key={index}>{letter}</b> : letter));
}
