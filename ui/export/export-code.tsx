import type { ReactNode } from "react";

import type { CellView } from "#protocol/view.ts";

import { Code } from "../cells/code.tsx";
import { useExport } from "./use-export.ts";

/** The text of a cell: shown, folded or left out, as whoever exported chose. */
export function ExportCode({ cell, name }: { readonly cell: CellView; readonly name: string }): ReactNode {
  const { code } = useExport().notebook.choices;
  if (code === "left-out" || cell.source.trim() === "") return null;
  const text = <Code source={cell.source} language={cell.language} label={`code of ${name}`} />;
  if (code === "shown") return text;
  return (
    <details className="folded-code">
      <summary>code</summary>
      {text}
    </details>
  );
}
