import { useState } from "react";
import type { ReactNode } from "react";

import type { ErrorInfo, FailingRows } from "#protocol/error.ts";

export interface ErrorAction {
  readonly label: string;
  readonly onPress: () => void;
}

interface Props {
  readonly error: ErrorInfo;
  /** Says what was tried, when the place alone does not. */
  readonly title?: string;
  /** The cell that it stands in: a reader sees which that is. */
  readonly inCell?: string;
  /** Of what is no more as it was: told, and paler than what is wrong now. */
  readonly isPast?: boolean;
  readonly onDismiss?: () => void;
  /** What can be done about it here. */
  readonly action?: ErrorAction | undefined;
}

/** As many rows of an error as are looked for: fewer are all there are. */
const ROWS_TOLD = 5;

/** An error as a person reads it: a sentence, what to do, where, which rows; what the system said is folded away. */
export function ErrorCard({ error, title, inCell, isPast = false, onDismiss, action }: Props): ReactNode {
  const where = [
    error.at,
    error.cell === undefined || error.cell === inCell ? undefined : `cell ${error.cell}`,
    error.span === undefined ? undefined : `line ${error.span.line}, column ${error.span.column}`,
  ].filter((part) => part !== undefined);
  const report = [error.message, error.hint, where.join(" · "), error.detail]
    .filter((part) => part !== undefined && part !== "")
    .join("\n");
  return (
    <div
      className={isPast ? "error-card past" : "error-card"}
      role="group"
      aria-label={isPast ? "error of before" : "error"}
    >
      <p className="error-sentence">
        <span aria-hidden="true">✕</span> {title === undefined ? "" : `${title}: `}
        {error.message}
      </p>
      {error.hint === undefined ? null : <p className="error-hint">{error.hint}</p>}
      {where.length === 0 ? null : <p className="error-where">{where.join(" · ")}</p>}
      {error.rows === undefined || error.rows.rows.length === 0 ? null : <Rows rows={error.rows} />}
      {/* Of a module the detail is the list of what is to be mended. */}
      {error.detail === undefined ? null : (
        <details open={error.code === "module"}>
          <summary>{error.code === "module" ? "what is wrong" : "what the system said"}</summary>
          <pre tabIndex={0}>{error.detail}</pre>
        </details>
      )}
      {action === undefined ? null : (
        <button type="button" className="button" onClick={action.onPress}>
          {action.label}
        </button>
      )}
      {onDismiss === undefined ? null : (
        <button type="button" className="button" onClick={onDismiss}>
          Dismiss
        </button>
      )}
      <CopyReport key={report} text={report} />
    </div>
  );
}

/** The first rows that fail, as text. */
function Rows({ rows: { columns, rows } }: { readonly rows: FailingRows }): ReactNode {
  return (
    <div className="error-rows" tabIndex={0} role="group" aria-label="rows that fail">
      <table>
        <caption>
          {rows.length < ROWS_TOLD ? "It fails at" : `The first ${ROWS_TOLD} rows that it fails at`}
        </caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              {row.map((value, i) => (
                <td key={columns[i]} className={value === null ? "absent" : undefined}>
                  {value ?? "null"}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** All of an error as text, for whoever is asked about it. */
function CopyReport({ text }: { readonly text: string }): ReactNode {
  const [note, setNote] = useState("");
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setNote("copied");
    } catch {
      setNote("not copied: the browser does not allow it");
    }
  };
  return (
    <>
      <button type="button" className="button quiet" onClick={() => void copy()}>
        Copy the error
      </button>{" "}
      <span role="status">{note}</span>
    </>
  );
}
