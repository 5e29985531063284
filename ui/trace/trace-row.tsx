import type { ReactNode } from "react";

import type { AssetView } from "#protocol/view.ts";

import { siteOfRow } from "./site-of-row.ts";
import { useTrace } from "./use-trace.ts";

interface Props {
  readonly asset: AssetView;
  readonly row: Readonly<Record<string, unknown>>;
}

/** What leads from a row of a person's table to the lines and the rows that it is from; nothing for other rows. */
export function TraceRow({ asset, row }: Props): ReactNode {
  const trace = useTrace(asset);
  const site = siteOfRow(row);
  if (site === null || trace === null) return null;
  return (
    <button type="button" className="button trace-row" onClick={() => trace(site)}>
      Where is it from?
    </button>
  );
}
