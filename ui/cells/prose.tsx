import type { ReactNode } from "react";

import type { CellView } from "#protocol/view.ts";

import { proseVariable } from "../runtime/definitions.ts";
import { useOutput } from "../shell/use-store.tsx";
import { Trouble } from "./js-output.tsx";
import { proseHtml } from "./prose-html.ts";

/** Words with the values in them; as they are written, and why, while a value cannot be had. */
export function Prose({ cell }: { readonly cell: CellView }): ReactNode {
  const output = useOutput(proseVariable(cell.id));
  if (output === null) return <div className="prose" />;
  const html = output.kind === "markup" ? output.html : proseHtml(cell.source);
  return (
    <>
      <Trouble cell={cell} output={output} />
      {/* Made by `proseHtml`, which lets no markup of the text through. */}
      <div className="prose" dangerouslySetInnerHTML={{ __html: html }} />
    </>
  );
}
