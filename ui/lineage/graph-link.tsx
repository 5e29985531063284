import type { CSSProperties, MouseEvent, ReactNode } from "react";

import type { AssetKey } from "#protocol/ids.ts";

import { cellAnchor } from "../shell/show-cell.ts";
import type { GraphNode } from "./groups.ts";

interface Props {
  readonly node: GraphNode;
  readonly className: string;
  readonly style?: CSSProperties;
  readonly current: boolean;
  readonly onChoose: (asset: AssetKey) => void;
  readonly onOpen: () => void;
  readonly children: ReactNode;
}

/** A node of a graph that can be pressed: an asset leads to its cell, a group opens. */
export function GraphLink(props: Props): ReactNode {
  const { node, className, style } = props;
  const [first] = node.assets;
  if (node.group || first === undefined) {
    return (
      <button
        type="button"
        className={className}
        style={style}
        title={node.assets.join(", ")}
        aria-expanded={false}
        aria-description={node.inputs}
        onClick={props.onOpen}
      >
        {props.children}
      </button>
    );
  }
  const choose = (event: MouseEvent): void => {
    event.preventDefault();
    props.onChoose(first);
  };
  return (
    <a
      href={`#${cellAnchor(first)}`}
      className={className}
      style={style}
      title={first}
      aria-current={props.current ? "true" : undefined}
      aria-description={node.inputs}
      onClick={choose}
    >
      {props.children}
    </a>
  );
}
