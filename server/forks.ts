import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import { NO_THRESHOLDS } from "#protocol/what-if.ts";
import type { ForkChanges } from "#protocol/what-if.ts";

const UNCHANGED: ForkChanges = { edits: [], thresholds: NO_THRESHOLDS };

/** Forks of modules that a person looks at, one for each sample's annotations: in memory alone, and never published. */
export class Forks {
  readonly #forks = new Map<PartitionKey, Map<AssetKey, ForkChanges>>();

  /** What a fork changes: nothing where there is no fork. */
  get(annotations: AssetKey, partition: PartitionKey): ForkChanges {
    return this.#forks.get(partition)?.get(annotations) ?? UNCHANGED;
  }

  set(annotations: AssetKey, partition: PartitionKey, changes: ForkChanges): void {
    const forks = this.#forks.get(partition) ?? new Map<AssetKey, ForkChanges>();
    this.#forks.set(partition, forks.set(annotations, changes));
  }

  /** Throws those of a sample away. */
  forget(partition: PartitionKey): void {
    this.#forks.delete(partition);
  }
}
