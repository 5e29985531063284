import type { PartitionKey } from "#protocol/ids.ts";
import { WHOLE } from "#protocol/ids.ts";
import type { WorkspaceEvent } from "#protocol/messages.ts";
import type { Snapshot } from "#protocol/view.ts";

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

  /** Lets them go: after `snapshot`, or as before when there is none. */
  release(snapshot: Snapshot | null): void {
    if (snapshot !== null) {
      this.#partition = snapshot.partition;
      this.#lastSeq = snapshot.seq;
    }
    const held = this.#held ?? [];
    this.#held = null;
    for (const event of held) this.receive(event);
  }

  /** False when too many are held back: the client must start anew. */
  receive(event: WorkspaceEvent): boolean {
    if (this.#held !== null) return this.#held.push(event) <= MOST_HELD;
    if (this.#partition === null || event.seq <= this.#lastSeq) return true;
    const elsewhere =
      event.type === "asset" && event.asset.partition !== WHOLE && event.asset.partition !== this.#partition;
    if (!elsewhere) this.#forward(event);
    return true;
  }
}
