import * as z from "zod";

import type { DataVersion } from "#protocol/ids.ts";
import { bytes, counted } from "#protocol/numerals.ts";
import type { Shard } from "#protocol/reference.ts";

import { cachedShards, readSnapshot } from "../reference/shards.ts";
import type { CellType } from "./cell-type.ts";
import { hashValue } from "./hash-value.ts";
import { readYaml } from "./yaml-cell.ts";

const SHAPE = z.strictObject({
  /** `OWNER/NAME` of the dataset. */
  repo: z.string(),
  /** Branch, tag or commit that a download takes. */
  revision: z.string().default("main"),
});

/** What is remembered of a dataset that was looked at. */
export interface DatasetFacts {
  readonly repo: string;
  /** Commit; null when the files were not downloaded by Karyon: nobody says then what they are. */
  readonly revision: string | null;
  readonly shards: readonly Shard[];
}

/**
 * `yaml NAME source=huggingface`: a dataset of the Hugging Face hub, as it lies in the cache. Looking at it asks
 * nobody on the network: only `karyon download-ensembl` does.
 */
export const huggingFace: CellType = {
  name: "huggingface",
  code: import.meta.url,
  takes: (cell) => cell.language === "yaml" && cell.attributes["source"] === "huggingface",
  analyse: (cell) => {
    readYaml(cell, SHAPE);
    return Promise.resolve({ inputs: [], parts: {}, output: "none", external: true });
  },
  async observe(cell, _attributes, { cache, signal, progress }) {
    const { repo } = readYaml(cell, SHAPE);
    progress({ phase: `looking at ${repo} in the cache` });
    const shards = await cachedShards(cache, signal);
    const snapshot = await readSnapshot(cache);
    const revision = snapshot?.repo === repo ? snapshot.revision : null;
    const facts: DatasetFacts = { repo, revision, shards };
    const size = shards.reduce((sum, shard) => sum + shard.bytes, 0);
    return {
      dataVersion: hashValue(facts) as DataVersion,
      parts: Object.fromEntries(shards.map(({ file, sha256 }) => [file, sha256])),
      summary: `${repo} · ${revision?.slice(0, 12) ?? "revision not stated"} · ${counted(shards.length, "file")}, ${bytes(size)}`,
      facts,
    };
  },
};
