import * as z from "zod";

import { upstreamClosure } from "#graph/graph.ts";
import { select as selectAssets } from "#graph/selection.ts";
import { partitionOf } from "#graph/staleness.ts";
import { WHOLE } from "#protocol/ids.ts";
import type { AssetKey, DataVersion, PartitionKey } from "#protocol/ids.ts";

import { table } from "./format.ts";
import { defineVerb } from "./verb.ts";
import type { AnyVerb, VerbScope } from "./verb.ts";

const PARAMETERS = z.strictObject({
  select: z.string().optional(),
  partition: z.string().optional(),
});

interface Observed {
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  /** `absent`: it is not there, or cannot be read: `why` says it. */
  readonly state: "changed" | "same" | "absent";
  /** Of what is there now; null when absent. */
  readonly data_version: DataVersion | null;
  readonly summary: string | null;
  readonly why: string | null;
}

export const observe: AnyVerb = defineVerb<
  z.output<typeof PARAMETERS>,
  { readonly observed: readonly Observed[] }
>({
  name: "observe",
  parameters: PARAMETERS,
  declare(program, ask) {
    program
      .command("observe [selection]")
      .description(
        "look at what comes from outside (files, folders, modules, references) and write down what changed",
      )
      .option("--partition <key>", "of one sample: USER/SAMPLE; without it, of all")
      .action((select: string | undefined, options) => ask({ select, ...options }));
  },
  async run({ select, partition }, scope) {
    const { catalog } = scope.workspace;
    const partitions =
      partition === undefined
        ? catalog.partitions.all().map(({ key }) => key)
        : [scope.workspace.partition(partition)];
    const seen = new Map<string, Observed>();
    for (const at of [WHOLE, ...partitions]) {
      scope.signal.throwIfAborted();
      // What has no partitions is looked at first, once.
      for (const one of await observed(select, at, scope)) {
        const place = JSON.stringify([one.asset, one.partition]);
        if (!seen.has(place)) seen.set(place, one);
      }
    }
    return { observed: [...seen.values()] };
  },
  print: ({ observed }) =>
    observed.length === 0
      ? "Nothing of it comes from outside."
      : table(
          observed.map(({ asset, partition: at, state, summary, why }) => [
            { changed: "●", same: "·", absent: "–" }[state],
            asset,
            at,
            state,
            why ?? summary ?? "",
          ]),
        ),
});

/** What a selection is made from that comes from outside; in the whole workspace, what has no partitions. */
async function observed(
  selection: string | undefined,
  partition: PartitionKey,
  { workspace, signal }: VerbScope,
): Promise<Observed[]> {
  const { catalog } = workspace;
  const graph = await workspace.graphOf(partition);
  const chosen =
    selection === undefined
      ? [...graph.assets.keys()]
      : selectAssets(selection, graph, { partition, statuses: await workspace.statuses(partition) });
  const targets = [...upstreamClosure(graph, chosen)].filter((key) => {
    const definition = graph.assets.get(key);
    return definition?.external === true && definition.partitioned === (partition !== WHOLE);
  });
  const head = (key: AssetKey): DataVersion | null => {
    const found = catalog.versions.head(key, partitionOf(graph, key, partition));
    return found?.kind === "observation" ? found.observation.dataVersion : null;
  };
  const before = new Map(targets.map((key) => [key, head(key)]));
  const absent = await workspace.observe(targets, partition, signal);
  return targets.map((asset): Observed => {
    const at = partitionOf(graph, asset, partition);
    const missing = absent.get(asset) ?? graph.problems.get(asset);
    if (missing !== undefined) {
      return {
        asset,
        partition: at,
        state: "absent",
        data_version: null,
        summary: null,
        why: missing.message,
      };
    }
    const now = catalog.versions.head(asset, at);
    const version = head(asset);
    return {
      asset,
      partition: at,
      state: version === before.get(asset) ? "same" : "changed",
      data_version: version,
      summary: now?.kind === "observation" ? now.observation.summary : null,
      why: null,
    };
  });
}
