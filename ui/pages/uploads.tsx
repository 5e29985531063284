import { useEffect, useRef, useState } from "react";
import type { DragEvent, ReactNode } from "react";

import { errorInfo } from "#protocol/error.ts";
import type { ErrorInfo } from "#protocol/error.ts";
import { GENOME_ENDINGS, genomeEnding, isVcfName } from "#protocol/genome-name.ts";
import type { PartitionKey } from "#protocol/ids.ts";
import { bytes, timeLeft } from "#protocol/numerals.ts";
import { namesInShort } from "#protocol/vcf-files.ts";

import { mayBeCutOff, samplesIn, uploadFile } from "../connection/upload.ts";
import { askVerb } from "../connection/verbs.ts";
import { ErrorCard } from "../shell/error-card.tsx";
import { ChooseSample } from "./choose-sample.tsx";
import { droppedFiles } from "./dropped-files.ts";
import { OneOrSeveral } from "./one-or-several.tsx";
import { CameAloud, SampleCame } from "./sample-came.tsx";
import { transferLeft } from "./sample-name.ts";

/** One file on its way, or several that are one sample. */
interface Transfer {
  readonly id: number;
  readonly name: string;
  readonly total: number;
  readonly sent: number;
  /** Milliseconds. */
  readonly startedAt: number;
  readonly at: number;
  readonly state: "sending" | "choose" | "done" | "failed";
  readonly error: ErrorInfo | null;
  readonly partition: PartitionKey | null;
  readonly samples: readonly string[];
  /** It lacks the mark of its end. */
  readonly doubted: boolean;
  readonly stop: () => void;
}

interface Props {
  readonly user: string;
  readonly onDone: (partition: PartitionKey) => void;
  /** To the notebook, of the sample that came. */
  readonly onOpen: (partition: PartitionKey) => void;
}

let lastId = 0;

/** Files dropped or picked, each with how far it is; of a file of several people one is asked for. */
export function Uploads({ user, onDone, onOpen }: Props): ReactNode {
  const [transfers, setTransfers] = useState<readonly Transfer[]>([]);
  const [over, setOver] = useState(false);
  /** Files that came together, until it is said whether they are one sample. */
  const [asking, setAsking] = useState<readonly File[]>([]);
  const picker = useRef<HTMLInputElement>(null);
  const change = (id: number, changes: Partial<Transfer>): void =>
    setTransfers((all) => all.map((one) => (one.id === id ? { ...one, ...changes } : one)));

  /** Sends files that are one sample; `sample` is its name where there are several. */
  const send = async (files: readonly File[], sample: string): Promise<void> => {
    const id = ++lastId;
    const abort = new AbortController();
    const startedAt = Date.now();
    const total = files.reduce((sum, { size }) => sum + size, 0);
    const transfer: Transfer = {
      id,
      name: namesInShort(files.map(({ name }) => name)),
      total,
      sent: 0,
      startedAt,
      at: startedAt,
      state: "sending",
      error: null,
      partition: null,
      samples: [],
      doubted: false,
      stop: () => abort.abort(),
    };
    setTransfers((all) => [...all, transfer]);
    const refusal = refusalOf(user, files);
    if (refusal !== null) {
      change(id, { state: "failed", error: refusal });
      return;
    }
    const together = files.length > 1 ? crypto.randomUUID() : null;
    let before = 0;
    try {
      for (const file of files) {
        const progress = (sent: number): void => change(id, { sent: before + sent, at: Date.now() });
        const last = file === files.at(-1);
        const others = together === null ? null : { together, sample, last };
        const { partition, inspection } = await uploadFile(user, file, progress, abort.signal, others);
        before += file.size;
        if (partition === null) continue;
        const samples = samplesIn(inspection);
        const doubted = mayBeCutOff(inspection);
        const state = samples.length > 1 ? "choose" : "done";
        change(id, { state, sent: total, partition, samples, doubted });
        if (samples.length <= 1) onDone(partition);
      }
    } catch (error) {
      change(id, { state: "failed", error: errorInfo(error) });
    }
  };
  const receive = (files: readonly File[]): void => {
    if (files.length > 1 && refusalOf(user, files) === null && files.every(({ name }) => isVcfName(name)))
      setAsking(files);
    else for (const file of files) void send([file], "");
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
  const choose = async ({ id, partition }: Transfer, vcfSample: string): Promise<void> => {
    if (partition === null) return;
    try {
      await askVerb("partitions-add", { key: partition, vcfSample });
      change(id, { state: "done" });
      onDone(partition);
    } catch (error) {
      change(id, { state: "failed", error: errorInfo(error) });
    }
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    receive([...event.dataTransfer.files]);
  };
  const came = transfers.findLast(({ state }) => state === "done");
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
            void send(asking, sample);
          }}
          onEach={() => {
            setAsking([]);
            for (const file of asking) void send([file], "");
          }}
          onCancel={() => setAsking([])}
        />
      )}
      {transfers.map((transfer) => (
        <TransferRow
          key={transfer.id}
          transfer={transfer}
          onChoose={(sample) => void choose(transfer, sample)}
          onOpen={onOpen}
          onDismiss={() => setTransfers((all) => all.filter((one) => one.id !== transfer.id))}
        />
      ))}
      <CameAloud last={came?.partition == null ? null : { file: came.name, partition: came.partition }} />
    </>
  );
}

/** Why files are not sent; null when they are. */
function refusalOf(user: string, files: readonly File[]): ErrorInfo | null {
  if (user === "")
    return {
      code: "usage",
      message: "no person is named",
      hint: "Write whose genome it is above, such as me.",
    };
  const other = files.find(({ name }) => genomeEnding(name) === "");
  if (other === undefined) return null;
  const hint = /\.(?:7z|rar|tar|tgz)$|\.tar\.\w+$/i.test(other.name)
    ? "Unpack it, and give the file inside; where there are several of one sample, give them together."
    : `Choose a file whose name ends in ${GENOME_ENDINGS}.`;
  return { code: "usage", message: `not a genome file: ${other.name}`, hint };
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
