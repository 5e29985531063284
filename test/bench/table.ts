import { join } from "node:path";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import { fileOf } from "./benchmark.ts";
import type { Benchmark, Case, Contender } from "./benchmark.ts";
import { programWords } from "./programs.ts";

const LOOKS = [
  { words: "a page", look: "jump" },
  { words: "sorted", look: "sort" },
  { words: "an rsID", look: "rsid" },
  { words: "a filter stopped", look: "stop" },
] as const;

function look(name: string, how: "tables" | "bare"): Contender {
  return {
    name,
    program: process.execPath,
    words: (one, scratch) => [
      ...programWords("table"),
      how,
      scratch,
      fileOf(one, "TABLE.parquet"),
      LOOKS.find(({ words }) => one.label?.endsWith(words))?.look ?? "jump",
    ],
    reportsItself: true,
  };
}

/** A large table as the page looks at it. */
export const table: Benchmark = {
  name: "table",
  title: "A page of a large table",
  about:
    "A hundred rows from twenty places of a position-sorted table, the median time of one; and the first hundred " +
    "after sorting by another column. The page's own way beside the bare query: that of a sort finds a hundred rows " +
    "alone, where the page's makes every later page of that order cost the same. An rsID is looked up where its " +
    "index is made, beside a pass over the column; and a filter over all rows is timed from its stop to its end. " +
    "Times are stated by the programs.",
  contenders: [look("table of the page", "tables"), look("bare query", "bare")],
  statesTime: true,
  async prepare({ tables, folder, say }) {
    const cases: Case[] = [];
    for (const rows of tables) {
      const path = join(folder, `table-${rows}.parquet`);
      await makeTable(rows, path, folder);
      say(`table of ${rows} rows`);
      const one = { path, records: rows, bytes: 0, files: { "TABLE.parquet": path } };
      const size = `${rows.toLocaleString("en")} rows`;
      for (const { words } of LOOKS) cases.push({ ...one, label: `${size}, ${words}` });
    }
    return cases;
  },
};

/** Variants at rising positions of 25 contigs. */
async function makeTable(rows: number, path: string, folder: string): Promise<void> {
  const connection = await duckdb.open({ spillDirectory: join(folder, "spill") });
  try {
    await connection.sink(
      `select (i * 25 // ${rows})::varchar as chrom, (i % (${rows} // 25) * 60)::integer as start,
        substr('ACGT', (hash(i) % 4)::integer + 1, 1) as ref, substr('GTAC', (hash(i + 1) % 4)::integer + 1, 1) as alt,
        'rs' || (hash(i) % 1000000000) as rsid, (hash(i + 2) % 1000 / 10)::float as qual,
        (hash(i + 3) % 60)::integer as dp, (hash(i + 4) % 10000 / 10000)::float as af
      from range(${rows}) t(i)`,
      path,
    );
  } finally {
    connection.close();
  }
}
