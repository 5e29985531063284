import { readdir } from "node:fs/promises";
import { join } from "node:path";

import { duckdb } from "../../../kernel/engines/duckdb.ts";
import { engines } from "../../../kernel/engines/index.ts";
import { machineLimits } from "../../../kernel/engines/limits.ts";
import { joinReference } from "../../../kernel/reference/join.ts";
import { shardContig } from "../../../kernel/reference/columns.ts";

/* What a cell of type join does, without the workspace around it: ENGINE SHARDS COLUMNS SCRATCH together|alone VARIANTS… */

const [name, folder = "", columns = "", scratch = "", how, ...variants] = process.argv.slice(2);
const engine = engines.find((one) => one.name === name);
if (engine === undefined || variants.length === 0) {
  throw new Error("ENGINE SHARDS COLUMNS SCRATCH together|alone VARIANTS…");
}
const spillDirectory = join(scratch, "spill");
const shards = new Map(
  (await readdir(folder)).flatMap((file) => {
    const contig = shardContig(file);
    return contig === null ? [] : [[contig, join(folder, file)] as const];
  }),
);
const samples = variants.map((path, at) => ({
  variants: path,
  target: join(scratch, `joined-${at}.parquet`),
}));
const facts = await duckdb.open({ spillDirectory });
const context = {
  spill: spillDirectory,
  limits: machineLimits(),
  signal: new AbortController().signal,
  progress: (): void => {},
};
for (const batch of how === "together" ? [samples] : samples.map((sample) => [sample])) {
  const request = {
    samples: batch,
    shards,
    columns: columns === "all" ? null : columns.split(","),
    scratch: join(scratch, "between"),
  };
  await joinReference(request, engine, facts, context);
}
facts.close();
