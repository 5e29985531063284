import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import type { CSSProperties, KeyboardEvent, ReactNode } from "react";

import { ErrorCard } from "../shell/error-card.tsx";
import { columnFactsWords } from "./columns.ts";
import { GridScroll } from "./grid-scroll.ts";
import { TableFoot } from "./table-foot.tsx";
import type { TablePages } from "./table-pages.ts";
import { TableRow } from "./table-row.tsx";
import type { GridPosition } from "./window.ts";
import { ROW_PX, moved, scrollHeight, visibleColumns, visibleRows, wholeRows } from "./window.ts";

interface Props {
  readonly table: TablePages;
  readonly label: string;
  /** Links to what can be taken away. */
  readonly downloads: ReactNode;
}

const HEADER_PX = 44;
/** Rows seen before a person makes the table taller. */
const ROWS_SHOWN = 10;
/** Room under the rows of a table that is wider than what is seen of it. */
const SCROLLBAR_PX = 12;
/** Waited before rows far away are asked for, so that a drag over millions asks once. */
const SETTLE_MS = 50;

/**
 * A table of any length: only the rows and columns in view are elements, and only their cells are decoded.
 * Row elements are used again as the table moves.
 */
export function TableView({ table, label, downloads }: Props): ReactNode {
  const id = useId();
  useSyncExternalStore(
    (listener) => table.subscribe(listener),
    () => table.version,
  );
  const grid = useRef<HTMLDivElement>(null);
  const scroll = useMemo(() => new GridScroll(table.rows, HEADER_PX), [table]);
  const view = useSyncExternalStore(scroll.subscribe, scroll.view);
  const { extent } = scroll;
  const [cursor, setCursor] = useState<GridPosition | null>(null);
  const { columns } = table;
  const range = visibleRows(extent, view.top);
  const shown = visibleColumns(
    columns.map((column) => column.width),
    view.left,
    view.width,
  );
  const width = columns.reduce((sum, column) => sum + column.width, 0);
  const slots = Math.max(1, Math.ceil(view.viewport / ROW_PX) + 1);

  const whole = wholeRows(extent, view.top);

  useLayoutEffect(() => (grid.current === null ? undefined : scroll.attach(grid.current)), [scroll]);
  const { first, last } = range;
  useEffect(() => {
    const timer = setTimeout(() => table.show({ first, last }), table.has(first) ? 0 : SETTLE_MS);
    return () => clearTimeout(timer);
  }, [table, first, last]);

  const go = (next: GridPosition): void => {
    setCursor(next);
    scroll.showRow(next.row);
    const before = columns.slice(0, next.column).reduce((sum, column) => sum + column.width, 0);
    scroll.showColumn(before, columns[next.column]?.width ?? 0);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.shiftKey) return;
    const at = cursor ?? { row: Math.max(0, range.first), column: 0 };
    const next =
      cursor === null && event.key === "ArrowDown"
        ? at
        : moved(at, event.key, event.ctrlKey || event.metaKey, extent, columns.length);
    if (next === null) return;
    event.preventDefault();
    go(next);
  };

  const cursorSeen =
    cursor !== null &&
    cursor.row >= range.first &&
    cursor.row <= range.last &&
    cursor.column >= shown.first &&
    cursor.column <= shown.last;
  const rows = Array.from({ length: range.last - range.first + 1 }, (_, index) => range.first + index);
  const scrollbar = width > view.width ? SCROLLBAR_PX : 0;
  const height = HEADER_PX + Math.max(1, Math.min(table.rows, ROWS_SHOWN)) * ROW_PX + scrollbar;
  return (
    <div className="table">
      <div
        ref={grid}
        className="grid"
        role="grid"
        tabIndex={0}
        aria-label={label}
        aria-rowcount={table.rows + 1}
        aria-colcount={columns.length}
        aria-activedescendant={cursorSeen ? `${id}-${cursor.row}-${cursor.column}` : undefined}
        style={{ height, "--row": `${ROW_PX}px`, "--grid-header": `${HEADER_PX}px` } as CSSProperties}
        onKeyDown={onKeyDown}
      >
        <div className="grid-space" style={{ height: HEADER_PX + scrollHeight(table.rows), width }}>
          <div className="grid-stick" style={{ height: HEADER_PX + view.viewport, width }}>
            <div role="rowgroup">
              <div role="row" aria-rowindex={1} className="grid-header">
                <span className="grid-shift" style={{ width: shown.left }} role="presentation" />
                {columns.slice(shown.first, shown.last + 1).map((column, index) => (
                  <div
                    key={shown.first + index}
                    role="columnheader"
                    aria-colindex={shown.first + index + 1}
                    className={column.numeric && column.scale === null ? "grid-cell right" : "grid-cell"}
                    style={{ width: column.width }}
                    title={columnFactsWords(column)}
                  >
                    <span className="column-name">{column.name}</span>
                    <span className="column-type">{column.type}</span>
                  </div>
                ))}
              </div>
            </div>
            <div role="rowgroup" className="grid-rows">
              {rows.map((row) => (
                <TableRow
                  key={row % slots}
                  id={id}
                  table={table}
                  row={row}
                  top={row * ROW_PX - view.top}
                  columns={shown}
                  cursor={cursor?.row === row ? cursor.column : null}
                  loaded={table.has(row)}
                  onChoose={(column) => go({ row, column })}
                />
              ))}
            </div>
          </div>
        </div>
      </div>
      {table.rows === 0 ? <p className="output-note">The table has no rows.</p> : null}
      {table.error === null ? null : (
        <div className="table-error">
          <ErrorCard error={table.error} title="these rows did not come" />
          <button type="button" className="button" onClick={() => table.retry(range)}>
            Try again
          </button>
        </div>
      )}
      <TableFoot
        rows={table.rows}
        exact={table.exact}
        first={whole.first}
        last={whole.last}
        onGo={(row) => go({ row, column: cursor?.column ?? 0 })}
      >
        {downloads}
      </TableFoot>
    </div>
  );
}
