import type { PartitionKey, RunId } from "#protocol/ids.ts";

/** A run as the queue sees it. */
export interface Queued {
  readonly run: RunId;
  readonly partition: PartitionKey;
  readonly signal: AbortSignal;
  /** Begins it. `place`: whose kernel it has, from 0; null for one that was stopped before it had a turn. */
  readonly begin: (place: number | null) => Promise<void>;
  /** Told whenever it waits for other runs than before. */
  readonly waitsFor: (runs: readonly RunId[]) => void;
}

interface Entry extends Queued {
  /** Undefined: it waits. */
  place: number | null | undefined;
  told: string;
}

/**
 * Runs begin in the order they came, so many at once as there are places. Of one partition they follow one another:
 * what the next one needs, this one may be making. One that was stopped needs no turn.
 */
export class RunQueue {
  readonly #entries: Entry[] = [];
  #places = 1;

  /** Settles as the run that is begun does. */
  enter(queued: Queued): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const entry: Entry = {
        ...queued,
        place: undefined,
        told: "",
        begin: async (place) => {
          try {
            await queued.begin(place);
            resolve();
          } catch (error) {
            reject(error);
          } finally {
            queued.signal.removeEventListener("abort", this.#advance);
            this.#entries.splice(this.#entries.indexOf(entry), 1);
            this.#advance();
          }
        },
      };
      this.#entries.push(entry);
      queued.signal.addEventListener("abort", this.#advance);
      this.#advance();
    });
  }

  /** Says how many may run at once; one until it is said. */
  setPlaces(places: number): void {
    this.#places = places;
    this.#advance();
  }

  readonly #advance = (): void => {
    for (const entry of this.#entries) {
      if (entry.place !== undefined) continue;
      const free = this.#freePlace();
      if (entry.signal.aborted) entry.place = null;
      else if (this.#before(entry) === undefined && free !== null) entry.place = free;
      if (entry.place !== undefined) void entry.begin(entry.place);
    }
    for (const entry of this.#entries) this.#tell(entry);
  };

  #freePlace(): number | null {
    const taken = new Set(this.#entries.map(({ place }) => place));
    for (let place = 0; place < this.#places; place++) if (!taken.has(place)) return place;
    return null;
  }

  /** The last run of the same partition that came before it. */
  #before(entry: Entry): Entry | undefined {
    return this.#entries
      .slice(0, this.#entries.indexOf(entry))
      .findLast(({ partition }) => partition === entry.partition);
  }

  #tell(entry: Entry): void {
    const before = this.#before(entry);
    const atWork = this.#entries.filter(({ place }) => typeof place === "number");
    const others = before === undefined ? atWork : [before];
    const runs = entry.place === undefined ? others.map(({ run }) => run) : [];
    if (runs.join() === entry.told) return;
    entry.told = runs.join();
    entry.waitsFor(runs);
  }
}
