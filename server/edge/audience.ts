import type { PartitionKey } from "#protocol/ids.ts";
import { WHOLE } from "#protocol/ids.ts";
import type { WorkspaceEvent } from "#protocol/messages.ts";

/** What a client has: everything up to `seq`, of one partition. */
export interface Shown {
  readonly partition: PartitionKey;
  readonly seq: number;
}

/** Events that may gather while a snapshot is made. */
const MOST_HELD = 10_000;

/**
 * The events that one client is sent: none before it opens a notebook; while a snapshot is made they are held
 * back and then follow it, without those it contains, so that none is lost between the two; of assets only
 * those of the partition it looks at, and of no partition.
 */
export class Audience {
  readonly #forward: (event: WorkspaceEvent) => void;
  #partition: PartitionKey | null = null;
  #held: WorkspaceEvent[] | null = null;
  #lastSeq = -1;

  constructor(forward: (event: WorkspaceEvent) => void) {
    this.#forward = forward;
  }

  /** Holds events back from now on. */
  hold(): void {
    this.#held ??= [];
  }

  /** Lets them go: those after what the client has now, or as before when it was shown nothing. */
  release(shown: Shown | null): void {
    if (shown !== null) {
      this.#partition = shown.partition;
      this.#lastSeq = shown.seq;
    }
    const held = this.#held ?? [];
    this.#held = null;
    for (const event of held) this.receive(event);
  }

  /** False when too many are held back: the client must start anew. */
  receive(event: WorkspaceEvent): boolean {
    if (this.#held !== null) return this.#held.push(event) <= MOST_HELD;
    if (this.#partition === null || event.seq <= this.#lastSeq) return true;
    if (concerns(event, this.#partition)) this.#forward(event);
    return true;
  }
}

/** Whether an event is for a client that looks at a partition. */
export function concerns(event: WorkspaceEvent, partition: PartitionKey): boolean {
  return event.type !== "asset" || event.asset.partition === WHOLE || event.asset.partition === partition;
}
