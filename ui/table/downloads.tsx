import type { ReactNode } from "react";

import type { TableView as View } from "#protocol/messages.ts";

import { isPlain } from "./look.ts";
import type { ExportFormat } from "./table-pages.ts";

interface Props {
  readonly url: (format: ExportFormat, view: View) => string;
  readonly view: View;
}

const FORMATS: readonly (readonly [ExportFormat, string])[] = [
  ["csv", "CSV"],
  ["tsv", "TSV"],
  ["parquet", "Parquet"],
  ["arrow", "Arrow"],
];

/** The rows under the view as files to keep. */
export function Downloads({ url, view }: Props): ReactNode {
  return (
    <span className="downloads">
      {isPlain(view) ? "download" : "download these rows"}
      {FORMATS.map(([format, words]) => (
        <a key={format} href={url(format, view)} download>
          {words}
        </a>
      ))}
    </span>
  );
}
