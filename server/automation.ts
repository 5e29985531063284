import { isComparedWith } from "#graph/staleness.ts";
import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import { WHOLE } from "#protocol/ids.ts";
import { vcfsOf } from "#protocol/vcf-files.ts";

import { isEager, wantedAssets } from "./session/automation.ts";
import type { Workspace } from "./workspace.ts";

/** A person who types is not interrupted by runs. */
const QUIET_MS = 2_000;
/** Changes come in bursts. */
const SETTLE_MS = 200;

/**
 * Makes eager assets by themselves. What counts is how things stand, not what happened: on every change the eager
 * assets that are missing or stale are made, so that no change is ever lost. What failed is tried again only when it
 * would be made from something else.
 */
export class Automation {
  readonly #workspace: Workspace;
  readonly #quietMs: number;
  readonly #pending = new Set<PartitionKey>();
  /** What each asset that is still wanted was last tried from. */
  readonly #tried = new Map<PartitionKey, ReadonlyMap<AssetKey, string>>();
  readonly #leave: readonly (() => void)[];
  #editedAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  #looking = false;
  #closed = false;

  constructor(workspace: Workspace, quietMs: number = QUIET_MS) {
    this.#workspace = workspace;
    this.#quietMs = quietMs;
    this.#leave = [
      workspace.onChange(({ partition }) => {
        this.#later(partition === WHOLE ? this.#everywhere() : [partition]);
        void this.#laterWhatCompares(partition);
      }),
      workspace.sessions.onChange(() => this.edited()),
    ];
  }

  /** Looks at everything, also at the files of each partition: it may be long since anybody did. */
  async start(): Promise<void> {
    await this.#observe(this.#everywhere());
    this.#later(this.#everywhere());
  }

  /** Files changed, by their absolute paths: the samples that are read from them are observed again. */
  async filesChanged(paths: readonly string[]): Promise<void> {
    const read = this.#workspace.catalog.partitions
      .all()
      .filter(({ attributes }) => vcfsOf(attributes).some((path) => paths.includes(path)));
    await this.#observe(read.map(({ key }) => key));
  }

  /** Notebooks or modules changed: everything is looked at again once no more changes come for a while. */
  edited(): void {
    this.#editedAt = performance.now();
    this.#later(this.#everywhere());
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const leave of this.#leave) leave();
  }

  /** Observes the files that eager assets are made from; a file that changed is a change like any other. */
  async #observe(partitions: readonly PartitionKey[]): Promise<void> {
    const { graph } = await this.#workspace.definitions();
    const eager = [...graph.assets.values()]
      .filter((definition) => isEager(definition))
      .map(({ key }) => key);
    for (const partition of eager.length === 0 ? [] : partitions) {
      // What cannot be looked at is said by the run that needs it.
      await this.#workspace.observe(eager, partition).catch(() => null);
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

  #later(partitions: readonly PartitionKey[]): void {
    for (const partition of partitions) this.#pending.add(partition);
    if (this.#closed || this.#looking) return;
    clearTimeout(this.#timer);
    const quiet = this.#editedAt + this.#quietMs - performance.now();
    this.#timer = setTimeout(() => void this.#look(), Math.max(SETTLE_MS, quiet));
    this.#timer.unref();
  }

  async #look(): Promise<void> {
    this.#looking = true;
    const partitions = [...this.#pending];
    this.#pending.clear();
    try {
      for (const partition of partitions) await this.#reconcile(partition);
    } catch {
      // Definitions that cannot be read now are looked at again when they change.
    } finally {
      this.#looking = false;
      if (this.#pending.size > 0) this.#later([]);
    }
  }

  async #reconcile(partition: PartitionKey): Promise<void> {
    // The end of that run is a change, which brings us back.
    if (this.#closed || [...this.#workspace.live.all()].some((run) => run.partition === partition)) return;
    const graph = await this.#workspace.graphOf(partition);
    const wanted = wantedAssets(graph, partition, this.#workspace.known());
    const tried = this.#tried.get(partition) ?? new Map<AssetKey, string>();
    const untried = wanted.filter(({ asset, from }) => tried.get(asset) !== from);
    // Of what is fresh nothing is remembered: it may be erased, and wanted again as it was.
    this.#tried.set(partition, new Map(wanted.map(({ asset, from }) => [asset, from])));
    if (untried.length === 0) return;
    const selection = untried.map(({ asset }) => asset).join(" or ");
    // A notebook that is not trusted, or a file that is gone: what it needs is said where it is looked at.
    await this.#workspace.startRun(selection, partition, { trustedOnly: true }).catch(() => null);
  }
}
