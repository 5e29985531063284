import { useEffect, useMemo, useRef, useState } from "react";
import type { KeyboardEvent, ReactNode } from "react";

import type { NotebookOp } from "#protocol/notebook-op.ts";
import { count, counted } from "#protocol/numerals.ts";

import { withEditableText } from "../editor/editable-text.ts";
import { undoWords } from "../keys/undo-words.ts";
import { cellAnchor } from "../shell/show-cell.ts";
import { usePage, useStore } from "../shell/use-store.tsx";
import { highlight, outputMatches, rangesOfCell } from "./highlight.ts";
import type { Match, Search } from "./matches.ts";
import { matchesOf, patternOf, replaced } from "./matches.ts";

interface Props {
  readonly replacing: boolean;
  readonly onReplacing: (replacing: boolean) => void;
  readonly onClose: () => void;
}

/** Finds and replaces in all cells; Enter leads from one match to the next. */
export function FindPanel({ replacing, onReplacing, onClose }: Props): ReactNode {
  const store = useStore();
  const { page } = usePage();
  const [search, setSearch] = useState<Search>({ text: "", exact: false, pattern: false });
  const [by, setBy] = useState("");
  const [inOutputs, setInOutputs] = useState(false);
  const [at, setAt] = useState(0);
  const notebook = page.snapshot?.notebook;
  // Texts that are typed come with the snapshot that follows them.
  const texts = useMemo(
    () => (notebook?.cells ?? []).map((cell) => ({ id: cell.id, text: store.drafts.text(cell) })),
    [notebook, store],
  );
  const inTexts = useMemo(() => matchesOf(texts, search), [texts, search]);
  const places: readonly (Match | { readonly cell: string })[] = inOutputs
    ? [
        ...inTexts,
        ...outputMatches(
          texts.map(({ id }) => id),
          search,
        ),
      ].map((one) => (typeof one === "string" ? { cell: one } : one))
    : inTexts;
  const now = places[Math.min(at, places.length - 1)];
  const wrong = search.text !== "" && patternOf(search) === null;

  /** What was last brought into view: whoever scrolls on from it is left there. */
  const seen = useRef("");
  const looked = JSON.stringify([now, at, search, inOutputs]);
  useEffect(() => {
    const own = now === undefined ? [] : places.filter((one) => one.cell === now.cell);
    const ranges = now === undefined ? [] : rangesOfCell(now.cell, search, inOutputs);
    const range = now === undefined ? null : (ranges[own.indexOf(now)] ?? ranges[0] ?? null);
    highlight(search.text === "" ? null : search, inOutputs, range);
    if (search.text === "" || seen.current === looked) return;
    seen.current = looked;
    const element =
      range?.startContainer.parentElement ?? document.getElementById(cellAnchor(now?.cell ?? ""));
    element?.scrollIntoView({ block: "nearest" });
  });
  useEffect(() => () => highlight(null, false, null), []);

  const step = (by: number): void => {
    if (places.length > 0) setAt((Math.min(at, places.length - 1) + by + places.length) % places.length);
  };
  const replaceIn = (ids: readonly string[], only: number | null): void => {
    const ops = (notebook?.cells ?? []).flatMap((cell): NotebookOp[] => {
      if (!ids.includes(cell.id)) return [];
      const text = store.drafts.text(cell);
      const next = replaced(text, search, by, only);
      return next === text
        ? []
        : [{ op: "set-source", block: cell.id, source: withEditableText(cell, next) }];
    });
    if (ops.length === 0) return;
    store.endEdit();
    const what = only === null ? counted(inTexts.length, "place") : "one place";
    void store.change(ops).then((done) => done && store.toast(`Replaced in ${what}${undoWords()}`));
  };
  const replaceOne = (): void => {
    if (now !== undefined && "at" in now) replaceIn([now.cell], now.at);
    else step(1);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape") leave();
    else if (
      event.key === "Enter" &&
      event.target instanceof HTMLInputElement &&
      event.target.type === "search"
    )
      step(event.shiftKey ? -1 : 1);
    else if (event.key.toLowerCase() === "h" && (event.ctrlKey || event.metaKey)) onReplacing(!replacing);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const leave = (): void => {
    onClose();
    const cell = now?.cell ?? page.focusedCell;
    if (cell !== null) document.getElementById(cellAnchor(cell))?.focus({ preventScroll: true });
  };
  return (
    <search className="find-panel" aria-label="find in all cells" onKeyDown={onKeyDown}>
      <div className="find-row">
        <input
          type="search"
          autoFocus
          aria-label="Find"
          aria-invalid={wrong}
          placeholder="find in all cells"
          value={search.text}
          onChange={(event) => {
            setSearch({ ...search, text: event.target.value });
            setAt(0);
          }}
        />
        <Toggle
          label="Aa"
          title="capitals count"
          on={search.exact}
          onToggle={(exact) => setSearch({ ...search, exact })}
        />
        <Toggle
          label=".*"
          title="regular expression"
          on={search.pattern}
          onToggle={(pattern) => setSearch({ ...search, pattern })}
        />
        <Toggle label="outputs" title="in outputs too" on={inOutputs} onToggle={setInOutputs} />
        <span className="find-count" role="status">
          {wrong
            ? "no expression"
            : search.text === ""
              ? ""
              : places.length === 0
                ? "none found"
                : `${count(Math.min(at, places.length - 1) + 1)} of ${count(places.length)}`}
        </span>
        <button type="button" className="button quiet" aria-label="Previous match" onClick={() => step(-1)}>
          ↑
        </button>
        <button type="button" className="button quiet" aria-label="Next match" onClick={() => step(1)}>
          ↓
        </button>
        <button type="button" className="button quiet" aria-label="Close find" onClick={leave}>
          ✕
        </button>
      </div>
      {replacing ? (
        <div className="find-row">
          <input
            type="text"
            aria-label="Replace by"
            placeholder="replace by"
            value={by}
            onChange={(event) => setBy(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter") replaceOne();
            }}
          />
          <button type="button" className="button" disabled={inTexts.length === 0} onClick={replaceOne}>
            Replace
          </button>
          <button
            type="button"
            className="button"
            disabled={inTexts.length === 0}
            onClick={() =>
              replaceIn(
                texts.map(({ id }) => id),
                null,
              )
            }
          >
            Replace all{inTexts.length === 0 ? "" : ` ${count(inTexts.length)}`}
          </button>
        </div>
      ) : null}
    </search>
  );
}

interface ToggleProps {
  readonly label: string;
  readonly title: string;
  readonly on: boolean;
  readonly onToggle: (on: boolean) => void;
}

function Toggle({ label, title, on, onToggle }: ToggleProps): ReactNode {
  return (
    <button
      type="button"
      className="button quiet toggle"
      aria-pressed={on}
      aria-label={title}
      title={title}
      onClick={() => onToggle(!on)}
    >
      {label}
    </button>
  );
}
