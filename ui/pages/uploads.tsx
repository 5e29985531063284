import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import type { DragEvent, ReactNode } from "react";

import { isVcfName } from "#protocol/genome-name.ts";
import type { PartitionKey } from "#protocol/ids.ts";
import { bytes, count, timeLeft } from "#protocol/numerals.ts";

import { ErrorCard } from "../shell/error-card.tsx";
import { useStore } from "../shell/use-store.tsx";
import { ChooseSample } from "./choose-sample.tsx";
import { droppedFiles } from "./dropped-files.ts";
import { OneOrSeveral } from "./one-or-several.tsx";
import { CameAloud, SampleCame } from "./sample-came.tsx";
import { transferLeft } from "./sample-name.ts";
import { refusalOf, transfers } from "./transfers.ts";
import type { Transfer } from "./transfers.ts";

interface Props {
  readonly user: string;
  readonly onDone: (partition: PartitionKey) => void;
  /** To the notebook, of the sample that came. */
  readonly onOpen: (partition: PartitionKey) => void;
}

/** Files dropped or picked, each with how far it is; of a file of several people one is asked for. */
export function Uploads({ user, onDone, onOpen }: Props): ReactNode {
  const store = useStore();
  const all = useSyncExternalStore(transfers.onChange, transfers.all);
  const [over, setOver] = useState(false);
  /** Files that came together, until it is said whether they are one sample. */
  const [asking, setAsking] = useState<readonly File[]>([]);
  const picker = useRef<HTMLInputElement>(null);
  /** Whether somebody is here to be led to what came. */
  const isHere = useRef(false);
  useEffect(() => {
    isHere.current = true;
    return () => {
      isHere.current = false;
    };
  }, []);
  const follow = async (sending: Promise<Transfer>): Promise<void> => {
    const ended = await sending;
    if (!isHere.current) store.toast(awayWords(ended));
    else if (ended.state === "done" && ended.partition !== null) onDone(ended.partition);
  };
  const send = (files: readonly File[], sample = ""): void =>
    void follow(transfers.send(user, files, sample));
  const receive = (files: readonly File[]): void => {
    if (files.length > 1 && refusalOf(user, files) === null && files.every(({ name }) => isVcfName(name)))
      setAsking(files);
    else for (const file of files) send([file]);
  };
  // With every render: who the files are of may have changed.
  useEffect(() => {
    const take = (): void => {
      const files = droppedFiles.take();
      if (files.length > 0) receive(files);
    };
    take();
    return droppedFiles.onPut(take);
  });
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    receive([...event.dataTransfer.files]);
  };
  const came = all.findLast(({ state }) => state === "done");
  return (
    <>
      <div
        className={over ? "drop over" : "drop"}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <p>
          Drop a VCF here (.vcf, .vcf.gz, .g.vcf.gz), or all that are one sample, or the raw data of 23andMe,
          AncestryDNA, MyHeritage or FamilyTreeDNA (.txt, .csv, .zip); they are copied into the workspace
        </p>
        <button type="button" className="button" onClick={() => picker.current?.click()}>
          Choose files
        </button>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          aria-label="genome files"
          accept=".vcf,.gz,.bgz,.txt,.csv,.tsv,.zip"
          onChange={(event) => {
            receive([...(event.target.files ?? [])]);
            event.target.value = "";
          }}
        />
      </div>
      {asking.length === 0 ? null : (
        <OneOrSeveral
          files={asking}
          onOne={(sample) => {
            setAsking([]);
            send(asking, sample);
          }}
          onEach={() => {
            setAsking([]);
            for (const file of asking) send([file]);
          }}
          onCancel={() => setAsking([])}
        />
      )}
      {all.map((transfer) => (
        <TransferRow
          key={transfer.id}
          transfer={transfer}
          onChoose={(sample) => void follow(transfers.choose(transfer, sample))}
          onOpen={onOpen}
          onDismiss={() => transfers.dismiss(transfer)}
        />
      ))}
      <CameAloud last={came?.partition == null ? null : { file: came.name, partition: came.partition }} />
    </>
  );
}

/** What came of a file, for who is on another page by then. */
function awayWords({ name, state, partition, samples, error }: Transfer): string {
  if (state === "failed") return `${name} did not come: ${error?.message ?? "nobody knows why"}`;
  return state === "choose"
    ? `${name} holds ${count(samples.length)} samples: choose one under Samples`
    : `${name} is here as ${partition ?? ""}`;
}

interface RowProps {
  readonly transfer: Transfer;
  readonly onChoose: (sample: string) => void;
  readonly onOpen: (partition: PartitionKey) => void;
  readonly onDismiss: () => void;
}

function TransferRow({ transfer, onChoose, onOpen, onDismiss }: RowProps): ReactNode {
  const { name, total, sent, state, error, samples, partition } = transfer;
  switch (state) {
    case "sending": {
      const left = transferLeft(sent, total, (transfer.at - transfer.startedAt) / 1000);
      const done = sent >= total;
      return (
        <div className="transfer">
          <bdi>{name}</bdi>
          <progress aria-label={`sending ${name}`} max={total} value={sent} />
          <span className="row-facts">
            {done ? "reading its head" : `${bytes(sent)} of ${bytes(total)}`}
            {left === null || done ? "" : ` · ${timeLeft(left)}`}
          </span>
          <button type="button" className="button" onClick={transfer.stop}>
            Stop
          </button>
        </div>
      );
    }
    case "choose":
      return <ChooseSample name={name} samples={samples} onChoose={onChoose} onCancel={onDismiss} />;
    case "done":
      return partition === null ? null : (
        <SampleCame
          file={name}
          partition={partition}
          doubt={
            transfer.doubted
              ? "; it may be cut off, as the mark of its end is missing: compare its size with the original"
              : ""
          }
          onOpen={onOpen}
          onDismiss={onDismiss}
        />
      );
    case "failed":
      return (
        <ErrorCard
          error={error ?? { code: "internal", message: "it did not come" }}
          title={name}
          onDismiss={onDismiss}
        />
      );
  }
}
