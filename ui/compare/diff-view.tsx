import type { ReactNode } from "react";

import type { ModuleMove, TableDiff } from "#protocol/diff.ts";
import { count, counted } from "#protocol/numerals.ts";

import { MOVED_LOOKS, movedModules, weightWords } from "../words/moved.ts";
import { DiffRows } from "./diff-rows.tsx";
import { rowKeyWords } from "./diff-words.ts";

const KINDS = ["added", "removed", "changed"] as const;

/** What is different between two tables: counts, what moved the report, columns, and the rows. */
export function DiffView({ diff }: { readonly diff: TableDiff }): ReactNode {
  const { counts } = diff;
  const moved = counts.added + counts.removed + counts.changed;
  return (
    <>
      <DiffSummary diff={diff} />
      {moved === 0 ? null : <DiffRows diff={diff} />}
    </>
  );
}

/** The counts of a diff, without its rows. */
export function DiffSummary({ diff }: { readonly diff: Omit<TableDiff, "rows"> }): ReactNode {
  const { counts, columns, modules } = diff;
  const changed = columns.filter(({ rows }) => rows > 0);
  const unequal = columns.filter(({ is }) => is !== "compared");
  return (
    <div className="diff-summary">
      <p>
        {counted(counts.before, "row")} before, {count(counts.after)} after:{" "}
        {KINDS.map((kind, at) => (
          <span key={kind} className={`ink-${MOVED_LOOKS[kind].tone}`}>
            {at === 0 ? "" : " · "}
            <span aria-hidden="true">{MOVED_LOOKS[kind].icon}</span> {count(counts[kind])} {kind}
          </span>
        ))}
      </p>
      <p className="muted">{rowKeyWords(diff.key)}</p>
      {changed.length === 0 ? null : (
        <p>Changed: {changed.map(({ name, rows }) => `${name} in ${count(rows)}`).join(", ")}.</p>
      )}
      {unequal.length === 0 ? null : (
        <p>Columns on one side alone: {unequal.map(({ name, is }) => `${name} (${is})`).join(", ")}.</p>
      )}
      {modules === null ? null : <Modules modules={modules} />}
    </div>
  );
}

function Modules({ modules }: { readonly modules: readonly ModuleMove[] }): ReactNode {
  const moved = movedModules(modules);
  if (moved.length === 0) return <p>No module moved the report.</p>;
  return (
    <table className="diff-modules">
      <caption>What moved the report</caption>
      <thead>
        <tr>
          <th scope="col">Module</th>
          {KINDS.map((kind) => (
            <th key={kind} scope="col">
              {kind}
            </th>
          ))}
          <th scope="col">net weight before</th>
          <th scope="col">after</th>
        </tr>
      </thead>
      <tbody>
        {moved.map((one) => (
          <tr key={one.module}>
            <th scope="row">{one.module}</th>
            {KINDS.map((kind) => (
              <td key={kind}>{count(one[kind])}</td>
            ))}
            <td>{weightWords(one.net_weight_before)}</td>
            <td>{weightWords(one.net_weight_after)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
