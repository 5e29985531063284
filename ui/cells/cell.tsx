import type { ReactNode } from "react";

import type { AssetView, CellView } from "#protocol/view.ts";

import { cellAnchor } from "../shell/show-cell.ts";
import { StateMark } from "../shell/state-mark.tsx";
import { usePage, useStore } from "../shell/use-store.tsx";
import { AssetCell } from "./asset-cell.tsx";
import { CellFrame } from "./cell-frame.tsx";
import { Code } from "./code.tsx";
import { LiveOutput } from "./js-output.tsx";
import { Prose } from "./prose.tsx";

interface Props {
  readonly cell: CellView;
  /** The asset that it declares, when the graph has it. */
  readonly asset: AssetView | null;
}

export function Cell({ cell, asset }: Props): ReactNode {
  if (cell.kind === "markdown") return <ProseCell cell={cell} />;
  if (asset !== null) return <AssetCell cell={cell} asset={asset} />;
  const name = cell.name ?? `${cell.language} cell`;
  return (
    <CellFrame
      cell={cell}
      state={null}
      label={name}
      mark={cell.error === null ? null : <StateMark state="failed" />}
    >
      <div className="cell-head">
        <h2 className="cell-name">{name}</h2>
        <span className="tag">
          {cell.kind === cell.language ? cell.kind : `${cell.kind} · ${cell.language}`}
        </span>
      </div>
      <Code source={cell.source} language={cell.language} label={`code of ${name}`} />
      <LiveOutput cell={cell} />
    </CellFrame>
  );
}

function ProseCell({ cell }: { readonly cell: CellView }): ReactNode {
  const store = useStore();
  const focused = usePage().page.focusedCell === cell.id;
  return (
    <article
      id={cellAnchor(cell.id)}
      className={focused ? "cell prose-cell focused" : "cell prose-cell"}
      data-state="none"
      data-kind={cell.kind}
      tabIndex={-1}
      onFocus={() => store.focus(cell.id)}
    >
      <Prose cell={cell} />
    </article>
  );
}
