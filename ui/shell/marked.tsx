import type { ReactNode } from "react";

import type { AssetKey } from "#protocol/ids.ts";

import { cellAnchor } from "./show-cell.ts";

interface Props {
  /** A sentence of ours in which names stand between backticks. */
  readonly text: string;
  /** Where the names are those of assets: leads to one. */
  readonly onName?: (asset: AssetKey) => void;
}

export function Marked({ text, onName }: Props): ReactNode {
  return text.split("`").map((part, index) => {
    if (index % 2 === 0) return part;
    const name = <code key={`${index} ${part}`}>{part}</code>;
    if (onName === undefined) return name;
    return (
      <a
        key={`${index} ${part}`}
        href={`#${cellAnchor(part)}`}
        onClick={(event) => {
          event.preventDefault();
          onName(part as AssetKey);
        }}
      >
        {name}
      </a>
    );
  });
}
