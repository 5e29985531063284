import { useState } from "react";
import type { FormEvent, ReactNode, RefObject } from "react";
import { Dialog, Popover } from "react-aria-components";

import type { ColumnFilter, ColumnSummary, TableView as View } from "#protocol/messages.ts";
import { count, counted } from "#protocol/numerals.ts";

import { decimal } from "../words/numbers.ts";
import type { Column } from "./columns.ts";
import { originWords } from "./columns.ts";
import { Histogram } from "./histogram.tsx";
import { clearedColumn, filtered, readNumber, sortCycled, sortOf } from "./look.ts";
import { STORED_CHARACTERS, exactness, storedWords } from "./stored-summary.ts";
import type { Summary } from "./use-summaries.ts";

interface Props {
  readonly column: Column;
  readonly view: View;
  readonly summary: Summary | null;
  /** Asks for exact numbers. */
  readonly onAsk: () => void;
  /** What it is placed at. */
  readonly place: RefObject<Element | null>;
  readonly onChange: (view: View) => void;
  readonly onClose: () => void;
}

const FIGURE_PX = { width: 256, height: 56 };
const TOP_SHOWN = 6;

/** Everything of one column: its values, its order, what of it is wanted. */
export function ColumnPanel({ column, view, summary, onAsk, place, onChange, onClose }: Props): ReactNode {
  const sort = sortOf(view, column.name);
  const change = (next: View): void => {
    onChange(next);
    onClose();
  };
  const sorted = (descending: boolean): View => {
    const fresh = { ...view, sort: (view.sort ?? []).filter((key) => key.column !== column.name) };
    const up = sortCycled(fresh, column.name, false);
    return descending ? sortCycled(up, column.name, false) : up;
  };
  return (
    <Popover
      isOpen
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      triggerRef={place}
      placement="bottom start"
      className="popover"
    >
      <Dialog className="column-panel" aria-label={`column ${column.name}`}>
        <h3>
          {column.name} <span className="column-type">{column.type}</span>
        </h3>
        <Statistics
          summary={summary}
          onAsk={onAsk}
          onValue={(value) => {
            // A stored value may be the start of a longer one.
            const is = value.length < STORED_CHARACTERS ? "equal" : "contains";
            change(filtered(view, { column: column.name, is, value }));
          }}
        />
        {column.facts?.origin === undefined ? null : (
          <p className="panel-note">{originWords(column.facts.origin)}</p>
        )}
        <div className="choices" role="group" aria-label="order">
          <button
            type="button"
            className="button"
            aria-pressed={sort?.descending === false}
            onClick={() => change(sorted(false))}
          >
            ↑ ascending
          </button>
          <button
            type="button"
            className="button"
            aria-pressed={sort?.descending === true}
            onClick={() => change(sorted(true))}
          >
            ↓ descending
          </button>
        </div>
        {column.numeric ? (
          <NumberFilter column={column.name} view={view} onChange={change} />
        ) : (
          <TextFilter column={column.name} view={view} onChange={change} />
        )}
        <div className="choices" role="group" aria-label="missing values">
          {(["null", "not-null"] as const).map((is) => (
            <button
              key={is}
              type="button"
              className="button"
              aria-pressed={(view.filters ?? []).some((one) => one.column === column.name && one.is === is)}
              onClick={() => change(filtered(view, { column: column.name, is }))}
            >
              {is === "null" ? "only missing" : "only not missing"}
            </button>
          ))}
        </div>
        {(view.filters ?? []).some((one) => one.column === column.name) ? (
          <button
            type="button"
            className="button quiet"
            onClick={() => change(clearedColumn(view, column.name))}
          >
            Clear filters of this column
          </button>
        ) : null}
      </Dialog>
    </Popover>
  );
}

interface StatisticsProps {
  readonly summary: Summary | null;
  readonly onAsk: () => void;
  readonly onValue: (value: string) => void;
}

