import { useState } from "react";
import type { ReactNode } from "react";

import type { TableDiff } from "#protocol/diff.ts";
import { withPartition } from "#protocol/partition-name.ts";
import type { AssetView } from "#protocol/view.ts";

import { DiffSummary } from "../compare/diff-view.tsx";
import { fileUrl } from "../connection/urls.ts";
import { LineageGraph } from "../lineage/lineage-graph.tsx";
import { chosenRows } from "../runtime/chosen-rows.ts";
import { assetVariable, versionOf } from "../runtime/definitions.ts";
import type { Output } from "../runtime/output.ts";
import { ErrorCard } from "../shell/error-card.tsx";
import { useChooseAsset } from "../shell/use-choose-asset.ts";
import { useOutput, usePage, usePageValue, useStore } from "../shell/use-store.tsx";
import type { CellState } from "../state/cell-state.ts";
import { wantsRun } from "../state/cell-state.ts";
import { downstreamOf, upstreamOf } from "../state/depth.ts";
import { assetPlan, planWords } from "../state/plan.ts";
import { TableView } from "../table/table-view.tsx";
import { TraceRow } from "../trace/trace-row.tsx";
import { useTrace } from "../trace/use-trace.ts";
import { AssetFiles } from "./asset-files.tsx";
import { RecordList } from "./record.tsx";
import { recordLines } from "./record-words.ts";
import { Report } from "./report.tsx";
import { Tabs } from "./tabs.tsx";

/** What a diff cell remembers of its table. */
type DiffFacts = Omit<TableDiff, "rows">;

interface Props {
  readonly asset: AssetView;
  readonly state: CellState;
}

type TabName = "Preview" | "Report" | "Files" | "Lineage" | "Record";

/** What an asset gave, in tabs. The result of before stays, paler, while it is stale or made anew. */
export function AssetOutput({ asset, state }: Props): ReactNode {
  const output = useOutput(assetVariable(asset.key));
  const [wanted, setWanted] = useState<TabName | null>(null);
  const names = tabsOf(asset);
  const chosen = names.find((name) => name === wanted) ?? names[0] ?? "Lineage";
  if (asset.external) {
    return <FoldedLineage asset={asset} />;
  }
  const current = ["fresh", "cached", "held", "past", "stale-software"].includes(state.name);
  const old = !current && asset.record !== null;
  return (
    <div className={old ? "output old" : "output"}>
      {state.name === "streaming" ? <Log lines={state.progress.arrived?.log ?? []} /> : null}
      <Tabs label={`output of ${asset.key}`} names={names} chosen={chosen} onChoose={setWanted}>
        {chosen === "Files" && asset.record !== null ? <AssetFiles record={asset.record} /> : null}
        {chosen === "Lineage" ? <AssetLineage asset={asset} /> : null}
        {chosen === "Record" && asset.record !== null ? (
          <RecordList lines={recordLines(asset.record)} />
        ) : null}
        {chosen === "Preview" || chosen === "Report" ? (
          <Value asset={asset} output={output} state={state} />
        ) : null}
      </Tabs>
    </div>
  );
}

/** The last lines of what is being made, above what was there before. */
function Log({ lines }: { readonly lines: readonly string[] }): ReactNode {
  if (lines.length === 0) return null;
  return (
    <pre className="arriving-log" aria-label="what it wrote last">
      {lines.join("\n")}
    </pre>
  );
}

function tabsOf(asset: AssetView): TabName[] {
  const names: TabName[] = [];
  if (asset.output === "table") names.push("Preview");
  if (asset.output === "report") names.push("Report");
  // One file is the table itself, which has its downloads below it.
  if ((asset.record?.files.length ?? 0) > 1) names.push("Files");
  names.push("Lineage");
  if (asset.record !== null) names.push("Record");
  return names;
}

interface ValueProps extends Props {
  readonly output: Output | null;
}

