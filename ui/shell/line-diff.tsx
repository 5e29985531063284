import type { ReactNode } from "react";

import type { LineChange } from "#protocol/line-changes.ts";

interface Props {
  readonly changes: readonly LineChange[];
  /** What it is, for who does not see it. */
  readonly label: string;
}

const MARKS: Readonly<Record<LineChange["is"], string>> = { same: " ", gone: "−", new: "+", gap: "⋯" };

/** The lines that are different in two texts, with what stands around them. */
export function LineDiff({ changes, label }: Props): ReactNode {
  return (
    <pre className="line-diff" tabIndex={0} aria-label={label}>
      {changes.map(({ line, is }, at) => (
        <span key={at} className={`line-${is}`}>
          {`${MARKS[is]} ${line}\n`}
        </span>
      ))}
    </pre>
  );
}
