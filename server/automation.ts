import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";

import type { AssetDefinition } from "#graph/definition.ts";
import { isComparedWith } from "#graph/staleness.ts";
import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import { WHOLE } from "#protocol/ids.ts";
import { vcfsOf } from "#protocol/vcf-files.ts";

import type { LiveRun } from "./runs/live-runs.ts";
import { awaited } from "./runs/may-run.ts";
import { Schedule } from "./schedule.ts";
import { wantedAssets } from "./session/automation.ts";
import { policyOf } from "./session/policy.ts";
import type { Workspace } from "./workspace.ts";

/** A person who types is not interrupted by runs. */
const QUIET_MS = 2_000;
/** Changes come in bursts. */
const SETTLE_MS = 200;
/** The clock is read again after this: a computer that slept, or whose clock was set, is no more behind than that. */
const CLOCK_MS = 60_000;
/** What could not be looked at, as while no kernel can start, is looked at again after this. */
const RETRY_MS = 60_000;

export interface AutomationOptions {
  readonly quietMs?: number;
  readonly retryMs?: number;
  readonly now?: () => Date;
}

/** An asset whose time has come, until it has been looked at in each of its partitions. */
interface Due {
  readonly time: Date;
  readonly expression: string;
  readonly partitions: Set<PartitionKey>;
}

/**
 * Makes assets by themselves, by the policy of each. What counts is how things stand, not what happened: on every change
 * those that are to be fresh now, and are missing or stale, are made, so that no change is ever lost. What failed is
 * tried again only when it would be made from something else, or its next time has come.
 */
export class Automation {
  readonly #workspace: Workspace;
  readonly #quietMs: number;
  readonly #retryMs: number;
  readonly #schedule: Schedule;
  readonly #pending = new Set<PartitionKey>();
  /** What each asset that is still wanted was last tried from. */
  readonly #tried = new Map<PartitionKey, ReadonlyMap<AssetKey, string>>();
  readonly #due = new Map<AssetKey, Due>();
  readonly #leave: readonly (() => void)[];
  #editedAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  #clock: NodeJS.Timeout | undefined;
  #looking = false;
  #closed = false;

  constructor(
    workspace: Workspace,
    { quietMs = QUIET_MS, retryMs = RETRY_MS, now = (): Date => new Date() }: AutomationOptions = {},
  ) {
    this.#workspace = workspace;
    this.#quietMs = quietMs;
    this.#retryMs = retryMs;
    this.#schedule = new Schedule(join(workspace.paths.home, "schedule.json"), now);
    this.#leave = [
      workspace.onChange(({ partition }) => {
        this.#later(partition === WHOLE ? this.#everywhere() : [partition]);
        void this.#laterWhatCompares(partition);
      }),
      workspace.sessions.onChange(() => this.edited()),
      workspace.looks.onShow((partition) => this.#later([WHOLE, partition])),
    ];
  }

  /** Looks at everything, also at the files of each partition: it may be long since anybody did. */
  async start(): Promise<void> {
    await this.#observe(await this.#ofKind("eager"), this.#everywhere());
    this.#later(this.#everywhere());
  }

  /** Files changed, by their absolute paths: the samples that are read from them are observed again. */
  async filesChanged(paths: readonly string[]): Promise<void> {
    const read = this.#workspace.catalog.partitions
      .all()
      .filter(({ attributes }) => vcfsOf(attributes).some((path) => paths.includes(path)));
    const keys = [...(await this.#ofKind("eager")), ...(await this.#ofKind("lazy"))];
    await this.#observe(
      keys,
      read.map(({ key }) => key),
    );
  }

  /** Notebooks or modules changed: everything is looked at again once no more changes come for a while. */
  edited(): void {
    this.#editedAt = performance.now();
    this.#later(this.#everywhere());
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#clock);
    for (const leave of this.#leave) leave();
    await this.#schedule.close();
  }

  async #ofKind(kind: "eager" | "lazy"): Promise<AssetKey[]> {
    const { graph } = await this.#workspace.definitions();
    return [...graph.assets.values()].flatMap((one) => (policyOf(one).kind === kind ? [one.key] : []));
  }

  /** Observes the files that assets are made from; a file that changed is a change like any other. */
  async #observe(assets: readonly AssetKey[], partitions: readonly PartitionKey[]): Promise<void> {
    for (const partition of assets.length === 0 ? [] : partitions) {
      // What cannot be looked at is said by the run that needs it.
      await this.#workspace.observe(assets, partition).catch(() => null);
    }
  }

  #everywhere(): PartitionKey[] {
    return [WHOLE, ...this.#workspace.catalog.partitions.all().map(({ key }) => key)];
  }

