import { useState } from "react";
import type { ReactNode } from "react";

import type { ErrorInfo } from "#protocol/error.ts";
import { errorInfo } from "#protocol/error.ts";
import type { PartitionKey } from "#protocol/ids.ts";

import { askVerb } from "../connection/verbs.ts";
import { Dialog } from "../shell/dialog.tsx";
import { ErrorCard } from "../shell/error-card.tsx";
import { usePage } from "../shell/use-store.tsx";
import { bytes, counted } from "../words/numbers.ts";

/** What `partitions-rm` says of a removal. */
export interface Receipt {
  readonly partition: PartitionKey;
  readonly assets: readonly string[];
  readonly objects: number;
  readonly bytes: number;
  readonly source_kept: string | null;
}

interface Props {
  readonly partition: PartitionKey;
  readonly onRemoved: (receipt: Receipt) => void;
  readonly onClose: () => void;
}

/** Says what will go before it goes. */
export function RemoveSample({ partition, onRemoved, onClose }: Props): ReactNode {
  const { snapshot } = usePage().page;
  const [error, setError] = useState<ErrorInfo | null>(null);
  const [busy, setBusy] = useState(false);
  const shown = snapshot?.partition === partition;
  const made = (snapshot?.assets ?? []).filter(
    (asset) => shown && asset.partition === partition && asset.record,
  );
  const size = made.reduce((sum, asset) => sum + (asset.record?.bytes ?? 0), 0);
  const remove = async (): Promise<void> => {
    setBusy(true);
    try {
      onRemoved(await askVerb<Receipt>("partitions-rm", { key: partition }));
    } catch (failure) {
      setError(errorInfo(failure));
      setBusy(false);
    }
  };
  return (
    <Dialog title={`Remove ${partition}`} onClose={onClose}>
      <p>
        What was made for this sample goes, with its records; it cannot be taken back. The VCF stays where it
        is.
      </p>
      {shown ? (
        <>
          <p className="panel-note">
            {counted(made.length, "output")} · {bytes(size)}
          </p>
          <ul className="going">
            {made.map((asset) => (
              <li key={asset.key}>
                <code>{asset.key}</code> <span className="sub">{bytes(asset.record?.bytes ?? 0)}</span>
              </li>
            ))}
          </ul>
        </>
      ) : (
        <p className="panel-note">
          Every output of {partition}, such as its report and its matched variants.
        </p>
      )}
      {error === null ? null : <ErrorCard error={error} title="not removed" />}
      <div className="choices">
        <button type="button" className="button danger" disabled={busy} onClick={() => void remove()}>
          Remove {partition}
        </button>
        <button type="button" className="button" onClick={onClose}>
          Keep it
        </button>
      </div>
    </Dialog>
  );
}

export function ReceiptNote({ receipt, onDismiss }: { receipt: Receipt; onDismiss: () => void }): ReactNode {
  return (
    <div className="receipt" role="status">
      <p>
        Removed {receipt.partition}: {counted(receipt.assets.length, "output")},{" "}
        {counted(receipt.objects, "file")}, {bytes(receipt.bytes)}.
        {receipt.source_kept === null ? "" : ` Its VCF was not touched: ${receipt.source_kept}`}
      </p>
      <button type="button" className="button quiet" onClick={onDismiss}>
        Dismiss
      </button>
    </div>
  );
}
