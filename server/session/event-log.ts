import type { Cursor, UnnumberedEvent, WorkspaceEvent } from "#protocol/messages.ts";

/** UTF-16 units of all that is remembered. */
const MOST_CHARACTERS = 8_000_000;

/** The last that was told of one thing. */
interface Told {
  readonly seq: number;
  /** The event without its number, as JSON. */
  readonly text: string;
  /** Of which all that there is is told together; null for what is told by itself. */
  readonly place: string | null;
}

/**
 * What was told of each thing, and when. An event replaces what was known of its thing, so the last one of each is
 * all that a page needs which missed some; memory is bounded by the number of things, and by forgetting those that
 * were told of longest ago. Pure: no clock, no listeners.
 */
export class EventLog {
  readonly boot: string;
  readonly #most: number;
  /** In the order of `seq`. */
  readonly #things = new Map<string, Told>();
  /** Places of which everything is told, each from which number on. */
  readonly #watched = new Map<string, number>();
  #seq = 0;
  #characters = 0;
  /** Of what was forgotten, the latest: who has not seen it cannot be told. */
  #forgotten = 0;

  constructor(boot: string, most: number = MOST_CHARACTERS) {
    this.boot = boot;
    this.#most = most;
  }

  get seq(): number {
    return this.#seq;
  }

  /** Numbers an event; null when it says of its thing what was said of it last. */
  tell(thing: string, event: UnnumberedEvent): WorkspaceEvent | null {
    return this.#tell(thing, event, null);
  }

  /**
   * Numbers what is news of all that there is in a place. What is there no more is forgotten: to a page that was shown
   * the place without it, it is news when it comes back, also as it was.
   */
  tellAll(place: string, events: ReadonlyMap<string, UnnumberedEvent>): WorkspaceEvent[] {
    const all = new Map([...events].map(([name, event]) => [`${place} ${name}`, event]));
    for (const [thing, told] of this.#things) if (told.place === place && !all.has(thing)) this.#drop(thing);
    return [...all].flatMap(([thing, event]) => this.#tell(thing, event, place) ?? []);
  }

  /** Numbers an event that is news each time, such as that definitions changed. */
  say(event: UnnumberedEvent): WorkspaceEvent {
    return this.#add(event.type, event, JSON.stringify(event), null);
  }

  /** From now on everything that happens in a place is told. */
  watch(place: string): void {
    if (!this.#watched.has(place)) this.#watched.set(place, this.#seq);
  }

  isWatched(place: string): boolean {
    return this.#watched.has(place);
  }

  /**
   * What was told after a cursor, the last of each thing. Null when that cannot be known: the cursor is of another
   * life of the server, or from the future, or older than what is remembered or than the watch of its places.
   */
  since({ boot, seq }: Cursor, places: readonly string[]): WorkspaceEvent[] | null {
    if (boot !== this.boot || seq > this.#seq || seq < this.#forgotten) return null;
    if (places.some((place) => (this.#watched.get(place) ?? Infinity) > seq)) return null;
    const later = [...this.#things.values()].filter((told) => told.seq > seq);
    return later.map((told) => ({ ...(JSON.parse(told.text) as UnnumberedEvent), seq: told.seq }));
  }

  /** Forgets everything that was told. Numbers go on. */
  forget(): void {
    this.#things.clear();
    this.#watched.clear();
    this.#characters = 0;
    this.#forgotten = this.#seq;
  }

  #tell(thing: string, event: UnnumberedEvent, place: string | null): WorkspaceEvent | null {
    const text = JSON.stringify(event);
    return this.#things.get(thing)?.text === text ? null : this.#add(thing, event, text, place);
  }

  #add(thing: string, event: UnnumberedEvent, text: string, place: string | null): WorkspaceEvent {
    this.#drop(thing);
    this.#things.set(thing, { seq: ++this.#seq, text, place });
    this.#characters += text.length;
    for (const [oldest, { seq }] of this.#things) {
      if (this.#characters <= this.#most) break;
      this.#forgotten = seq;
      this.#drop(oldest);
    }
    return { ...event, seq: this.#seq };
  }

  #drop(thing: string): void {
    this.#characters -= this.#things.get(thing)?.text.length ?? 0;
    this.#things.delete(thing);
  }
}
