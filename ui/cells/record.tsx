import type { ReactNode } from "react";

import type { AssetRecord } from "#protocol/record.ts";

import { recordLines } from "./record-words.ts";

/** How a version was made. */
export function RecordList({ record }: { readonly record: AssetRecord }): ReactNode {
  return (
    <dl className="record">
      {recordLines(record).map(({ term, values }) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>
            {values.map((value) => (
              <span key={value}>{value}</span>
            ))}
          </dd>
        </div>
      ))}
    </dl>
  );
}
