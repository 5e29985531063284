import type { ReactNode } from "react";

import type { PartitionKey } from "#protocol/ids.ts";

interface Props {
  readonly file: string;
  readonly partition: PartitionKey;
  /** What is doubtful about it; empty: nothing. */
  readonly doubt?: string;
  readonly onOpen: (partition: PartitionKey) => void;
  readonly onDismiss: () => void;
}

/** Says that a sample has come, and leads to what can be made of it. */
export function SampleCame({ file, partition, doubt = "", onOpen, onDismiss }: Props): ReactNode {
  return (
    <p className="transfer">
      <span className="ink-fresh" aria-hidden="true">
        ●
      </span>{" "}
      <bdi>{file}</bdi> is here as {partition}
      {doubt}
      <button type="button" className="button" onClick={() => onOpen(partition)}>
        Open its notebook
      </button>
      <button type="button" className="button quiet" onClick={onDismiss}>
        Dismiss
      </button>
    </p>
  );
}

/** Tells a screen reader of the sample that came last: it is there before there is anything to tell. */
export function CameAloud({ last }: { readonly last: Pick<Props, "file" | "partition"> | null }): ReactNode {
  return (
    <span className="announcer" role="status">
      {last === null ? "" : `${last.file} is here as ${last.partition}`}
    </span>
  );
}
