import { useEffect, useId, useRef, useState, useSyncExternalStore } from "react";
import type { KeyboardEvent, MouseEvent, ReactNode } from "react";

import { errorInfo } from "#protocol/error.ts";
import type { TableView as View } from "#protocol/messages.ts";
import { counted } from "#protocol/numerals.ts";

import { ErrorCard } from "../shell/error-card.tsx";
import { ColumnPanel } from "./column-panel.tsx";
import { MOST_COPIED, asTsv } from "./copy.ts";
import { Downloads } from "./downloads.tsx";
import type { GridCommand } from "./grid-keys.ts";
import { gridCommand } from "./grid-keys.ts";
import { Grid, HEADER_PX } from "./grid.tsx";
import { clearedColumn, isPlain, sortCycled } from "./look.ts";
import { RowDetail } from "./row-detail.tsx";
import { NOTHING, selectedCount, stretched, toggled, unanchored } from "./selection.ts";
import { TableFoot } from "./table-foot.tsx";
import { SaveCsv } from "./save-csv.tsx";
import type { TablePages } from "./table-pages.ts";
import { TableTools } from "./table-tools.tsx";
import { useLook } from "./use-look.ts";
import { useSummaries } from "./use-summaries.ts";
import type { GridPosition, RowRange } from "./window.ts";
import { ROW_PX } from "./window.ts";

/** Chosen rows that others are told of: the first of more. */
const MOST_TOLD = 10_000;

const NEED_VIEWS: ReadonlySet<GridCommand> = new Set([
  "sort",
  "sort-too",
  "filter",
  "clear-filter",
  "search",
]);
const NEED_ROWS: ReadonlySet<GridCommand> = new Set([
  "detail",
  "copy",
  "copy-with-header",
  "stretch-down",
  "stretch-up",
  "toggle-row",
]);

/** Rows that a person chose, by column. */
export type SelectedRows = readonly Readonly<Record<string, unknown>>[];

interface Props {
  readonly table: TablePages;
  readonly label: string;
  /** Name of a file that is made in the page; absent: by the label. */
  readonly file?: string;
  /** Links to what can be taken away of a table that has no views. */
  readonly downloads: ReactNode;
  /** What stands below the fields of a row that is looked at whole. */
  readonly renderRowFoot?: (row: SelectedRows[number]) => ReactNode;
  /** Told of the chosen rows, as they are chosen. */
  readonly onSelect?: (rows: SelectedRows) => void;
}

