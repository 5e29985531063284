import { readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

import * as z from "zod";

import type { Connection } from "../engines/engine.ts";
import { parquetRows } from "../engines/parquet-rows.ts";

/** Bases that REF and an alternate of a row may have in common, at the most: all alternates together are as long as each. */
export const LONGEST = "least(length(ref), length(alt))";

/** Beside the shards: of each, what it was when it was looked at, and what was found. */
const KEPT_FILE = "longest-in-common.json";
const KEPT = z.record(z.string(), z.object({ mark: z.string(), longest: z.number() }));

/**
 * Bases that REF and an alternate of a row of the shards may have in common, at the most. Each shard is looked at once,
 * and again when its mark is another one: all its rows are read for it. `marks`: path → what tells a shard from others.
 */
export async function longestInCommon(
  marks: ReadonlyMap<string, string>,
  facts: Connection,
): Promise<number> {
  let longest = 0;
  for (const folder of new Set([...marks.keys()].map((path) => dirname(path)))) {
    const kept = await readKept(folder);
    const found = { ...kept };
    for (const [path, mark] of marks) {
      if (dirname(path) !== folder) continue;
      const known = kept[basename(path)];
      const shard = known?.mark === mark ? known : { mark, longest: await longestOf(path, facts) };
      found[basename(path)] = shard;
      longest = Math.max(longest, shard.longest);
    }
    // A cache that others own may not be written to: then they are looked at each time.
    const text = JSON.stringify(found);
    if (text !== JSON.stringify(kept)) await writeFile(join(folder, KEPT_FILE), text).catch(() => {});
  }
  return longest;
}

async function longestOf(path: string, facts: Connection): Promise<number> {
  const [row] = await facts.rows<{ longest: number | null }>(
    `select max(${LONGEST}) as longest from ${parquetRows(path)}`,
  );
  return row?.longest ?? 0;
}

async function readKept(folder: string): Promise<z.output<typeof KEPT>> {
  const text = await readFile(join(folder, KEPT_FILE), "utf8").catch(() => null);
  try {
    return text === null ? {} : KEPT.parse(JSON.parse(text));
  } catch {
    return {};
  }
}
