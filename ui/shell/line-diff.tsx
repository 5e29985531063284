import type { ReactNode } from "react";

import { lineChanges } from "../words/line-changes.ts";

interface Props {
  readonly before: string;
  readonly after: string;
  /** What it is, for who does not see it. */
  readonly label: string;
}

/** The lines that are different in two texts, with what stands around them. */
export function LineDiff({ before, after, label }: Props): ReactNode {
  return (
    <pre className="line-diff" tabIndex={0} aria-label={label}>
      {lineChanges(before, after).map(({ line, is }, at) => (
        <span key={at} className={`line-${is}`}>
          {`${is === "same" ? " " : is === "gone" ? "−" : "+"} ${line}\n`}
        </span>
      ))}
    </pre>
  );
}
