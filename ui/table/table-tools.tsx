import { useState } from "react";
import type { FormEvent, ReactNode, Ref } from "react";

import type { TableView as View } from "#protocol/messages.ts";

import { destinationView, destinationWords, readDestination } from "./go-to.ts";
import { PLAIN, filterWords, isPlain, searched, unfiltered } from "./look.ts";

interface Props {
  readonly view: View;
  readonly columns: readonly string[];
  /** False for a table that comes in one order only: then there are rows to go to, and no more. */
  readonly viewable: boolean;
  readonly searchBox: Ref<HTMLInputElement>;
  readonly goBox: Ref<HTMLInputElement>;
  readonly onView: (view: View) => void;
  /** 0-based. */
  readonly onRow: (row: number) => void;
  readonly onLeave: () => void;
}

/** Search, go to, and what the table is narrowed by, each to be taken away. */
export function TableTools(props: Props): ReactNode {
  const { view, viewable, searchBox, goBox, onView } = props;
  const [text, setText] = useState(view.search ?? "");
  const [place, setPlace] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const search = (event: FormEvent): void => {
    event.preventDefault();
    onView(searched(view, text));
    props.onLeave();
  };
  const go = (event: FormEvent): void => {
    event.preventDefault();
    const destination = readDestination(place);
    if (destination === null || destination.kind === "no-place") {
      setProblem(
        !viewable
          ? "Write a row number."
          : (destination?.why ?? "Write a row number, an rsID, a gene or a place such as 7:117.5M-117.6M."),
      );
      return;
    }
    const next =
      destination.kind === "row" || !viewable ? null : destinationView(view, destination, props.columns);
    if (destination.kind !== "row" && next === null) {
      setProblem(`This table has no ${destinationWords(destination)}.`);
      return;
    }
    setProblem(null);
    if (destination.kind === "row") props.onRow(destination.row);
    if (next !== null) onView(next);
    props.onLeave();
  };
  return (
    <div className="table-tools">
      {viewable ? (
        <form onSubmit={search}>
          <input
            ref={searchBox}
            type="search"
            aria-label="search in text columns"
            placeholder="search  /"
            size={14}
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              if (event.target.value === "") onView(searched(view, ""));
            }}
          />
        </form>
      ) : null}
      <form onSubmit={go}>
        <input
          ref={goBox}
          aria-label={viewable ? "go to a row, rsID, gene or place" : "go to a row"}
          placeholder={viewable ? "go to row, rsID, gene, 7:117.5M" : "go to row"}
          size={viewable ? 26 : 10}
          value={place}
          aria-invalid={problem !== null}
          onChange={(event) => {
            setPlace(event.target.value);
            setProblem(null);
          }}
        />
      </form>
      {problem === null ? null : (
        <span className="tools-problem" role="alert">
          {problem}
        </span>
      )}
      <Chips
        view={view}
        onView={(next) => {
          onView(next);
          // The chip that was pressed is gone.
          props.onLeave();
        }}
        onClearSearch={() => setText("")}
        onClearAll={() => {
          setText("");
          setPlace("");
        }}
      />
    </div>
  );
}

interface ChipsProps {
  readonly view: View;
  readonly onView: (view: View) => void;
  readonly onClearSearch: () => void;
  /** Nothing that was asked for holds any more. */
  readonly onClearAll: () => void;
}

function Chips({ view, onView, onClearSearch, onClearAll }: ChipsProps): ReactNode {
  if (isPlain(view)) return null;
  const clearSearch = (): void => {
    onClearSearch();
    onView(searched(view, ""));
  };
  return (
    <ul className="chips" aria-label="the table is narrowed and ordered by">
      {(view.filters ?? []).map((filter) => (
        <Chip
          key={filterWords(filter)}
          words={filterWords(filter)}
          onClear={() => onView(unfiltered(view, filter))}
        />
      ))}
      {view.search === undefined ? null : (
        <Chip words={`any text contains “${view.search}”`} onClear={clearSearch} />
      )}
      {(view.sort ?? []).map((key) => (
        <Chip
          key={`sort ${key.column}`}
          words={`${key.column} ${key.descending ? "↓" : "↑"}`}
          onClear={() => onView({ ...view, sort: (view.sort ?? []).filter((one) => one !== key) })}
        />
      ))}
      <li>
        <button
          type="button"
          className="button quiet"
          onClick={() => {
            onClearAll();
            onView(PLAIN);
          }}
        >
          Clear all
        </button>
      </li>
    </ul>
  );
}

function Chip({ words, onClear }: { readonly words: string; readonly onClear: () => void }): ReactNode {
  return (
    <li className="chip">
      <bdi>{words}</bdi>
      <button type="button" aria-label={`clear: ${words}`} onClick={onClear}>
        ✕
      </button>
    </li>
  );
}