/** A table of any length: looked at, sorted, narrowed, walked through and taken away. */
export function TableView({
  table: base,
  label,
  file = `${label.replaceAll(/[^\w.-]+/g, "-")}.csv`,
  downloads,
  renderRowFoot,
  onSelect,
}: Props): ReactNode {
  const id = useId();
  const look = useLook(base);
  const { shown: table, view } = look;
  useSyncExternalStore(
    (listener) => table.subscribe(listener),
    () => table.version,
  );
  const [cursor, setCursor] = useState<GridPosition | null>(null);
  const [selection, setSelection] = useState(NOTHING);
  const [seen, setSeen] = useState<RowRange>({ first: 0, last: -1 });
  const [panel, setPanel] = useState<number | null>(null);
  const [detail, setDetail] = useState(false);
  const [note, setNote] = useState("");
  const box = useRef<HTMLDivElement>(null);
  const place = useRef<Element | null>(null);
  const searchBox = useRef<HTMLInputElement>(null);
  const goBox = useRef<HTMLInputElement>(null);
  const summaries = useSummaries(base, look.view);
  const { columns, views } = table;

  // Row numbers mean other rows under another view.
  const [rowsOf, setRowsOf] = useState(table);
  if (rowsOf !== table) {
    setRowsOf(table);
    setSelection(NOTHING);
    setCursor((old) => (old === null ? null : { row: 0, column: old.column }));
  }
  useSelected(table, selection, onSelect);

  const setView = (next: View): void => {
    setNote("");
    look.set(next);
  };
  const leave = (): void => box.current?.querySelector<HTMLElement>("[role=grid]")?.focus();
  const moveTo = (at: GridPosition): void => {
    setCursor(at);
    setSelection(unanchored);
  };
  const goTo = (row: number): void =>
    moveTo({ row: Math.min(row, Math.max(0, table.rows - 1)), column: cursor?.column ?? 0 });
  const open = (column: number, at: Element | null): void => {
    place.current = at ?? headerOf(box.current, columns[column]?.name ?? "");
    const name = columns[column]?.name;
    if (name !== undefined && summaries.of(name)?.kind !== "stored") summaries.ask(name);
    setPanel(column);
  };
  const copy = async (at: GridPosition, withHeader: boolean): Promise<void> => {
    const ranges = selection.ranges.length === 0 ? [{ first: at.row, last: at.row }] : selection.ranges;
    const rows: unknown[][] = [];
    for (const range of ranges) {
      const last = Math.min(range.last, range.first + MOST_COPIED - rows.length - 1);
      rows.push(...(await table.read({ first: range.first, last }, new AbortController().signal)));
    }
    await navigator.clipboard.writeText(asTsv(rows, columns, withHeader));
    const cut = rows.length < selectedCount(selection) ? ", the first; download to take all" : "";
    setNote(`copied ${counted(rows.length, "row")}${cut}`);
  };
  const carryOut = (command: GridCommand, at: GridPosition): void => {
    const column = columns[at.column]?.name ?? "";
    switch (command) {
      case "sort":
      case "sort-too":
        setCursor(at);
        return setView(sortCycled(view, column, command === "sort-too"));
      case "filter":
        setCursor(at);
        return open(at.column, null);
      case "clear-filter":
        return setView(clearedColumn(view, column));
      case "detail":
        setCursor(at);
        return setDetail(!detail);
      case "go-to":
        return goBox.current?.focus();
      case "search":
        return searchBox.current?.focus();
      case "copy":
      case "copy-with-header":
        void copy(at, command === "copy-with-header").catch((error: unknown) =>
          setNote(`not copied: ${errorInfo(error).message}`),
        );
        return undefined;
      case "stretch-down":
      case "stretch-up": {
        const row = Math.min(Math.max(0, at.row + (command === "stretch-down" ? 1 : -1)), table.rows - 1);
        setSelection(stretched(selection, at.row, row));
        return setCursor({ row, column: at.column });
      }
      case "toggle-row":
        setCursor(at);
        return setSelection(toggled(selection, at.row));
      case "select-none":
        return setSelection(NOTHING);
    }
  };
  const onKey = (event: KeyboardEvent, at: GridPosition): boolean => {
    const command = gridCommand(event);
    if (command === null || (views === null && NEED_VIEWS.has(command))) return false;
    if (table.rows === 0 && NEED_ROWS.has(command)) return false;
    carryOut(command, at);
    return true;
  };
  const onPress = (event: MouseEvent, at: GridPosition): void => {
    setCursor((old) => {
      if (event.shiftKey) setSelection((rows) => stretched(rows, old?.row ?? at.row, at.row));
      else if (event.ctrlKey || event.metaKey) setSelection((rows) => toggled(rows, at.row));
      else setSelection(unanchored);
      return at;
    });
    // The second of a double click would choose a word, and take the focus from the row.
    if (event.shiftKey || event.detail === 2) event.preventDefault();
    if (event.detail === 2) setDetail(true);
  };

  const actions =
    views === null
      ? null
      : { sort: (column: string, add: boolean) => setView(sortCycled(view, column, add)), open };
  const opened = panel === null ? undefined : columns[panel];
  return (
    <div className="table" ref={box}>
      <TableTools
        view={view}
        columns={columns.map((column) => column.name)}
        viewable={views !== null}
        searchBox={searchBox}
        goBox={goBox}
        onView={setView}
        onRow={goTo}
        onLeave={leave}
      />
      {look.error === null ? null : (
        <div className="table-error">
          <ErrorCard
            error={look.error}
            title="shown as it is, not as you asked"
            action={{ label: "Try again", onPress: () => setView({ ...view }) }}
          />
        </div>
      )}
      <div className={look.pending ? "table-body pending" : "table-body"}>
        <Grid
          id={id}
          table={table}
          room={Math.max(base.rows, table.rows)}
          label={label}
          cursor={cursor}
          selection={selection}
          busy={look.pending}
          header={{ view, summaries, actions }}
          onCursor={moveTo}
          onKey={onKey}
          onPress={onPress}
          onSeen={setSeen}
        />
        {table.rows === 0 ? (
          <p className="no-rows" style={{ top: HEADER_PX + ROW_PX / 4 }}>
            {isPlain(view) ? "The table has no rows." : "No row is as you asked. Clear a filter to see more."}
          </p>
        ) : null}
        {detail && cursor !== null && table.rows > 0 ? (
          <RowDetail
            table={table}
            row={cursor.row}
            renderFoot={renderRowFoot}
            onMove={goTo}
            onClose={() => {
              setDetail(false);
              leave();
            }}
          />
        ) : null}
      </div>
      {opened === undefined ? null : (
        <ColumnPanel
          column={opened}
          view={view}
          summary={summaries.of(opened.name)}
          onAsk={() => summaries.ask(opened.name)}
          place={place}
          onChange={setView}
          onClose={() => {
            setPanel(null);
            leave();
          }}
        />
      )}
      {table.error === null ? null : (
        <div className="table-error">
          <ErrorCard error={table.error} title="these rows did not come" />
          <button type="button" className="button" onClick={() => table.retry(seen)}>
            Try again
          </button>
        </div>
      )}
      <TableFoot
        rows={table.rows}
        exact={table.exact}
        of={table.rows === base.rows || !base.exact ? null : base.rows}
        seen={seen}
        selected={selectedCount(selection)}
        note={look.pending ? "looking…" : note}
        row={cursor === null || detail || table.rows === 0 ? null : cursor.row}
        onOpenRow={() => setDetail(true)}
      >
        {views === null ? (
          downloads
        ) : views.exportUrl === null ? (
          <SaveCsv table={table} file={file} />
        ) : (
          <Downloads url={views.exportUrl} view={view} />
        )}
      </TableFoot>
    </div>
  );
}

/** Tells of the chosen rows when they are here; what is no longer chosen is not told. */
function useSelected(
  table: TablePages,
  { ranges }: typeof NOTHING,
  onSelect: ((rows: SelectedRows) => void) | undefined,
): void {
  const tell = useRef(onSelect);
  useEffect(() => {
    tell.current = onSelect;
  }, [onSelect]);
  useEffect(() => {
    if (tell.current === undefined) return undefined;
    const abort = new AbortController();
    const read = async (): Promise<void> => {
      const rows: SelectedRows[number][] = [];
      for (const { first, last } of ranges) {
        const range = { first, last: Math.min(last, first + MOST_TOLD - rows.length - 1) };
        if (range.last < first) break;
        for (const values of await table.read(range, abort.signal)) {
          rows.push(Object.fromEntries(table.columns.map((column, index) => [column.name, values[index]])));
        }
      }
      if (!abort.signal.aborted) tell.current?.(rows);
    };
    // Rows that did not come are shown as a failure of the table; here there is nothing to tell.
    read().catch(() => {});
    return () => abort.abort();
  }, [table, ranges]);
}

function headerOf(box: Element | null, column: string): Element | null {
  return box?.querySelector(`[role=columnheader][data-column="${CSS.escape(column)}"]`) ?? null;
}
