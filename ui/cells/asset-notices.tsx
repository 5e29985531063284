import type { ReactNode } from "react";

import type { IngestSummary } from "#protocol/annotation.ts";
import type { ErrorInfo } from "#protocol/error.ts";
import { counted } from "#protocol/numerals.ts";
import type { AssetRecord } from "#protocol/record.ts";
import type { AssetView, CellView } from "#protocol/view.ts";

import { PastNotice } from "../compare/past-banner.tsx";
import { ErrorCard } from "../shell/error-card.tsx";
import { Marked } from "../shell/marked.tsx";
import { showCell } from "../shell/show-cell.ts";
import { usePageValue, useStore } from "../shell/use-store.tsx";
import { isAtWork } from "../state/cell-state.ts";
import type { CellState } from "../state/cell-state.ts";
import { assetPlan } from "../state/plan.ts";
import { depths, downstreamOf } from "../state/depth.ts";
import { causeSentences } from "../words/cause.ts";
import { decisiveFindings } from "../words/file-findings.ts";
import { unreadModules } from "../words/unread-modules.ts";
import { ingestOf } from "./record-words.ts";
import { CodeChange } from "./code-change.tsx";
import { useFix } from "./use-fix.ts";

interface Props {
  readonly cell: CellView;
  readonly asset: AssetView;
  readonly state: CellState;
}

/** Causes beyond these are counted, not told. */
const CAUSES_TOLD = 3;

/** What stands above an output: why it is stale, what failed, what an action was refused with. */
export function AssetNotices({ cell, asset, state }: Props): ReactNode {
  const store = useStore();
  const fix = useFix(cell);
  const openRuns = (): void => store.shell?.toggleRuns();
  const refusal = usePageValue(({ page }) => page.refusals[asset.key]);
  const ingest = asset.record === null ? null : ingestOf(asset.record.facts);
  const retry = (): void => {
    const { page, states } = store.view();
    store.run(assetPlan(page.snapshot?.assets ?? [], states, asset.key), asset.key);
  };
  return (
    <>
      <PastNotice asset={asset} />
      {"causes" in state && state.causes.length > 0 ? (
        <StaleNotice cell={cell} asset={asset} causes={state.causes} />
      ) : null}
      {asset.waits === undefined || state.name === "untrusted" ? null : <WaitsNotice waits={asset.waits} />}
      {asset.record === null ? null : <UnreadNotice record={asset.record} />}
      <FailedFolders asset={asset} />
      {ingest === null ? null : <FileNotices asset={asset} ingest={ingest} />}
      {state.name === "failed" && state.error.code !== "memory" ? (
        <>
          <ErrorCard
            error={state.error}
            inCell={asset.key}
            // What is off in the text itself failed in no run.
            action={cell.error === null ? { label: "Open the runs", onPress: openRuns } : fix}
          />
          {asset.record === null ? null : <CodeChange cell={cell} record={asset.record} />}
        </>
      ) : null}
      {asset.failedBefore === undefined || isAtWork(state) ? null : (
        <ErrorCard error={asset.failedBefore} title="failed before the edit" inCell={asset.key} isPast />
      )}
      {state.name === "killed" || (state.name === "failed" && state.error.code === "memory") ? (
        <ErrorCard error={state.error} inCell={asset.key} action={{ label: "Retry", onPress: retry }} />
      ) : null}
      {refusal === undefined ? null : (
        <ErrorCard error={refusal} title="not done" onDismiss={() => store.dismiss(asset.key)} />
      )}
    </>
  );
}

/** Inputs that failed and have no cell of their own, such as the folder of a module: where else would one read why? */
function FailedFolders({ asset }: { readonly asset: AssetView }): ReactNode {
  const assets = usePageValue(({ page }) => page.snapshot?.assets) ?? [];
  const states = usePageValue((view) => view.states);
  const failed = assets.flatMap(({ key, notebook }) => {
    const state = notebook === null && asset.upstream.includes(key) ? states.get(key) : undefined;
    return state?.name === "failed" ? [{ key, error: state.error }] : [];
  });
  const more = failed.length - CAUSES_TOLD;
  return (
    <>
      {failed.slice(0, CAUSES_TOLD).map(({ key, error }) => (
        <ErrorCard key={key} error={error} title={`${key} failed`} inCell={key} />
      ))}
      {more > 0 ? <p className="notice">{counted(more, "more input")} failed.</p> : null}
    </>
  );
}

/** Something above it is of another notebook: the banner of this one does not tell. */
function WaitsNotice({ waits }: { readonly waits: ErrorInfo }): ReactNode {
  return (
    <p className="notice">
      <span aria-hidden="true">⚠</span>{" "}
      <Marked text={`It waits for \`${waits.cell ?? ""}\`: ${waits.message}. ${waits.hint ?? ""}`} />
    </p>
  );
}

function UnreadNotice({ record }: { readonly record: AssetRecord }): ReactNode {
  const sentences = unreadModules(record);
  const more = sentences.length - CAUSES_TOLD;
  if (sentences.length === 0) return null;
  return (
    <p className="notice">
      <Marked text={sentences.slice(0, CAUSES_TOLD).join(" · ")} />
      {more > 0 ? ` · and ${more} more, which the report names` : ""}
    </p>
  );
}

/** Of the variants of a file: what bears on all that is said of them. */
function FileNotices({
  asset,
  ingest,
}: {
  readonly asset: AssetView;
  readonly ingest: IngestSummary;
}): ReactNode {
  const snapshot = usePageValue(({ page }) => page.snapshot);
  const sex = snapshot?.partitions.find(({ key }) => key === asset.partition)?.sex;
  const filters = snapshot?.assets.find(({ key, kind }) => kind === "config" && asset.upstream.includes(key));
  return decisiveFindings(ingest, sex).map(({ kind, sentence }) => (
    <p key={kind} className="notice">
      <span aria-hidden="true">⚠</span> {sentence}
      {kind === "RULE_REMOVES_MOST" && filters !== undefined ? (
        <>
          {" · "}
          <Marked text={`the rules are in \`${filters.key}\``} onName={showCell} />
        </>
      ) : null}
    </p>
  ));
}

function StaleNotice({
  cell,
  asset,
  causes,
}: {
  readonly cell: CellView;
  readonly asset: AssetView;
  readonly causes: Extract<CellState, { causes: unknown }>["causes"];
}): ReactNode {
  const assets = usePageValue(({ page }) => page.snapshot?.assets) ?? [];
  const states = usePageValue((view) => view.states);
  const sentences = causeSentences(causes, asset.key, depths(assets));
  const more = sentences.length - CAUSES_TOLD;
  const below = [...downstreamOf(assets, asset.key)].filter(
    (key) => key !== asset.key && states.get(key)?.name.startsWith("stale"),
  ).length;
  const isOwn = causes.some(({ kind, asset: whose }) => kind === "code" && whose === asset.key);
  return (
    <div className="notice">
      <span aria-hidden="true">◐</span> <Marked text={sentences.slice(0, CAUSES_TOLD).join(" · ")} />
      {more > 0 ? ` · and ${more} more` : ""}
      {below > 0
        ? ` · ${counted(below, "asset")} downstream ${below === 1 ? "is" : "are"} stale with it`
        : null}
      {isOwn && asset.record !== null ? <CodeChange cell={cell} record={asset.record} /> : null}
    </div>
  );
}
