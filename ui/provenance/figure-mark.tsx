import type { ReactNode } from "react";

import type { CellView } from "#protocol/view.ts";

import { Mark } from "./mark.tsx";
import { useMark } from "./use-mark.ts";

/** Under a figure of the page: the mark that opens how it was made. */
export function FigureMark({ cell }: { readonly cell: CellView }): ReactNode {
  const marked = useMark(cell);
  return <p className="figure-mark">{marked === null ? null : <Mark {...marked} />}</p>;
}
