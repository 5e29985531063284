import { statSync } from "node:fs";
import { basename } from "node:path";

import { isDisabled } from "#graph/definition.ts";
import { upstreamClosure } from "#graph/graph.ts";
import type { Graph } from "#graph/graph.ts";
import { partitionOf } from "#graph/staleness.ts";
import { errorInfo } from "#protocol/error.ts";
import { WHOLE } from "#protocol/ids.ts";
import type { ErrorInfo } from "#protocol/error.ts";
import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import type { PartitionAttributes } from "#protocol/record.ts";
import { shellWord } from "#protocol/shell-words.ts";
import { namesInShort, vcfsOf } from "#protocol/vcf-files.ts";

import type { Catalog } from "./catalog/catalog.ts";
import type { Kernels } from "./kernels/kernels.ts";
import { versionOf } from "./known-versions.ts";

/**
 * Looks at the externals above `targets` and writes down what changed.
 *
 * @returns those that are not there, with why
 */
export async function observeExternals(
  { catalog, kernels }: { readonly catalog: Catalog; readonly kernels: Kernels },
  graph: Graph,
  targets: Iterable<AssetKey>,
  partition: PartitionKey,
  signal?: AbortSignal,
): Promise<Map<AssetKey, ErrorInfo>> {
  const absent = new Map<AssetKey, ErrorInfo>();
  for (const key of upstreamClosure(graph, targets)) {
    const definition = graph.assets.get(key);
    if (definition?.external !== true || graph.problems.has(key) || isDisabled(definition)) continue;
    const at = partitionOf(graph, key, partition);
    const attributes = catalog.partitions.get(at)?.attributes ?? {};
    const reply = await kernels
      .ask(
        { type: "observe", kind: definition.kind, cell: { name: key, ...definition.cell }, attributes },
        { signal },
      )
      .catch((error: unknown) => {
        const info = errorInfo(error);
        // What is not there, or off, stops what needs it and nothing else.
        if (info.code !== "asset" && info.code !== "source") throw error;
        absent.set(key, info);
        return null;
      });
    const observation = reply !== null && "observation" in reply ? reply.observation : null;
    if (observation === null && !absent.has(key)) absent.set(key, notThere(key, at, attributes));
    // Nothing is written down of one that was erased while it was looked at.
    if (at !== WHOLE && catalog.partitions.get(at) === null) continue;
    const head = versionOf(catalog.versions.head(key, at));
    const before = catalog.versions.lastFailure(key, at)?.event;
    const error = absent.get(key);
    if (error !== undefined) {
      const isKnown = before?.type === "absent" && before.error.message === error.message;
      // Of what was never there it is known that nobody has seen it.
      if (head !== null && !isKnown) catalog.append({ type: "absent", asset: key, partition: at, error });
    } else if (
      observation !== null &&
      (head?.dataVersion !== observation.dataVersion || before?.type === "absent")
    ) {
      catalog.append({ type: "observed", asset: key, partition: at, observation });
    }
  }
  return absent;
}

function notThere(key: AssetKey, partition: PartitionKey, attributes: PartitionAttributes): ErrorInfo {
  const gone = vcfsOf(attributes).filter(
    (path) => statSync(path, { throwIfNoEntry: false })?.isFile() !== true,
  );
  const one = `the genome file of ${partition} is not there: ${basename(gone[0] ?? "")}`;
  return {
    code: "source",
    message:
      attributes.vcf === undefined
        ? `${partition} has no genome file`
        : gone.length < 2
          ? one
          : `genome files of ${partition} are not there: ${namesInShort(gone.map((path) => basename(path)))}`,
    hint: `Say where it is: karyon partitions add ${shellWord(partition)} --vcf FILE`,
    cell: key,
  };
}
