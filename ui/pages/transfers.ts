import type { ErrorInfo } from "#protocol/error.ts";
import { errorInfo } from "#protocol/error.ts";
import { GENOME_ENDINGS, genomeEnding } from "#protocol/genome-name.ts";
import type { PartitionKey } from "#protocol/ids.ts";
import { namesInShort } from "#protocol/vcf-files.ts";

import { mayBeCutOff, samplesIn, uploadFile } from "../connection/upload.ts";
import { askVerb } from "../connection/verbs.ts";

/** One file on its way, or several that are one sample. */
export interface Transfer {
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

/** Files that are sent into the workspace: they go on, and are there to be seen, whatever page is shown meanwhile. */
class Transfers {
  #all: readonly Transfer[] = [];
  #lastId = 0;
  readonly #listeners = new Set<() => void>();

  readonly all = (): readonly Transfer[] => this.#all;

  /** Calls `listener` after each change. @returns what ends that */
  readonly onChange = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Sends files that are one sample; `sample` is its name where there are several. @returns what came of it */
  async send(user: string, files: readonly File[], sample: string): Promise<Transfer> {
    const abort = new AbortController();
    const startedAt = Date.now();
    const total = files.reduce((sum, { size }) => sum + size, 0);
    const transfer: Transfer = {
      id: ++this.#lastId,
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
    this.#put([...this.#all, transfer]);
    const refusal = refusalOf(user, files);
    if (refusal !== null) return this.#change(transfer, { state: "failed", error: refusal });
    const together = files.length > 1 ? crypto.randomUUID() : null;
    let before = 0;
    let ended: Partial<Transfer> = {};
    try {
      for (const file of files) {
        const progress = (sent: number): void =>
          void this.#change(transfer, { sent: before + sent, at: Date.now() });
        const last = file === files.at(-1);
        const others = together === null ? null : { together, sample, last };
        const { partition, inspection } = await uploadFile(user, file, progress, abort.signal, others);
        before += file.size;
        if (partition === null) continue;
        const samples = samplesIn(inspection);
        const state = samples.length > 1 ? "choose" : "done";
        ended = { state, sent: total, partition, samples, doubted: mayBeCutOff(inspection) };
      }
    } catch (error) {
      ended = { state: "failed", error: errorInfo(error) };
    }
    return this.#change(transfer, ended);
  }

  /** Says whose genome of a file is wanted. @returns what came of it */
  async choose(transfer: Transfer, vcfSample: string): Promise<Transfer> {
    try {
      await askVerb("partitions-add", { key: transfer.partition, vcfSample });
      return this.#change(transfer, { state: "done" });
    } catch (error) {
      return this.#change(transfer, { state: "failed", error: errorInfo(error) });
    }
  }

  dismiss({ id }: Transfer): void {
    this.#put(this.#all.filter((one) => one.id !== id));
  }

  #change(transfer: Transfer, changes: Partial<Transfer>): Transfer {
    const changed = { ...(this.#all.find(({ id }) => id === transfer.id) ?? transfer), ...changes };
    this.#put(this.#all.map((one) => (one.id === transfer.id ? changed : one)));
    return changed;
  }

  #put(all: readonly Transfer[]): void {
    this.#all = all;
    for (const listener of this.#listeners) listener();
  }
}

export const transfers: Transfers = new Transfers();

/** Why files are not sent; null when they are. */
export function refusalOf(user: string, files: readonly File[]): ErrorInfo | null {
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
