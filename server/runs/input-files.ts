import type { InputFiles } from "#protocol/kernel-messages.ts";
import type { AssetRecord } from "#protocol/record.ts";

import { objectPath } from "./published-tree.ts";

/** The files of a version, as a kernel reads them. */
export function inputFiles(record: AssetRecord, home: string): InputFiles {
  const { asset, partition, dataVersion, table, facts } = record;
  const files = Object.fromEntries(
    record.files.map(({ name, hash }) => [name, { path: objectPath(home, hash), hash }]),
  );
  const encoded = record.columns.flatMap((column) => (column.encoded === true ? [column.name] : []));
  return { asset, partition, dataVersion, files, table, encoded, facts };
}
