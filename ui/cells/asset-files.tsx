import type { ReactNode } from "react";

import { bytes } from "#protocol/numerals.ts";
import type { AssetRecord } from "#protocol/record.ts";

import { fileUrl } from "../connection/urls.ts";

/** The files of a version, each to keep. */
export function AssetFiles({ record }: { readonly record: AssetRecord }): ReactNode {
  return (
    <ul className="files" aria-label={`files of ${record.asset}`}>
      {record.files.map((file) => (
        <li key={file.name}>
          <a href={fileUrl(record.asset, record.partition, file.name, record.dataVersion)} download>
            {file.name}
          </a>
          <span className="muted">{bytes(file.bytes)}</span>
        </li>
      ))}
    </ul>
  );
}
