import type { ReactNode } from "react";

import { cellStates } from "../state/cell-state.ts";
import { Mark } from "../provenance/mark.tsx";
import { Prose } from "../cells/prose.tsx";
import { cellAnchor } from "../shell/show-cell.ts";
import { moment } from "../words/numbers.ts";
import { ExportAsset } from "./export-asset.tsx";
import { ExportLive } from "./export-live.tsx";
import { useExport } from "./use-export.ts";

/** A notebook as it stood, in a file of its own. */
export function ExportApp(): ReactNode {
  const { notebook } = useExport();
  const { snapshot, hidden } = notebook;
  const { assets } = snapshot;
  const states = cellStates({ assets, runs: [], stopping: new Set(), offline: false });
  const shown = snapshot.notebook.cells.filter((cell) => !hidden.includes(cell.id));
  return (
    <div className="exported">
      <main className="column">
        {snapshot.notebook.at === undefined ? null : (
          <p className="past-banner" role="note">
            <strong>As it was on {moment(snapshot.notebook.at)}, not current.</strong>
          </p>
        )}
        {shown.map((cell) => {
          if (cell.kind === "markdown") {
            const marked = notebook.provenance[cell.id];
            return (
              <article key={cell.id} id={cellAnchor(cell.id)} className="cell prose-cell">
                <Prose cell={cell} />
                {marked === undefined ? null : (
                  <p className="figure-mark">
                    <Mark {...marked} />
                  </p>
                )}
              </article>
            );
          }
          const asset = assets.find((one) => one.key === cell.asset);
          return asset === undefined ? (
            <ExportLive key={cell.id} cell={cell} />
          ) : (
            <ExportAsset key={cell.id} cell={cell} asset={asset} states={states} />
          );
        })}
        <Colophon />
      </main>
    </div>
  );
}

/** What this file is, at its end: whoever has it may not know Karyon. */
function Colophon(): ReactNode {
  const { notebook } = useExport();
  const { hidden, snapshot, sample, software, exportedAt } = notebook;
  const names = snapshot.notebook.cells
    .filter(({ id }) => hidden.includes(id))
    .map(({ name, id }) => name ?? id);
  return (
    <footer className="colophon">
      <p>
        As it stood on {moment(snapshot.notebook.at ?? exportedAt)}
        {sample === null ? "" : `, sample ${sample}`}; nothing was run again. Exported by {software}
        {snapshot.notebook.at === undefined ? "" : ` on ${moment(exportedAt)}`}.
      </p>
      <p>
        This file stands on its own: it asks nothing of any network. For research and education; not medical
        advice.
      </p>
      <p>
        Every figure carries a mark that opens how it was made. <code>karyon report verify FILE</code> checks
        the marks and the data.
      </p>
      {names.length === 0 ? null : (
        <p>Also in the file, because what is shown reads them: {names.join(", ")}.</p>
      )}
    </footer>
  );
}