function Value({ asset, output, state }: ValueProps): ReactNode {
  const store = useStore();
  // Only what is not made yet says what making it would do.
  const assets = usePageValue(({ page }) => (asset.record === null ? page.snapshot?.assets : null));
  const states = usePageValue((view) => (asset.record === null ? view.states : null));
  if (state.name === "absent") return <p className="output-note">It was not made yet then.</p>;
  if (asset.record === null && state.name === "disabled")
    return <p className="output-note">Disabled: nothing is made here.</p>;
  if (asset.record === null && state.name === "untrusted")
    return <p className="output-note">Not run: this notebook is not trusted.</p>;
  if (asset.record === null) {
    if (!wantsRun(state)) return <p className="output-note">The result appears here.</p>;
    // Above it stands what it waits for.
    if (asset.waits !== undefined) return <p className="output-note">Nothing here yet.</p>;
    const words = planWords(assetPlan(assets ?? [], states ?? new Map(), asset.key));
    return <p className="output-note">Nothing here yet. Making it {words}.</p>;
  }
  // Of what has just been made, the output is still that of before: there was none.
  const isBefore = output?.kind === "none" && asset.output === "table";
  if (output === null || isBefore) return <p className="output-note">Reading…</p>;
  switch (output.kind) {
    case "table":
      return (
        <>
          {asset.kind === "diff" && asset.record.facts !== null ? (
            <DiffSummary diff={asset.record.facts as DiffFacts} />
          ) : null}
          <TableView
            table={output.table}
            label={`rows of ${asset.key}`}
            downloads={<Download asset={asset} />}
            renderRowFoot={(row) => <TraceRow asset={asset} row={row} />}
            onSelect={(rows) => chosenRows.choose(assetVariable(asset.key), rows, versionOf(asset))}
          />
        </>
      );
    case "report":
      return (
        <AssetReport asset={asset} version={asset.record.dataVersion} url={output.url} file={output.file} />
      );
    case "value":
      return <p className="output-note">{output.text}</p>;
    case "error":
      return (
        <div className="table-error">
          <ErrorCard error={output.error} title="the result did not come" />
          <button type="button" className="button" onClick={() => store.outputs.retry()}>
            Try again
          </button>
        </div>
      );
    case "markup":
    case "frame":
    case "cell":
    case "variable":
    case "blocked":
    case "none":
      return <p className="output-note">Nothing to show.</p>;
  }
}

interface ReportProps {
  readonly asset: AssetView;
  readonly version: string;
  readonly url: string;
  readonly file: string;
}

function AssetReport({ asset, ...report }: ReportProps): ReactNode {
  const trace = useTrace(asset);
  const name = withPartition(report.file.slice(report.file.lastIndexOf("/") + 1), asset.partition);
  return <Report {...report} download={name} title={`report ${asset.key}`} onTrace={trace} />;
}

function Download({ asset }: { readonly asset: AssetView }): ReactNode {
  const table = asset.record?.table;
  if (table === null || table === undefined) return null;
  return (
    <a href={fileUrl(asset.key, asset.partition, table, asset.record?.dataVersion)} download>
      {table.endsWith(".parquet") ? "Parquet" : "Download"}
    </a>
  );
}

/** The graph is laid out when it is looked at. */
function FoldedLineage({ asset }: { readonly asset: AssetView }): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <details className="output fold-output" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Lineage</summary>
      <div className="tab-panel">{open ? <AssetLineage asset={asset} /> : null}</div>
    </details>
  );
}

function AssetLineage({ asset }: { readonly asset: AssetView }): ReactNode {
  const { page, states } = usePage();
  const choose = useChooseAsset();
  const all = page.snapshot?.assets ?? [];
  const near = new Set([...upstreamOf(all, asset.key), ...downstreamOf(all, asset.key)]);
  return (
    <LineageGraph
      label={`lineage of ${asset.key}`}
      assets={all.filter((one) => near.has(one.key))}
      states={states}
      selected={asset.key}
      onChoose={choose}
    />
  );
}
