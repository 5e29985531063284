import { useEffect, useLayoutEffect, useMemo, useRef, useSyncExternalStore } from "react";
import type { CSSProperties, KeyboardEvent, MouseEvent, ReactNode } from "react";

import type { HeaderFacts } from "./grid-header.tsx";
import { GridHeader } from "./grid-header.tsx";
import { GridScroll } from "./grid-scroll.ts";
import type { RowSelection } from "./selection.ts";
import { isSelected } from "./selection.ts";
import type { TablePages } from "./table-pages.ts";
import { TableRow } from "./table-row.tsx";
import type { GridPosition, RowRange } from "./window.ts";
import { ROW_PX, moved, scrollHeight, visibleColumns, visibleRows, wholeRows } from "./window.ts";

interface Props {
  /** Prefix of the ids of its cells. */
  readonly id: string;
  readonly table: TablePages;
  /** Rows that it has room for, however few are left of them: what is below a table does not move when it is narrowed. */
  readonly room: number;
  readonly label: string;
  readonly cursor: GridPosition | null;
  readonly selection: RowSelection;
  /** Whether other rows are on their way. */
  readonly busy: boolean;
  readonly header: HeaderFacts;
  readonly onCursor: (at: GridPosition) => void;
  /** A key that does not move the cursor. @returns whether it was used */
  readonly onKey: (event: KeyboardEvent, at: GridPosition) => boolean;
  readonly onPress: (event: MouseEvent, at: GridPosition) => void;
  readonly onSeen: (rows: RowRange) => void;
}

export const HEADER_PX = 60;
/** Rows seen before a person makes the table taller. */
const ROWS_SHOWN = 10;
/** Room under the rows of a table that is wider than what is seen of it. */
const SCROLLBAR_PX = 12;
/** Waited before rows far away are asked for, so that a drag over millions asks once. */
const SETTLE_MS = 50;

/**
 * Rows and columns of any number: only those in view are elements, and only their cells are decoded. Row elements
 * are used again as the table moves.
 */
export function Grid(props: Props): ReactNode {
  const { id, table, cursor, onCursor, onSeen } = props;
  const grid = useRef<HTMLDivElement>(null);
  const scroll = useMemo(() => new GridScroll(table.rows, HEADER_PX), [table]);
  const view = useSyncExternalStore(scroll.subscribe, scroll.view);
  const { extent } = scroll;
  const { columns } = table;
  const range = visibleRows(extent, view.top);
  const shown = visibleColumns(
    columns.map((column) => column.width),
    view.left,
    view.width,
  );
  const width = columns.reduce((sum, column) => sum + column.width, 0);
  const slots = Math.max(1, Math.ceil(view.viewport / ROW_PX) + 1);

  useLayoutEffect(() => (grid.current === null ? undefined : scroll.attach(grid.current)), [scroll]);
  const { first, last } = range;
  useEffect(() => {
    const timer = setTimeout(() => table.show({ first, last }), table.has(first) ? 0 : SETTLE_MS);
    return () => clearTimeout(timer);
  }, [table, first, last]);
  const whole = wholeRows(extent, view.top);
  useEffect(() => onSeen({ first: whole.first, last: whole.last }), [onSeen, whole.first, whole.last]);
  // Wherever the cursor was moved from, it is seen.
  useEffect(() => {
    if (cursor === null) return;
    scroll.showRow(cursor.row);
    const before = columns.slice(0, cursor.column).reduce((sum, column) => sum + column.width, 0);
    scroll.showColumn(before, columns[cursor.column]?.width ?? 0);
  }, [scroll, columns, cursor]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const at = cursor ?? { row: Math.max(0, range.first), column: 0 };
    if (props.onKey(event, at)) {
      event.preventDefault();
      return;
    }
    if (event.altKey || event.shiftKey) return;
    const next =
      cursor === null && event.key === "ArrowDown"
        ? at
        : moved(at, event.key, event.ctrlKey || event.metaKey, extent, columns.length);
    if (next === null) return;
    event.preventDefault();
    onCursor(next);
  };

  const cursorSeen =
    cursor !== null &&
    cursor.row >= range.first &&
    cursor.row <= range.last &&
    cursor.column >= shown.first &&
    cursor.column <= shown.last;
  const rows = Array.from({ length: range.last - range.first + 1 }, (_, index) => range.first + index);
  const scrollbar = width > view.width ? SCROLLBAR_PX : 0;
  const height = HEADER_PX + Math.max(1, Math.min(props.room, ROWS_SHOWN)) * ROW_PX + scrollbar;
  return (
    <div
      ref={grid}
      className="grid"
      role="grid"
      tabIndex={0}
      aria-label={props.label}
      aria-rowcount={table.rows + 1}
      aria-colcount={columns.length}
      aria-multiselectable
      aria-busy={props.busy}
      aria-activedescendant={cursorSeen ? `${id}-${cursor.row}-${cursor.column}` : undefined}
      style={{ height, "--row": `${ROW_PX}px`, "--grid-header": `${HEADER_PX}px` } as CSSProperties}
      onKeyDown={onKeyDown}
    >
      <div className="grid-space" style={{ height: HEADER_PX + scrollHeight(table.rows), width }}>
        <div className="grid-stick" style={{ height: HEADER_PX + view.viewport, width }}>
          <div role="rowgroup">
            <GridHeader columns={columns} shown={shown} {...props.header} />
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
                selected={isSelected(props.selection, row)}
                loaded={table.has(row)}
                onChoose={(column, event) => props.onPress(event, { row, column })}
              />
            ))}
          </div>
        </div>
      </div>
    </div>
  );
}
