import { rm } from "node:fs/promises";
import { join } from "node:path";

import type { Connection, Engine } from "../engines/engine.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { joinReference } from "./join.ts";
import type { JoinContext } from "./join.ts";
import { prepare } from "./prepared.ts";

export interface TogetherRequest {
  readonly samples: readonly { readonly path: string; readonly hash: string }[];
  readonly shards: ReadonlyMap<string, string>;
  /** Identity of the reference. */
  readonly reference: string;
  /** Columns of the reference to take over; null: all. */
  readonly columns: readonly string[] | null;
  readonly engine: Engine;
}

export interface TogetherContext extends JoinContext {
  readonly software: string;
  connectShared(): Promise<Connection>;
}

/** Joins several samples in one pass over the reference. The results wait for the steps of their partitions. */
export async function joinTogether(
  { samples, shards, reference, columns, engine }: TogetherRequest,
  context: TogetherContext,
): Promise<{ samples: number; seconds: number }> {
  const began = performance.now();
  const scratch = await temporaryDirectory(context.spill, "together");
  const facts = await context.connectShared();
  try {
    const targets = samples.map(({ path, hash }, index) => ({
      variants: path,
      hash,
      target: join(scratch, `sample-${index}.parquet`),
    }));
    const request = { samples: targets, shards, columns, scratch: join(scratch, "between") };
    const summaries = await joinReference(request, engine, facts, context);
    const seconds = (performance.now() - began) / 1000;
    for (const [index, summary] of summaries.entries()) {
      const sample = targets[index];
      if (sample === undefined) continue;
      const key = { variants: sample.hash, reference, columns, engine, software: context.software };
      await prepare(context.spill, key, sample.target, { ...summary, samples: samples.length, seconds });
    }
    return { samples: samples.length, seconds };
  } finally {
    facts.close();
    await rm(scratch, { recursive: true, force: true });
  }
}
