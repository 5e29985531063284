import { useState } from "react";
import type { FormEvent, ReactNode } from "react";

import { count } from "../words/numbers.ts";

interface Props {
  readonly rows: number;
  readonly exact: boolean;
  /** 0-based rows that are seen. */
  readonly first: number;
  readonly last: number;
  readonly onGo: (row: number) => void;
  readonly children: ReactNode;
}

/** Which rows are seen, of how many, and a way to any of them. */
export function TableFoot({ rows, exact, first, last, onGo, children }: Props): ReactNode {
  const [wanted, setWanted] = useState("");
  const go = (event: FormEvent): void => {
    event.preventDefault();
    const row = Number(wanted.replaceAll(/[,\s]/g, ""));
    if (Number.isInteger(row) && row >= 1) onGo(Math.min(row, rows) - 1);
  };
  const sure = exact ? "exact" : "partial";
  return (
    <div className="output-foot">
      <span>
        {rows === 0
          ? `0 rows, ${sure}`
          : `rows ${count(first + 1)}–${count(last + 1)} of ${count(rows)}, ${sure}`}
      </span>
      {last - first + 1 < rows ? (
        <form onSubmit={go}>
          <label>
            go to row{" "}
            <input
              inputMode="numeric"
              size={9}
              value={wanted}
              onChange={(event) => setWanted(event.target.value)}
            />
          </label>
        </form>
      ) : null}
      <span className="space" />
      {children}
    </div>
  );
}
