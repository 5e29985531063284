import type { ReactNode } from "react";

import type { CellView } from "#protocol/view.ts";

import { proseVariable } from "../runtime/definitions.ts";
import { useOutput } from "../shell/use-store.tsx";

export function Prose({ cell }: { readonly cell: CellView }): ReactNode {
  const output = useOutput(proseVariable(cell.id));
  if (output?.kind !== "markup") return <div className="prose" />;
  // Made by `proseHtml`, which lets no markup of the text through.
  return <div className="prose" dangerouslySetInnerHTML={{ __html: output.html }} />;
}
