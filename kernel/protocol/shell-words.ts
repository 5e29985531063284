import type { AssetKey, PartitionKey } from "./ids.ts";
import { WHOLE } from "./ids.ts";

/** What no shell reads as anything but itself. */
const PLAIN = /^[\p{L}\p{N}_@%+=:,./-]+$/u;

/** A value in a command that is shown to be copied, as a shell takes it: in quotes where it needs them. */
export function shellWord(value: string): string {
  return PLAIN.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`;
}

/** The command that makes an asset. */
export function makeCommand(asset: AssetKey, partition: PartitionKey): string {
  const option = partition === WHOLE ? "" : ` --partition ${shellWord(partition)}`;
  return `karyon asset materialize --select ${asset}${option}`;
}

/** The command that lists the versions of an asset. */
export function historyCommand(asset: AssetKey, partition: PartitionKey): string {
  return ["karyon history", asset, ...(partition === WHOLE ? [] : [shellWord(partition)])].join(" ");
}
