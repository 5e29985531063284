import { Fragment, useSyncExternalStore } from "react";
import type { ReactNode } from "react";

import { outputAbove } from "../shell/output-above.ts";

interface Props {
  readonly code: ReactNode;
  readonly output: ReactNode;
}

/** The text of a cell and what it gave, in the order that is wanted; also for who goes through the page by Tab. */
export function CodeAndOutput({ code, output }: Props): ReactNode {
  const above = useSyncExternalStore(outputAbove.onTurn, outputAbove.isOn);
  const parts = [<Fragment key="code">{code}</Fragment>, <Fragment key="output">{output}</Fragment>];
  return above ? parts.toReversed() : parts;
}