function Statistics({ summary, onAsk, onValue }: StatisticsProps): ReactNode {
  if (summary === null || summary.kind === "asked") return <p className="panel-note">Counting…</p>;
  if (summary.kind === "failed") return <p className="panel-note">{summary.error.message}</p>;
  if (summary.kind === "stored") {
    return (
      <>
        <p className="panel-note">{storedWords(summary.summary)}</p>
        <Values facts={summary.summary} onValue={onValue} />
        <p className="panel-note">
          Found when it was made, {exactness(summary.summary)}
          {summary.summary.approxDistinct === null ? "" : "; how many are distinct is an estimate"}.{" "}
          <button type="button" className="link" onClick={onAsk}>
            Count all exactly
          </button>
        </p>
      </>
    );
  }
  const { summary: facts } = summary;
  return (
    <>
      <p className="panel-note">
        {counted(facts.rows, "row")} · {facts.nulls === 0 ? "none" : count(facts.nulls)} missing ·{" "}
        {count(facts.distinct)} distinct, exact
      </p>
      <Values facts={facts} onValue={onValue} />
    </>
  );
}

function Values({
  facts,
  onValue,
}: {
  facts: Pick<ColumnSummary, "histogram" | "top">;
  onValue: (value: string) => void;
}): ReactNode {
  if (facts.histogram !== null) {
    const { edges, counts } = facts.histogram;
    return (
      <figure className="column-figure">
        <Histogram edges={edges} counts={counts} {...FIGURE_PX} />
        <figcaption>
          <span>{decimal(edges[0] ?? 0)}</span>
          <span>{decimal(edges.at(-1) ?? 0)}</span>
        </figcaption>
      </figure>
    );
  }
  const most = Math.max(1, ...facts.top.map((one) => one.count));
  return (
    <ul className="top-values" aria-label="most frequent values">
      {facts.top.slice(0, TOP_SHOWN).map((one) => (
        <li key={one.value}>
          <button type="button" title="only these rows" onClick={() => onValue(one.value)}>
            <span className="top-bar" style={{ width: `${(one.count / most) * 100}%` }} aria-hidden="true" />
            <bdi>{one.value === "" ? "(empty)" : one.value}</bdi>
            <span className="number">{count(one.count)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

interface FilterProps {
  readonly column: string;
  readonly view: View;
  readonly onChange: (view: View) => void;
}

type TextIs = "contains" | "equal" | "not-equal";

function TextFilter({ column, view, onChange }: FilterProps): ReactNode {
  const old = (view.filters ?? []).find((one) => one.column === column && "value" in one);
  const [is, setIs] = useState<TextIs>(old !== undefined && "value" in old ? old.is : "contains");
  const [value, setValue] = useState(old !== undefined && "value" in old ? old.value : "");
  const apply = (event: FormEvent): void => {
    event.preventDefault();
    onChange(value === "" ? clearedColumn(view, column) : filtered(view, { column, is, value }));
  };
  return (
    <form className="filter-form" onSubmit={apply}>
      <select aria-label="how" value={is} onChange={(event) => setIs(event.target.value as TextIs)}>
        <option value="contains">contains</option>
        <option value="equal">is</option>
        <option value="not-equal">is not</option>
      </select>
      <input aria-label="text" autoFocus value={value} onChange={(event) => setValue(event.target.value)} />
      <button type="submit" className="button primary">
        Filter
      </button>
    </form>
  );
}

function NumberFilter({ column, view, onChange }: FilterProps): ReactNode {
  const old = (view.filters ?? []).find(
    (one): one is ColumnFilter & { is: "between" } => one.column === column && one.is === "between",
  );
  const [from, setFrom] = useState(old?.least == null ? "" : String(old.least));
  const [to, setTo] = useState(old?.most == null ? "" : String(old.most));
  const [least, most] = [readNumber(from), readNumber(to)];
  const wrong = least === undefined || most === undefined;
  const apply = (event: FormEvent): void => {
    event.preventDefault();
    if (least === undefined || most === undefined) return;
    const open = least === null && most === null;
    onChange(open ? clearedColumn(view, column) : filtered(view, { column, is: "between", least, most }));
  };
  return (
    <form className="filter-form" onSubmit={apply}>
      <input
        aria-label="from"
        placeholder="from"
        autoFocus
        inputMode="decimal"
        value={from}
        aria-invalid={least === undefined}
        onChange={(event) => setFrom(event.target.value)}
      />
      <input
        aria-label="to"
        placeholder="to"
        inputMode="decimal"
        value={to}
        aria-invalid={most === undefined}
        onChange={(event) => setTo(event.target.value)}
      />
      <button type="submit" className="button primary" disabled={wrong}>
        Filter
      </button>
    </form>
  );
}
