import { useState } from "react";
import type { ReactNode } from "react";

import { counted, signed } from "#protocol/numerals.ts";
import type { AssetView } from "#protocol/view.ts";
import type { MatchedRow, ModuleEdit } from "#protocol/what-if.ts";

import { Dialog } from "../shell/dialog.tsx";
import { ErrorCard } from "../shell/error-card.tsx";
import { useStore } from "../shell/use-store.tsx";
import { DiffView } from "./diff-view.tsx";
import { KeepFilters } from "./keep-filters.tsx";
import { KeepFork } from "./keep-fork.tsx";
import { ForkThresholds } from "./fork-thresholds.tsx";
import { NOTHING, changesIn, useWhatIf, valueIn, withEdit } from "./use-what-if.ts";

/** Rows that are offered; the others are found by a word. */
const MOST_ROWS = 60;
/** As authors of modules write them. */
const STATES = ["risk", "protective", "neutral", "significant", "alt", "ref"];

/** What other weights and states would move: a fork of the modules that touches nothing until it is kept. */
export function WhatIfDialog({ asset }: { readonly asset: AssetView }): ReactNode {
  const store = useStore();
  const { changes, answer, error, asking, change } = useWhatIf(asset.key, asset.partition);
  const { edits } = changes;
  const changed = changesIn(changes);
  return (
    <Dialog title={`What if: ${asset.key}`} wide onClose={() => store.show(null)}>
      <p className="dialog-words">
        Change weights and states of the modules, or ask for better calls; what that moves is shown at once.
        Nothing published is touched.
      </p>
      {answer === null ? null : (
        <>
          <ForkRows
            rows={answer.rows}
            edits={edits}
            onChange={(next) => change({ ...changes, edits: next })}
          />
          <ForkThresholds
            standing={answer.standing}
            thresholds={changes.thresholds}
            onChange={(next) => change({ ...changes, thresholds: next })}
          />
        </>
      )}
      <div aria-live="polite" aria-busy={asking}>
        {error === null ? null : <ErrorCard error={error} title="it cannot be so" />}
        {answer === null && error === null ? <p className="output-note">Looking…</p> : null}
        {answer === null ? null : changed === 0 ? (
          <p className="output-note">Nothing is changed yet.</p>
        ) : (
          <div className={asking || error !== null ? "fork-diff old" : "fork-diff"}>
            <DiffView diff={answer.diff} />
          </div>
        )}
      </div>
      {edits.length === 0 ? null : <KeepFork asset={asset} edits={edits} />}
      {changed === edits.length ? null : <KeepFilters asset={asset} thresholds={changes.thresholds} />}
      <p className="dialog-buttons">
        <button type="button" className="button" disabled={changed === 0} onClick={() => change(NOTHING)}>
          Throw it away
        </button>
        <button type="button" className="button" onClick={() => store.show(null)}>
          Close
        </button>
        {changed === 0 ? null : (
          <span className="muted">
            {counted(changed, "value")} changed; the fork stays until it is thrown away
          </span>
        )}
      </p>
    </Dialog>
  );
}

interface RowsProps {
  readonly rows: readonly MatchedRow[];
  readonly edits: readonly ModuleEdit[];
  readonly onChange: (edits: readonly ModuleEdit[]) => void;
}

function ForkRows({ rows, edits, onChange }: RowsProps): ReactNode {
  const [words, setWords] = useState("");
  const wanted = words.trim().toLowerCase();
  const isEdited = (row: MatchedRow): boolean =>
    edits.some(({ module, variant, genotype }) => {
      return module === row.module && variant === row.variant && genotype === row.genotype;
    });
  const found = rows.filter((row) =>
    [row.module, row.variant, row.gene, row.genotype].join(" ").toLowerCase().includes(wanted),
  );
  // Each in its place: a row that is being written in goes nowhere.
  const shown = found.filter((row, at) => at < MOST_ROWS || isEdited(row));
  return (
    <>
      <label className="fork-search">
        Find a row
        <input
          // The rows come after the dialog, whose first button has the focus by then.
          autoFocus
          value={words}
          placeholder="gene, rsID, module"
          onChange={(event) => setWords(event.target.value)}
        />
      </label>
      <div className="diff-rows fork-rows" role="region" aria-label="rows that can be changed" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">module</th>
              <th scope="col">variant</th>
              <th scope="col">genotype</th>
              <th scope="col">stands</th>
              <th scope="col">weight</th>
              <th scope="col">state</th>
              <th scope="col" className="fork-mark">
                <span className="announcer">changed</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <ForkRow
                key={`${row.module} ${row.variant} ${row.genotype} ${row.conclusion ?? ""}`}
                row={row}
                edits={edits}
                edited={isEdited(row)}
                onChange={onChange}
              />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

interface RowProps extends Pick<RowsProps, "edits" | "onChange"> {
  readonly row: MatchedRow;
  readonly edited: boolean;
}

function ForkRow({ row, edits, edited, onChange }: RowProps): ReactNode {
  const name = `${row.module} ${row.variant} ${row.genotype}`;
  const state = valueIn(edits, row, "state");
  const set = (column: ModuleEdit["column"], value: string): void =>
    onChange(withEdit(edits, row, column, value));
  return (
    <tr title={row.conclusion ?? undefined}>
      <td>{row.module}</td>
      <td>{[row.gene, row.variant].filter(Boolean).join(" ")}</td>
      <td>{row.genotype}</td>
      <td>{[row.weight === null ? "no weight" : signed(row.weight), row.state].filter(Boolean).join(" ")}</td>
      <td>
        <input
          type="number"
          step="0.1"
          aria-label={`weight of ${name}`}
          value={valueIn(edits, row, "weight")}
          onChange={(event) => set("weight", event.target.value)}
        />
      </td>
      <td>
        <select
          aria-label={`state of ${name}`}
          value={state}
          onChange={(event) => set("state", event.target.value)}
        >
          {[...new Set([...STATES, state])].map((one) => (
            <option key={one} value={one}>
              {one === "" ? "none" : one}
            </option>
          ))}
        </select>
      </td>
      <td className="fork-mark">
        {edited ? (
          <span className="ink-stale">
            <span aria-hidden="true">~</span> changed
          </span>
        ) : null}
      </td>
    </tr>
  );
}
