import type { AssetKey, CodeVersion, PartitionKey } from "#protocol/ids.ts";
import type { AssetRecord, InputVersion } from "#protocol/record.ts";

import type { Catalog } from "../catalog/catalog.ts";
import { isStored } from "./published-tree.ts";

/** Earlier versions that are looked through: the ones that a person goes back and forth between. */
const MOST_VERSIONS = 50;

/** What a result follows from. */
export interface Origin {
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  readonly codeVersion: CodeVersion;
  readonly inputs: readonly InputVersion[];
}

/**
 * The latest materialisation that was computed by the same code from the same inputs and whose files are all still
 * stored; null when there is none. A reader checks their content, as of every object.
 */
export function earlierResult(
  catalog: Catalog,
  home: string,
  { asset, partition, codeVersion, inputs }: Origin,
): AssetRecord | null {
  for (const record of catalog.versions.history(asset, partition, MOST_VERSIONS)) {
    const same = record.codeVersion === codeVersion && sameInputs(record.inputs, inputs);
    // One that was itself taken over stands for another, which is found after it.
    if (same && record.takenFrom === undefined && isStored(record, home)) return record;
  }
  return null;
}

function sameInputs(a: readonly InputVersion[], b: readonly InputVersion[]): boolean {
  const words = (inputs: readonly InputVersion[]): string =>
    JSON.stringify(
      inputs.map(({ asset, partition, dataVersion }) => [asset, partition, dataVersion].join(" ")).toSorted(),
    );
  return words(a) === words(b);
}
