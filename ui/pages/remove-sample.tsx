import { useState } from "react";
import type { ReactNode } from "react";

import type { ErrorInfo } from "#protocol/error.ts";
import { errorInfo } from "#protocol/error.ts";
import type { PartitionKey } from "#protocol/ids.ts";
import { bytes, counted } from "#protocol/numerals.ts";

import { askVerb } from "../connection/verbs.ts";
import { Dialog } from "../shell/dialog.tsx";
import { ErrorCard } from "../shell/error-card.tsx";
import { useVerb } from "./use-verb.ts";

/** What `partitions-rm` says of a removal, before it and after it. */
export interface Receipt {
  readonly partition: PartitionKey;
  readonly assets: readonly string[];
  /** Outputs of other samples that were made from its own. */
  readonly derived: readonly {
    readonly asset: string;
    readonly partition: PartitionKey;
    readonly versions: number;
  }[];
  readonly objects: number;
  readonly bytes: number;
  readonly sources_kept: readonly string[];
  readonly exports_kept: readonly string[];
}

interface Props {
  readonly partition: PartitionKey;
  readonly onRemoved: (receipt: Receipt) => void;
  readonly onClose: () => void;
}

/** Says what will go before it goes. */
export function RemoveSample({ partition, onRemoved, onClose }: Props): ReactNode {
  const plan = useVerb<Receipt>("partitions-rm", "", { key: partition, dryRun: true });
  const [refusal, setRefusal] = useState<ErrorInfo | null>(null);
  const error = refusal ?? (plan.kind === "failed" ? plan.error : null);
  const [busy, setBusy] = useState(false);
  const remove = async (): Promise<void> => {
    setBusy(true);
    try {
      onRemoved(await askVerb<Receipt>("partitions-rm", { key: partition }));
    } catch (failure) {
      setRefusal(errorInfo(failure));
      setBusy(false);
    }
  };
  return (
    <Dialog title={`Remove ${partition}`} onClose={onClose}>
      <p>
        What was made for this sample goes, with its records; it cannot be taken back. Its file stays where it
        is.
      </p>
      {plan.kind === "there" ? <Going plan={plan.result} /> : null}
      {error === null ? null : <ErrorCard error={error} title="not removed" />}
      <div className="dialog-buttons">
        <button
          type="button"
          className="button danger"
          disabled={busy || plan.kind !== "there"}
          onClick={() => void remove()}
        >
          Remove {partition}
        </button>
        <button type="button" className="button" onClick={onClose}>
          Keep it
        </button>
      </div>
    </Dialog>
  );
}

function Going({ plan }: { readonly plan: Receipt }): ReactNode {
  return (
    <>
      <p className="panel-note">
        {counted(plan.assets.length, "output")} in {counted(plan.objects, "file")} · {bytes(plan.bytes)}
      </p>
      <ul className="going">
        {plan.assets.map((asset) => (
          <li key={asset}>
            <code>{asset}</code>
          </li>
        ))}
      </ul>
      {plan.derived.length === 0 ? null : (
        <>
          <p className="panel-note">And what was made from these for others, in every version:</p>
          <ul className="going">
            {plan.derived.map(({ asset, partition, versions }) => (
              <li key={`${asset} ${partition}`}>
                <code>{asset}</code> of {partition}{" "}
                <span className="sub">{counted(versions, "version")}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

export function ReceiptNote({ receipt, onDismiss }: { receipt: Receipt; onDismiss: () => void }): ReactNode {
  return (
    <div className="receipt" role="status">
      <p>
        Removed {receipt.partition}: {counted(receipt.assets.length, "output")},{" "}
        {counted(receipt.objects, "file")}, {bytes(receipt.bytes)}.
        {receipt.derived.length === 0
          ? ""
          : ` With it went ${receipt.derived.map(({ asset, partition }) => `${asset} of ${partition}`).join(", ")}, made from it.`}
        {receipt.sources_kept.length === 0
          ? ""
          : ` Its file was not touched: ${receipt.sources_kept.join(", ")}`}
        {receipt.exports_kept.map((path) => ` Nor was an export of it: ${path}`).join("")}
      </p>
      <button type="button" className="button quiet" onClick={onDismiss}>
        Dismiss
      </button>
    </div>
  );
}
