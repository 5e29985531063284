import { useId, useState } from "react";
import type { ReactNode } from "react";

import type { RowDiff, TableDiff } from "#protocol/diff.ts";
import { count } from "#protocol/numerals.ts";

import { MOVED_LOOKS } from "../words/moved.ts";
import { diffText } from "./diff-words.ts";

const KINDS = ["added", "removed", "changed"] as const;

/** The rows that are different, of one kind or of all. */
export function DiffRows({ diff }: { readonly diff: TableDiff }): ReactNode {
  const { added, removed, changed } = diff.counts;
  const moved = added + removed + changed;
  const name = useId();
  const [shown, setShown] = useState<"all" | RowDiff["kind"]>("all");
  const rows = shown === "all" ? diff.rows : diff.rows.filter(({ kind }) => kind === shown);
  return (
    <>
      <fieldset className="diff-kinds">
        <legend>Rows shown</legend>
        {(["all", ...KINDS] as const).map((kind) => (
          <label key={kind}>
            <input type="radio" name={name} checked={shown === kind} onChange={() => setShown(kind)} />
            {kind}
          </label>
        ))}
        {moved > diff.rows.length ? (
          <span className="muted">
            the first {count(diff.rows.length)} of {count(moved)}; a diff cell keeps all
          </span>
        ) : null}
      </fieldset>
      <div className="diff-rows" role="region" aria-label="rows that are different" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">what happened</th>
              {diff.key.columns.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
              <th scope="col">what is different</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row
                key={`${row.kind}${JSON.stringify(row.key)}${JSON.stringify(row.cells[0])}`}
                row={row}
                columns={diff.key.columns}
              />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

/** Values of an added or removed row that are told. */
const MOST_TOLD = 5;

interface RowProps {
  readonly row: RowDiff;
  /** Names of the values of its key. */
  readonly columns: readonly string[];
}

function Row({ row: { kind, key, cells }, columns }: RowProps): ReactNode {
  const { icon, tone } = MOVED_LOOKS[kind];
  return (
    <tr>
      <td className={`ink-${tone}`}>
        <span aria-hidden="true">{icon}</span> {kind}
      </td>
      {key.map((value, at) => (
        // The columns of a key have an order and no other identity.
        // oxlint-disable-next-line react/no-array-index-key
        <td key={at}>{diffText(columns[at] ?? "", value)}</td>
      ))}
      <td className="diff-cells">
        {cells.slice(0, kind === "changed" ? cells.length : MOST_TOLD).map(({ column, before, after }) => (
          <span key={column}>
            <span className="muted">{column}</span>{" "}
            {kind === "changed" ? (
              <>
                <del>{diffText(column, before)}</del> → <ins>{diffText(column, after)}</ins>
              </>
            ) : (
              diffText(column, kind === "added" ? after : before)
            )}
          </span>
        ))}
      </td>
    </tr>
  );
}
