import type { ReactNode } from "react";

import type { RecordLine } from "./record-words.ts";

/** How a version was made, a term a line. */
export function RecordList({ lines }: { readonly lines: readonly RecordLine[] }): ReactNode {
  return (
    <dl className="record">
      {lines.map(({ term, values }) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>
            {values.map((value, at) => (
              // A script may write one line several times.
              <span key={at}>{value}</span>
            ))}
          </dd>
        </div>
      ))}
    </dl>
  );
}