  /** When a sample changes, every partition with an asset that is compared with it has to be looked at. */
  async #laterWhatCompares(partition: PartitionKey): Promise<void> {
    const definitions = await this.#workspace.definitions().catch(() => null);
    if (definitions !== null && isComparedWith(definitions.graph, partition)) this.#later(this.#everywhere());
  }

  #later(partitions: readonly PartitionKey[], leastMs: number = SETTLE_MS): void {
    for (const partition of partitions) this.#pending.add(partition);
    if (this.#closed || this.#looking) return;
    clearTimeout(this.#timer);
    const quiet = this.#editedAt + this.#quietMs - performance.now();
    this.#timer = setTimeout(() => void this.#look(), Math.max(leastMs, quiet));
    this.#timer.unref();
  }

  async #look(): Promise<void> {
    this.#looking = true;
    const left = new Set(this.#pending);
    this.#pending.clear();
    let isFailed = false;
    try {
      await this.#readClock();
      if (!(await this.#isNeeded())) left.clear();
      for (const partition of left) {
        await this.#reconcile(partition).then(
          () => left.delete(partition),
          () => false,
        );
        // There may be thousands: others are answered meanwhile.
        await turn();
      }
    } catch {
      // The next change brings us back, too, such as of definitions that cannot be read now.
      isFailed = true;
    } finally {
      this.#looking = false;
      // What came meanwhile does not wait for what failed.
      if (this.#pending.size > 0) this.#later([...left]);
      else if (isFailed || left.size > 0) this.#later([...left], this.#retryMs);
    }
  }

  /** Whether anything is made by itself; else nothing is remembered of what was. */
  async #isNeeded(): Promise<boolean> {
    const { graph } = await this.#workspace.definitions();
    const isNeeded = [...graph.assets.values()].some((one) => policyOf(one).kind !== "manual");
    if (!isNeeded) this.#tried.clear();
    return isNeeded;
  }

  /** Finds what is due now, has it looked at everywhere, and comes back at the next time of any. */
  async #readClock(): Promise<void> {
    const { graph } = await this.#workspace.definitions();
    const crons = new Map(
      [...graph.assets.values()].flatMap((one) => {
        const policy = policyOf(one);
        return policy.kind === "cron" && !graph.problems.has(one.key)
          ? [[one.key, policy.expression] as const]
          : [];
      }),
    );
    const due = await this.#schedule.due(crons);
    for (const asset of this.#due.keys()) if (!due.has(asset)) this.#due.delete(asset);
    for (const [asset, time] of due) {
      if (this.#due.get(asset)?.time.getTime() === time.getTime()) continue;
      const partitions = graph.assets.get(asset)?.partitioned === true ? this.#samples() : [WHOLE];
      const one = { time, expression: crons.get(asset) ?? "", partitions: new Set(partitions) };
      this.#due.set(asset, one);
      for (const partition of partitions) {
        // What failed before is tried again at its time.
        const tried = new Map(this.#tried.get(partition));
        tried.delete(asset);
        this.#tried.set(partition, tried);
        this.#pending.add(partition);
      }
      await this.#observe([asset], partitions);
      this.#settle(asset, one);
    }
    clearTimeout(this.#clock);
    const wait = this.#schedule.untilNext(crons.values());
    if (wait === null || this.#closed) return;
    this.#clock = setTimeout(() => this.#later([]), Math.min(wait, CLOCK_MS));
    this.#clock.unref();
  }

  #samples(): PartitionKey[] {
    return this.#workspace.catalog.partitions.all().map(({ key }) => key);
  }

  async #reconcile(partition: PartitionKey): Promise<void> {
    // The end of that run is a change, which brings us back.
    if (this.#closed || [...this.#workspace.live.all()].some((run) => run.partition === partition)) return;
    const { graph: whole, refusal } = await this.#workspace.definitions();
    const graph = this.#workspace.standing(whole, partition);
    const asked = wantedAssets(graph, partition, this.#workspace.known(), (definition) =>
      this.#isAsked(definition, partition),
    );
    const states = asked.length === 0 ? new Map() : await this.#workspace.statuses(partition);
    // What is not trusted waits until it is, and keeps nothing else from being made.
    const wanted = asked.filter(({ asset }) => awaited(graph, asset, states, refusal) === null);
    const tried = this.#tried.get(partition) ?? new Map<AssetKey, string>();
    const untried = wanted.filter(({ asset, from }) => tried.get(asset) !== from);
    // Of what is fresh nothing is remembered: it may be erased, and wanted again as it was.
    this.#tried.set(partition, new Map(wanted.map(({ asset, from }) => [asset, from])));
    const run = untried.length === 0 ? null : await this.#run(untried, partition);
    for (const [asset, due] of this.#due) {
      if (run === null || !untried.some((one) => one.asset === asset)) this.#attended(asset, due, partition);
      // One that ends with this server is begun again by the next.
      else void run.ended.catch(() => null).then(() => this.#closed || this.#attended(asset, due, partition));
    }
  }

  /** Whether an asset is to be fresh now. */
  #isAsked(definition: AssetDefinition, partition: PartitionKey): boolean {
    switch (policyOf(definition).kind) {
      case "manual":
        return false;
      case "eager":
        return true;
      case "lazy":
        return this.#workspace.looks.has(definition.place.notebook, partition);
      case "cron":
        return this.#due.get(definition.key)?.partitions.has(partition) === true;
    }
  }

  async #run(
    wanted: readonly { readonly asset: AssetKey }[],
    partition: PartitionKey,
  ): Promise<LiveRun | null> {
    const selection = wanted.map(({ asset }) => asset).join(" or ");
    // A file that is gone, or a full disk: what it needs is said where it is looked at.
    return this.#workspace.startRun(selection, partition, { trustedOnly: true }).catch(() => null);
  }

  /** What is due has been looked at in a partition: it is fresh there, or has been tried. */
  #attended(asset: AssetKey, due: Due, partition: PartitionKey): void {
    if (due.partitions.delete(partition)) this.#settle(asset, due);
  }

  #settle(asset: AssetKey, due: Due): void {
    // Another time may have come meanwhile.
    if (this.#due.get(asset) !== due || due.partitions.size > 0) return;
    this.#due.delete(asset);
    this.#schedule.settle(asset, due.expression, due.time);
    // Pages tell when its next time is.
    this.#workspace.touched(WHOLE);
  }
}
