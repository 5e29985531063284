import { rm } from "node:fs/promises";
import { join } from "node:path";

import type { Connection, Engine } from "../engines/engine.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { UnfitSample, joinReference } from "./join.ts";
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

/**
 * Joins several samples in one pass over the reference. The results wait for the steps of their partitions. A sample
 * that cannot be joined is left out: its step says why, and the others do not wait for that.
 */
export async function joinTogether(
  request: TogetherRequest,
  context: TogetherContext,
): Promise<{ samples: number; seconds: number }> {
  try {
    return await joinAll(request, context);
  } catch (error) {
    if (!(error instanceof UnfitSample)) throw error;
    const samples = request.samples.toSpliced(error.sample, 1);
    return samples.length === 0 ? { samples: 0, seconds: 0 } : joinTogether({ ...request, samples }, context);
  }
}

async function joinAll(
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
