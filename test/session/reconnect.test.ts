/** Pages that lose the server at any moment and come back with their cursor, against a model of what is true. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { WHOLE } from "#protocol/ids.ts";
import type { PartitionKey } from "#protocol/ids.ts";
import type { Cursor, UnnumberedEvent, WorkspaceEvent } from "#protocol/messages.ts";
import type { AssetView, NotebookView, RunView, Snapshot } from "#protocol/view.ts";

import { Audience, concerns } from "../../server/edge/audience.ts";
import { EventLog } from "../../server/session/event-log.ts";
import { initialState, reduce } from "../../ui/state/page-state.ts";
import type { PageState } from "../../ui/state/page-state.ts";
import { asset, run, snapshot, step } from "../ui/views.ts";

const PARTITIONS = ["anna/a", "boris/b"] as PartitionKey[];
const NOTEBOOKS = ["a.md", "b.md"];
/** Partitioned or not. */
const ASSETS = ["reference", "variants", "report"] as const;

const partitionAt = (name: string, partition: PartitionKey): PartitionKey =>
  name === "reference" ? WHOLE : partition;

/** What is true. Every thing has a number that only rises, which stands in its view. */
class Server {
  log: EventLog;
  readonly #versions = new Map<string, number>();
  readonly #listeners = new Set<(event: WorkspaceEvent) => void>();
  readonly #most: number;
  #boots = 1;

  constructor(most: number) {
    this.#most = most;
    this.log = new EventLog("boot 1", most);
  }

