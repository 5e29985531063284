import { join } from "node:path";

import { polars } from "../../kernel/engines/polars.ts";

/* Streams a table ten times on Polars and prints how many MiB the process held at most: FOLDER PARQUET */

const TIMES = 10;

const [folder = "", parquet = ""] = process.argv.slice(2);
const connection = await polars.open({ spillDirectory: join(folder, "spill") });
await connection.register("t", parquet);
for (let time = 0; time < TIMES; time++) {
  for await (const _ of connection.stream("select * from t").messages);
}
connection.close();
process.stdout.write(String(process.resourceUsage().maxRSS / 1024));
