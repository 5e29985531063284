import type { ReactNode } from "react";

import { count } from "#protocol/numerals.ts";
import type { DiffResult } from "#protocol/verb-results.ts";
import type { AssetView } from "#protocol/view.ts";

import { DiffRows } from "../compare/diff-rows.tsx";
import { useVerb } from "../pages/use-verb.ts";
import { usePageValue } from "../shell/use-store.tsx";
import type { CellState } from "../state/cell-state.ts";
import { isCurrent } from "../state/cell-state.ts";
import { upstreamOf } from "../state/depth.ts";
import { MOVED_LOOKS, movedIn, movedModules, totalsWords } from "../words/moved.ts";
import type { Moved } from "../words/moved.ts";

interface Props {
  readonly asset: AssetView;
  readonly state: CellState;
}

/**
 * Under annotations, and under what is written of them: the rows that came, went and changed in the last run, with
 * the totals before and after. Nothing after the first run, and nothing while the result is old.
 */
export function MovedStrip({ asset, state }: Props): ReactNode {
  const tells =
    (isCurrent(state) || state.name === "stale-software") &&
    (asset.kind === "annotate" || asset.output === "report");
  const assets = usePageValue(({ page }) => (tells ? page.snapshot?.assets : null));
  if (!tells || asset.record === null || assets == null) return null;
  const near = upstreamOf(assets, asset.key);
  const annotations = assets.find(({ kind, key }) => kind === "annotate" && near.has(key));
  if (annotations?.record == null || !annotations.earlier) return null;
  return <MovedOf annotations={annotations} since={annotations.record.seq} />;
}

function MovedOf({
  annotations,
  since,
}: {
  readonly annotations: AssetView;
  readonly since: number;
}): ReactNode {
  const { key, partition } = annotations;
  const asked = useVerb<DiffResult>("diff", String(since), { asset: key, partition });
  if (asked.kind === "asking") return null;
  if (asked.kind === "failed") {
    return <p className="moved">What moved could not be compared: {asked.error.message}</p>;
  }
  const diff = asked.result;
  const all = diff.modules ?? [];
  const modules = movedModules(all);
  if (modules.length === 0) {
    return <p className="moved">Nothing moved since run {diff.before.run}: every row is as it was.</p>;
  }
  return (
    <details className="moved">
      <summary>
        <span>Since run {diff.before.run}</span>
        <Counts moved={movedIn(all)} />
        {modules.map((module) => (
          <span key={module.module}>
            <b>{module.module}</b> {totalsWords(module)}
          </span>
        ))}
      </summary>
      <DiffRows diff={diff} />
    </details>
  );
}

function Counts({ moved }: { readonly moved: Moved }): ReactNode {
  return (Object.keys(MOVED_LOOKS) as (keyof Moved)[]).map((kind) =>
    moved[kind] === 0 ? null : (
      <span key={kind} className={`ink-${MOVED_LOOKS[kind].tone}`}>
        <span aria-hidden="true">{MOVED_LOOKS[kind].icon}</span> {count(moved[kind])} {kind}
      </span>
    ),
  );
}
