import type { KeyboardEvent, ReactNode } from "react";

import { counted } from "#protocol/numerals.ts";
import type { CellView } from "#protocol/view.ts";

import type { ModuleColumn } from "../editor/module-rows.ts";
import {
  MODULE_COLUMNS,
  moduleRows,
  withModuleCell,
  withModuleRow,
  withoutModuleRow,
} from "../editor/module-rows.ts";
import { useCellText } from "../editor/use-draft.ts";
import { useStore } from "../shell/use-store.tsx";

/** More rows than this are better written as text, or as a folder of files. */
const MOST_ROWS = 200;

/** The variants of a module cell as a table; a change of one value changes that value in the text, no more. */
export function ModuleGrid({ cell }: { readonly cell: CellView }): ReactNode {
  const store = useStore();
  const text = useCellText(cell);
  const rows = moduleRows(text);
  const write = (next: string): void => {
    store.drafts.type(cell.id, next);
    void store.drafts.flush(cell.id);
  };
  if (rows === null) {
    return <p className="output-note module-note">The text cannot be read as rows. Mend it under Text.</p>;
  }
  if (rows.length > MOST_ROWS) {
    return <p className="output-note module-note">{counted(rows.length, "row")}: edit them under Text.</p>;
  }
  return (
    <div className="module-grid">
      <table aria-label={`variants of ${cell.name ?? "the module"}`}>
        <thead>
          <tr>
            {MODULE_COLUMNS.map((column) => (
              <th key={column} scope="col" className={`module-${column}`}>
                {column}
              </th>
            ))}
            <th scope="col">
              <span className="announcer">remove</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            // Rows have no name of their own: two may be alike.
            <tr key={at}>
              {MODULE_COLUMNS.map((column) => (
                <td key={column}>
                  <Field
                    key={row[column]}
                    column={column}
                    label={`${column} of row ${at + 1}`}
                    value={row[column]}
                    onWrite={(value) => write(withModuleCell(text, at, column, value))}
                  />
                </td>
              ))}
              <td>
                <button
                  type="button"
                  className="tool"
                  aria-label={`Remove row ${at + 1}`}
                  onClick={() => write(withoutModuleRow(text, at))}
                >
                  ✕
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="output-foot module-note">
        <span>{counted(rows.length, "row")}</span>
        <button type="button" className="button" onClick={() => write(withModuleRow(text))}>
          Add a row
        </button>
      </p>
    </div>
  );
}

interface FieldProps {
  readonly column: ModuleColumn;
  readonly label: string;
  readonly value: string;
  readonly onWrite: (value: string) => void;
}

/** A value is written when the person goes on, not with every letter; Escape takes it back. */
function Field({ column, label, value, onWrite }: FieldProps): ReactNode {
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === "Enter" && !event.shiftKey && !event.ctrlKey && !event.metaKey)
      event.currentTarget.blur();
    else if (event.key === "Escape") {
      event.currentTarget.value = value;
      event.currentTarget.closest("article")?.focus({ preventScroll: true });
    }
  };
  return (
    <input
      className={`module-${column}`}
      aria-label={label}
      defaultValue={value}
      spellCheck={column === "conclusion"}
      inputMode={column === "weight" ? "decimal" : undefined}
      aria-invalid={column === "weight" && Number.isNaN(Number(value))}
      onKeyDown={onKeyDown}
      onBlur={(event) => {
        const next = event.target.value.trim();
        if (next !== value) onWrite(next);
      }}
    />
  );
}
