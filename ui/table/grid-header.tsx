import { useEffect, useRef } from "react";
import type { MouseEvent, ReactNode } from "react";

import type { TableView as View } from "#protocol/messages.ts";
import { count } from "#protocol/numerals.ts";

import type { Column } from "./columns.ts";
import { columnFactsWords, columnRange, typeLine } from "./columns.ts";
import { Histogram } from "./histogram.tsx";
import { sortOf } from "./look.ts";
import type { StoredSummary } from "./stored-summary.ts";
import { shareWords } from "./stored-summary.ts";
import type { Summaries, Summary } from "./use-summaries.ts";
import type { RowRange } from "./window.ts";

/** What a header shows beside names and types. */
export interface HeaderFacts {
  readonly view: View;
  /** Null for a table that cannot be looked at otherwise. */
  readonly actions: HeaderActions | null;
  readonly summaries: Summaries;
}

interface Props extends HeaderFacts {
  readonly columns: readonly Column[];
  readonly shown: RowRange & { readonly left: number };
}

interface HeaderActions {
  readonly sort: (column: string, add: boolean) => void;
  readonly open: (column: number, place: Element) => void;
}

/** Rested on a header for this long, a person wants to know more. */
const HOVER_MS = 250;
const FIGURE_PX = { height: 14, padding: 16 };

/** Names, types and what is known of the values; the name sorts, the mark at the right opens the column. */
export function GridHeader({ columns, shown, view, actions, summaries }: Props): ReactNode {
  const resting = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(resting.current), []);
  return (
    <div role="row" aria-rowindex={1} className="grid-header">
      <span className="grid-shift" style={{ width: shown.left }} role="presentation" />
      {columns.slice(shown.first, shown.last + 1).map((column, index) => {
        const number = shown.first + index;
        const sort = sortOf(view, column.name);
        const filtered = (view.filters ?? []).some((filter) => filter.column === column.name);
        return (
          <div
            key={number}
            role="columnheader"
            aria-colindex={number + 1}
            // What is read before each value of the column.
            aria-label={column.name}
            aria-sort={sort === null ? undefined : sort.descending ? "descending" : "ascending"}
            className={column.numeric && column.scale === null ? "grid-cell right" : "grid-cell"}
            style={{ width: column.width }}
            title={columnFactsWords(column)}
            data-column={column.name}
            onMouseEnter={() => {
              clearTimeout(resting.current);
              if (summaries.of(column.name)?.kind === "stored") return;
              resting.current = setTimeout(() => summaries.ask(column.name), HOVER_MS);
            }}
            onMouseLeave={() => clearTimeout(resting.current)}
          >
            {actions === null ? (
              <span className="column-name">{column.name}</span>
            ) : (
              <span className="column-head">
                <button
                  type="button"
                  tabIndex={-1}
                  className="column-name"
                  onClick={(event) => actions.sort(column.name, event.shiftKey)}
                >
                  {column.name}
                  {sort === null ? null : <SortMark {...sort} alone={(view.sort ?? []).length === 1} />}
                </button>
                <button
                  type="button"
                  tabIndex={-1}
                  className={filtered ? "column-menu filtered" : "column-menu"}
                  aria-label={`filter and statistics of ${column.name}`}
                  onClick={(event: MouseEvent) => actions.open(number, event.currentTarget)}
                >
                  {filtered ? "▼" : "▾"}
                </button>
              </span>
            )}
            <span className="column-type">{typeLine(column)}</span>
            <Figure column={column} summary={summaries.of(column.name)} />
          </div>
        );
      })}
    </div>
  );
}

interface MarkProps {
  readonly descending: boolean;
  readonly place: number;
  readonly alone: boolean;
}

function SortMark({ descending, place, alone }: MarkProps): ReactNode {
  return (
    <span className="sort-mark" aria-hidden="true">
      {descending ? "↓" : "↑"}
      {alone ? "" : place}
    </span>
  );
}

/** From the record at once; what the record lacks, or leaves out under a view, when it was asked for. */
function Figure({
  column,
  summary,
}: {
  readonly column: Column;
  readonly summary: Summary | null;
}): ReactNode {
  if (summary?.kind === "there" || summary?.kind === "stored") {
    const { histogram, top } = summary.summary;
    // One bar for one value would say less than the value.
    if (histogram !== null && histogram.counts.length > 1) {
      const width = column.width - FIGURE_PX.padding;
      return <Histogram {...histogram} width={width} height={FIGURE_PX.height} />;
    }
    const [first] = top;
    if (first !== undefined && summary.kind === "stored") return <StoredValue {...summary.summary} />;
    if (summary.kind === "there") {
      const words =
        first === undefined
          ? `${count(summary.summary.distinct)} distinct`
          : `${first.value} ×${count(first.count)}`;
      return <span className="column-range">{words}</span>;
    }
  }
  return <span className="column-range">{columnRange(column)}</span>;
}

/** The most frequent value, and in how much of what was looked at. */
function StoredValue({ top, looked, rows }: StoredSummary): ReactNode {
  const [first] = top;
  if (first === undefined) return null;
  return (
    <span className="column-range">
      {looked < rows ? "≈ " : ""}
      {shareWords(first, looked)}
    </span>
  );
}