  subscribe(listener: (event: WorkspaceEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  change(thing: string): void {
    this.#versions.set(thing, (this.#versions.get(thing) ?? 1) + 1);
    const [type, name = "", partition = ""] = thing.split(" ");
    const place = type === "notebook" ? thing : `partition ${partition}`;
    const everywhere = type === "run" || (type === "asset" && name === "reference");
    // Of what no page was shown nothing is told.
    if (everywhere || this.log.isWatched(place)) this.#tell(thing);
  }

  /** Ends and starts again; what is true stays. */
  restart(): void {
    this.#listeners.clear();
    this.log = new EventLog(`boot ${++this.#boots}`, this.#most);
  }

  snapshot(path: string, partition: PartitionKey): Snapshot {
    for (const name of ASSETS) this.#tell(`asset ${name} ${partitionAt(name, partition)}`);
    this.#tell(`notebook ${path}`);
    for (const id of [1, 2]) this.#tell(`run ${id}`);
    for (const place of places(path, partition)) this.log.watch(place);
    const { boot, seq } = this.log;
    return snapshot({ boot, seq, partition, ...this.truth(path, partition) });
  }

  truth(path: string, partition: PartitionKey): Pick<Snapshot, "assets" | "runs" | "notebook"> {
    return {
      assets: ASSETS.map((name) => this.#asset(name, partitionAt(name, partition))),
      runs: [this.#run(2), this.#run(1)],
      notebook: this.#notebook(path),
    };
  }

  #tell(thing: string): void {
    const told = this.log.tell(thing, this.#event(thing));
    if (told !== null) for (const listener of this.#listeners) listener(told);
  }

  #event(thing: string): UnnumberedEvent {
    const [type, name = "", partition = ""] = thing.split(" ");
    if (type === "asset") return { type, asset: this.#asset(name, partition as PartitionKey) };
    return type === "run"
      ? { type, run: this.#run(Number(name)) }
      : { type: "notebook", notebook: this.#notebook(name) };
  }

  #asset(name: string, partition: PartitionKey): AssetView {
    const version = this.#versions.get(`asset ${name} ${partition}`) ?? 1;
    return asset(name, { partition, observed: String(version), record: null });
  }

  #run(id: number): RunView {
    const progress = { phase: "reading", records: this.#versions.get(`run ${id}`) ?? 1 };
    return run(id, "running", [step("variants", { progress })]);
  }

  #notebook(path: string): NotebookView {
    const revision = this.#versions.get(`notebook ${path}`) ?? 1;
    return { path, title: path, revision, canUndo: false, canRedo: false, untrusted: null, cells: [] };
  }
}

type Message =
  | { readonly shown: Snapshot }
  | { readonly resumed: readonly WorkspaceEvent[]; readonly seq: number }
  | { readonly event: WorkspaceEvent };

/** A page with the half of the server that speaks to it, and the wire between them, which can be cut. */
class Client {
  state: PageState = initialState;
  place: { readonly path: string; readonly partition: PartitionKey };
  resumed = 0;
  readonly #forgetful: boolean;
  #wire: Message[] = [];
  #audience: Audience | null = null;
  #opening: Cursor | null | undefined;
  #leave: () => void = () => {};
  /** Numbers that arrived on this connection. */
  #seqs: number[] = [];
  #seen = new Map<string, number>();

  constructor(path: string, partition: PartitionKey, forgetful: boolean) {
    this.place = { path, partition };
    this.#forgetful = forgetful;
  }

  get connected(): boolean {
    return this.#audience !== null;
  }

  /** Connects, and asks with the cursor of what the page shows. */
  connect(server: Server): void {
    if (this.connected) return;
    const audience = new Audience((event) => this.#wire.push({ event }));
    this.#audience = audience;
    this.#seqs = [];
    this.#leave = server.subscribe((event) => void audience.receive(event));
    const { snapshot: has } = this.state;
    const same = has?.notebook.path === this.place.path && has.partition === this.place.partition;
    this.#ask(has !== null && same ? { boot: has.boot, seq: has.seq } : null);
  }

  /** Shows another person. */
  move(partition: PartitionKey): void {
    this.place = { ...this.place, partition };
    if (this.connected) this.#ask(null);
  }

  /** The server answers what was asked last. */
  answer(server: Server): void {
    if (this.#audience === null || this.#opening === undefined) return;
    const { path, partition } = this.place;
    const cursor = this.#opening;
    this.#opening = undefined;
    const events = cursor === null ? null : server.log.since(cursor, places(path, partition));
    if (events === null) {
      const shown = server.snapshot(path, partition);
      this.#wire.push({ shown });
      this.#audience.release(shown);
    } else {
      const { seq } = server.log;
      this.#wire.push({ resumed: events.filter((event) => concerns(event, partition)), seq });
      this.#audience.release({ partition, seq });
    }
  }

  /** Some of what is on the wire arrives. */
  deliver(most: number): void {
    for (const message of this.#wire.splice(0, most)) {
      if ("shown" in message) {
        this.#seqs.push(message.shown.seq);
        this.#seen.clear();
        this.state = reduce(this.state, { type: "snapshot", snapshot: message.shown });
      } else if ("resumed" in message) {
        this.resumed++;
        for (const event of message.resumed) this.#take(event);
        this.state = reduce(this.state, { type: "caught-up", seq: message.seq });
      } else this.#take(message.event);
    }
  }

  /** What was on the wire is lost. */
  cut(): void {
    this.#leave();
    this.#audience = null;
    this.#opening = undefined;
    this.#wire = [];
  }

  #ask(cursor: Cursor | null): void {
    this.#audience?.hold();
    this.#opening = cursor;
  }

  #take(event: WorkspaceEvent): void {
    expect(event.seq).toBeGreaterThan(this.#seqs.at(-1) ?? -1);
    this.#seqs.push(event.seq);
    const thing = event.type === "asset" ? `${event.asset.key} ${event.asset.partition}` : event.type;
    if (event.type === "asset") {
      const version = Number(event.asset.observed);
      // What was forgotten may be told again as it is.
      expect(version).toBeGreaterThanOrEqual((this.#seen.get(thing) ?? 0) + (this.#forgetful ? 0 : 1));
      this.#seen.set(thing, version);
    }
    this.state = reduce(this.state, { type: "workspace", event });
  }
}

function places(path: string, partition: PartitionKey): readonly string[] {
  return [`notebook ${path}`, `partition ${partition}`];
}

const things = [
  ...ASSETS.flatMap((name) => PARTITIONS.map((partition) => `asset ${name} ${partitionAt(name, partition)}`)),
  "run 1",
  "run 2",
  ...NOTEBOOKS.map((path) => `notebook ${path}`),
];

const client = fc.nat(2);
const happening = fc.oneof(
  { weight: 16, arbitrary: fc.record({ type: fc.constant("change"), thing: fc.constantFrom(...things) }) },
  { weight: 10, arbitrary: fc.record({ type: fc.constant("connect"), client }) },
  { weight: 10, arbitrary: fc.record({ type: fc.constant("answer"), client }) },
  { weight: 10, arbitrary: fc.record({ type: fc.constant("deliver"), client, most: fc.nat(4) }) },
  { weight: 6, arbitrary: fc.record({ type: fc.constant("cut"), client }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant("move"), client, to: fc.constantFrom(...PARTITIONS) }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constantFrom("restart", "forget") }) },
);

test("after any losses each page shows what is true: nothing lost, twice or out of order", () => {
  let resumed = 0;
  fc.assert(
    fc.property(
      fc.array(happening, { maxLength: 300, size: "max" }),
      fc.constantFrom(2_000, 1e6),
      (happenings, most) => {
        const server = new Server(most);
        const clients = [
          new Client("a.md", PARTITIONS[0] ?? WHOLE, most < 1e6),
          new Client("a.md", PARTITIONS[1] ?? WHOLE, most < 1e6),
          new Client("b.md", PARTITIONS[0] ?? WHOLE, most < 1e6),
        ];
        for (const one of happenings) carryOut(one, server, clients);
        for (const page of clients) {
          page.connect(server);
          page.answer(server);
          page.deliver(Infinity);
          const { path, partition } = page.place;
          const { assets, runs, notebook } = page.state.snapshot ?? snapshot();
          expect({ assets, runs, notebook }).toEqual(server.truth(path, partition));
          resumed += page.resumed;
        }
      },
    ),
    { numRuns: 200 },
  );
  // Else it is snapshots alone that were tried.
  expect(resumed).toBeGreaterThan(100);
});

function carryOut(
  one: typeof happening extends fc.Arbitrary<infer Happening> ? Happening : never,
  server: Server,
  clients: readonly Client[],
): void {
  const page = "client" in one ? clients[one.client] : undefined;
  switch (one.type) {
    case "change":
      if ("thing" in one) server.change(one.thing);
      return;
    case "connect":
      page?.connect(server);
      return;
    case "answer":
      page?.answer(server);
      return;
    case "deliver":
      if ("most" in one) page?.deliver(one.most);
      return;
    case "cut":
      page?.cut();
      return;
    case "move":
      if ("to" in one) page?.move(one.to);
      return;
    case "forget":
      if (clients.every(({ connected }) => !connected)) server.log.forget();
      return;
    case "restart":
      for (const each of clients) each.cut();
      server.restart();
  }
}

describe("a cursor", () => {
  const told = (log: EventLog, records: number): void => {
    log.tell("run 1", { type: "run", run: run(records, "running", []) });
  };

  test("gets the last of each thing, however much was said of it", () => {
    const log = new EventLog("now");
    log.watch("partition");
    for (let records = 1; records <= 10_000; records++) told(log, records);
    expect(log.since({ boot: "now", seq: 0 }, ["partition"])).toEqual([
      { seq: 10_000, type: "run", run: run(10_000, "running", []) },
    ]);
    expect(log.since({ boot: "now", seq: 10_000 }, ["partition"])).toEqual([]);
  });

  test.each([
    ["of another life of the server", { boot: "before", seq: 1 }, ["partition"]],
    ["from the future", { boot: "now", seq: 3 }, ["partition"]],
    ["of a place that was not watched then", { boot: "now", seq: 1 }, ["partition", "late"]],
    ["of a place that nobody watches", { boot: "now", seq: 2 }, ["other"]],
  ])("%s is refused", (_which, cursor, of) => {
    const log = new EventLog("now");
    log.watch("partition");
    told(log, 1);
    told(log, 2);
    log.watch("late");
    expect(log.since({ boot: "now", seq: 1 }, ["partition"])).toHaveLength(1);
    expect(log.since(cursor, of)).toBeNull();
  });

  test("older than what memory holds is refused; a newer one is not", () => {
    const log = new EventLog("now", 1_000);
    log.watch("partition");
    for (let id = 1; id <= 100; id++) log.tell(`run ${id}`, { type: "run", run: run(id, "running", []) });
    expect(log.since({ boot: "now", seq: 1 }, ["partition"])).toBeNull();
    expect(log.since({ boot: "now", seq: 98 }, ["partition"])?.map(({ seq }) => seq)).toEqual([99, 100]);
  });
});
