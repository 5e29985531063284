import { useEffect, useState } from "react";
import type { ReactNode } from "react";

import type { AssetKey } from "#protocol/ids.ts";
import { counted } from "#protocol/numerals.ts";
import type { AssetView, CellView } from "#protocol/view.ts";

import { LineageGraph } from "../lineage/lineage-graph.tsx";
import { Mark } from "../provenance/mark.tsx";
import { assetVariable } from "../runtime/definitions.ts";
import { ErrorCard } from "../shell/error-card.tsx";
import { Marked } from "../shell/marked.tsx";
import { cellAnchor, showCell } from "../shell/show-cell.ts";
import { StateMark } from "../shell/state-mark.tsx";
import { useOutput } from "../shell/use-store.tsx";
import type { CellState } from "../state/cell-state.ts";
import { STATE_LOOKS } from "../state/cell-state.ts";
import { depths, downstreamOf, upstreamOf } from "../state/depth.ts";
import { TableView } from "../table/table-view.tsx";
import { causeSentences } from "../words/cause.ts";
import { moment } from "../words/numbers.ts";
import { readBlock } from "./blocks.ts";
import { ExportCode } from "./export-code.tsx";
import { cutWords } from "./export-live.tsx";
import { PrintRows } from "./print-rows.tsx";
import { keepFitting } from "./print.ts";
import { useExport } from "./use-export.ts";
import { withoutScripts } from "./without-scripts.ts";

interface Props {
  readonly cell: CellView;
  readonly asset: AssetView;
  readonly states: ReadonlyMap<AssetKey, CellState>;
}

/** A kept cell as it stood: its state in words, its rows or its report, what it is made from. */
export function ExportAsset({ cell, asset, states }: Props): ReactNode {
  const { notebook } = useExport();
  const state: CellState = states.get(asset.key) ?? { name: "missing" };
  const look = STATE_LOOKS[state.name];
  const marked = notebook.provenance[cell.id];
  const { record } = asset;
  return (
    <article
      id={cellAnchor(cell.id)}
      className="cell"
      tabIndex={-1}
      aria-label={`${asset.key}, ${look.word}`}
      data-kind={cell.kind}
      data-state={state.name}
    >
      <div className="gutter">
        <StateMark state={state.name} />
      </div>
      <div className="box">
        <div className="cell-head">
          <h2 className="cell-name">{asset.key}</h2>
          <span className="tag">{asset.kind}</span>
          <span className="facts">
            <span className={`word ink-${look.tone}`}>{look.word}</span>
            {record === null ? "" : ` · made ${moment(record.madeAt)}`}
          </span>
          {marked === undefined ? null : <Mark {...marked} />}
        </div>
        <Standing asset={asset} state={state} />
        {asset.external && asset.observed !== null ? <p className="observed">{asset.observed}</p> : null}
        <ExportCode cell={cell} name={asset.key} />
        {asset.external ? null : <Value asset={asset} />}
        <Lineage asset={asset} states={states} />
      </div>
    </article>
  );
}

/** Why what is shown may not be what would be made now. */
function Standing({ asset, state }: { readonly asset: AssetView; readonly state: CellState }): ReactNode {
  const { assets } = useExport().notebook.snapshot;
  if (state.name === "failed" || state.name === "killed")
    return <ErrorCard error={state.error} title="the last run failed" />;
  if (!("causes" in state)) return null;
  const sentences = causeSentences(state.causes, asset.key, depths(assets));
  if (state.name === "held") {
    return (
      <p className="notice">
        <span aria-hidden="true">⏸</span> held by a person, {counted(state.behind, "version")} behind
        {sentences.length === 0 ? "" : ": "}
        <Marked text={sentences.join(" · ")} />
      </p>
    );
  }
  return (
    <p className="notice">
      <span aria-hidden="true">◐</span> not made again since: <Marked text={sentences.join(" · ")} />
    </p>
  );
}

function Value({ asset }: { readonly asset: AssetView }): ReactNode {
  const { notebook } = useExport();
  const output = useOutput(assetVariable(asset.key));
  const report = notebook.reports[asset.key];
  if (asset.record === null) return <p className="output-note">It had not been made.</p>;
  if (report !== undefined) return <ReportFrame asset={asset.key} />;
  const leftOut = notebook.leftOut[asset.key];
  if (leftOut !== undefined) return <p className="output-note">Left out: {leftOut}.</p>;
  if (output?.kind === "error") return <ErrorCard error={output.error} />;
  if (output?.kind !== "table") return null;
  const table = notebook.tables[asset.key];
  return (
    <div className="output tab-panel">
      {table === undefined ? null : (
        <p className="stood">
          {cutWords(table.rows, table.of)}
          {table.without === 0 ? "" : ` ${counted(table.without, "column")} left out.`}
        </p>
      )}
      <TableView table={output.table} label={`rows of ${asset.key}`} downloads={null} />
      <PrintRows table={output.table} />
    </div>
  );
}

/**
 * A report in a frame that runs no script. It shares the origin of this file, which nothing in it can use, so that
 * the frame can be made as high as the report: on paper there is no scrolling.
 */
function ReportFrame({ asset }: { readonly asset: AssetKey }): ReactNode {
  const { notebook } = useExport();
  const [html, setHtml] = useState<string | null>(null);
  const block = notebook.reports[asset];
  useEffect(() => {
    if (block === undefined) return;
    readBlock(block).then(
      (bytes) => setHtml(withoutScripts(new TextDecoder().decode(bytes))),
      (error: unknown) => setHtml(String(error)),
    );
  }, [block]);
  if (html === null) return <p className="output-note">Reading…</p>;
  return (
    <div className="report">
      <iframe
        title={`report ${asset}`}
        sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
        srcDoc={html}
        onLoad={(event) => keepFitting(event.currentTarget)}
      />
    </div>
  );
}

function Lineage({ asset, states }: Omit<Props, "cell">): ReactNode {
  const { snapshot } = useExport().notebook;
  const near = new Set([
    ...upstreamOf(snapshot.assets, asset.key),
    ...downstreamOf(snapshot.assets, asset.key),
  ]);
  const choose = (key: AssetKey): void => {
    const cell = snapshot.notebook.cells.find((one) => one.asset === key);
    if (cell !== undefined) showCell(cell.id);
  };
  return (
    <details className="fold-output">
      <summary>Lineage</summary>
      <LineageGraph
        label={`lineage of ${asset.key}`}
        assets={snapshot.assets.filter((one) => near.has(one.key))}
        states={states}
        selected={asset.key}
        onChoose={choose}
      />
    </details>
  );
}
