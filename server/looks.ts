import type { PartitionKey } from "#protocol/ids.ts";
import { WHOLE } from "#protocol/ids.ts";

interface Look {
  readonly notebook: string;
  readonly partition: PartitionKey;
}

/** Which notebooks are shown by pages now, and for which samples. */
export class Looks {
  readonly #looks = new Set<Look>();
  readonly #listeners = new Set<(partition: PartitionKey) => void>();

  /** A page shows a notebook for a partition, until the result is called. */
  show(notebook: string, partition: PartitionKey): () => void {
    const look = { notebook, partition };
    this.#looks.add(look);
    for (const listener of this.#listeners) listener(partition);
    return () => this.#looks.delete(look);
  }

  /** Whether any page shows what a notebook has for a partition; what has none is shown for every one. */
  has(notebook: string | null, partition: PartitionKey): boolean {
    return [...this.#looks].some(
      (look) => look.notebook === notebook && (partition === WHOLE || look.partition === partition),
    );
  }

  /** Calls `listener` whenever something is shown from now on; the result ends that. */
  onShow(listener: (partition: PartitionKey) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
