/** Addresses of the server, in one place. */
import type { AssetKey, DataVersion, PartitionKey } from "#protocol/ids.ts";
import { WHOLE } from "#protocol/ids.ts";
import type { TableView } from "#protocol/messages.ts";

export function socketUrl(page: Pick<Location, "protocol" | "host">): string {
  return `${page.protocol === "https:" ? "wss" : "ws"}://${page.host}/api/socket`;
}

/** Answers whoever may use the server, and refuses anyone else. */
export function healthUrl(): string {
  return "/api/health";
}

/** Where a tab says by which key it will be known. */
export function tabsUrl(): string {
  return "/api/tabs";
}

/** A file of an asset's output, the current one or that of a version; `name` is its path inside the output. */
export function fileUrl(
  asset: AssetKey,
  partition: PartitionKey,
  name: string,
  version?: DataVersion,
): string {
  // An asset or a partition is one segment, whatever slashes are in it; a name is as many as it has.
  const parts = [asset, partition === WHOLE ? "-" : partition, ...name.split("/")];
  const query = version === undefined ? "" : `?version=${version}`;
  return `/api/files/${parts.map(encodeURIComponent).join("/")}${query}`;
}

/** A notebook that was exported, as a file to keep. */
export function exportedUrl(name: string): string {
  return `/api/exported/${encodeURIComponent(name)}`;
}

/** The rows of an asset's table under a view, as a file to keep. */
export function exportUrl(
  asset: AssetKey,
  partition: PartitionKey,
  format: string,
  view: TableView,
  version?: DataVersion,
): string {
  const parts = [asset, partition === WHOLE ? "-" : partition, format].map(encodeURIComponent).join("/");
  const asked = [
    ...(Object.keys(view).length === 0 ? [] : [`view=${encodeURIComponent(JSON.stringify(view))}`]),
    ...(version === undefined ? [] : [`version=${version}`]),
  ];
  return `/api/export/${parts}${asked.length === 0 ? "" : `?${asked.join("&")}`}`;
}
