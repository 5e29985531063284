import { join } from "node:path";

import type { AssetDefinition } from "#graph/definition.ts";
import { partsOn } from "#graph/run-engine.ts";
import { codeVersion, dataVersion, writtenVersion } from "#graph/versions.ts";
import { errorInfo, withoutValues } from "#protocol/error.ts";
import type { ErrorInfo } from "#protocol/error.ts";
import type { AssetKey, PartitionKey, RunId } from "#protocol/ids.ts";
import type { StepOrder } from "#protocol/kernel-messages.ts";
import type { AssetRecord } from "#protocol/record.ts";

import { timeLimit, timedOut } from "../session/time-limit.ts";
import { earlierResult } from "./earlier-result.ts";
import type { Origin } from "./earlier-result.ts";
import { holdLease } from "./hold-lease.ts";

import type { At, RunContext } from "./run-context.ts";
import { comparedInputs, inputsOf, othersOf } from "./step-inputs.ts";
import { tryStep } from "./try-step.ts";

/** Makes one asset under its lease and writes down what came of it. Returns the failure, null when it is made. */
export async function makeAsset(
  definition: AssetDefinition,
  at: At,
  partition: PartitionKey,
  failed: ReadonlyMap<AssetKey, ErrorInfo>,
  context: RunContext,
  signal: AbortSignal,
): Promise<ErrorInfo | null> {
  const { catalog } = context;
  const lease = await holdLease(catalog.leases, `${at.asset} ${at.partition}`, at.run, signal, (other) => {
    context.waits(at.asset, other);
  }).catch(errorInfo);
  context.waits(at.asset, null);
  if ("code" in lease) {
    catalog.append(
      lease.code === "cancelled"
        ? { type: "step_cancelled", ...at }
        : { type: "step_failed", ...at, error: lease },
    );
    return lease;
  }
  const limit = timeLimit(definition);
  const late = limit === null ? null : new AbortController();
  let timer: NodeJS.Timeout | undefined;
  try {
    // Another run may have made it while we waited, or a person pinned it.
    const { state } = context.status(at.asset);
    if (state === "held" || (lease.waited && state === "fresh")) {
      catalog.append({ type: "step_skipped", ...at, reason: state === "held" ? state : "unchanged" });
      return null;
    }
    const madeAt = new Date().toISOString();
    const inputs = inputsOf(definition, partition, context, failed);
    const engine = context.engineOf(definition);
    const parts = partsOn(definition, context.partsOf(definition), engine);
    const chosen = engine === null ? {} : { runEngine: engine };
    const origin: Origin = {
      asset: at.asset,
      partition: at.partition,
      codeVersion: codeVersion(definition.kind, parts),
      inputs: inputs.map(({ asset, partition: of, dataVersion: version }) => ({
        asset,
        partition: of,
        dataVersion: version,
      })),
    };
    const earlier = followsFromIts(definition, failed) ? earlierResult(catalog, context.home, origin) : null;
    if (earlier !== null) {
      const { seq: from, ...known } = earlier;
      const takenFrom = { seq: from, run: known.run, madeAt: known.madeAt };
      const record = { ...known, ...at, parts, madeAt, takenFrom };
      await conclude(record, at, context);
      return null;
    }
    catalog.append({ type: "step_started", ...at });
    context.changed();
    const order: StepOrder & { readonly run: RunId } = {
      ...at,
      kind: definition.kind,
      cell: { name: definition.key, ...definition.cell },
      attributes: context.attributes,
      inputs,
      others: othersOf(definition, partition, context),
      engine,
      absent: definition.inputs.flatMap((asset) => {
        const error = failed.get(asset);
        return error === undefined ? [] : [{ asset, error }];
      }),
      madeAt,
      staging: join(context.home, "staging", `${at.run}-${encodeURIComponent(at.asset)}`),
      objects: join(context.home, "objects"),
    };
    if (limit !== null) timer = setTimeout(() => late?.abort(), limit);
    const produced = await tryStep(
      order,
      context,
      late === null ? signal : AbortSignal.any([signal, late.signal]),
    );
    const { parts: madeOf = parts } = produced;
    const record = {
      ...produced,
      ...at,
      ...origin,
      codeVersion: codeVersion(definition.kind, madeOf),
      inputs: [...origin.inputs, ...comparedInputs(definition, order.others)],
      parts: madeOf,
      dataVersion: dataVersion(produced.files),
      bytes: produced.files.reduce((sum, file) => sum + file.bytes, 0),
      software: context.software,
      madeAt,
      ...chosen,
    };
    await conclude(record, at, context);
    return null;
  } catch (error) {
    const isLate = late?.signal.aborted === true && !signal.aborted;
    const info = isLate ? timedOut(definition) : errorInfo(error);
    catalog.append(
      info.code === "cancelled"
        ? { type: "step_cancelled", ...at }
        : {
            type: "step_failed",
            ...at,
            error: withoutValues(info),
            written: writtenVersion(definition, context.partsOf(definition)),
          },
    );
    context.failed(at, info);
    return info;
  } finally {
    clearTimeout(timer);
    lease.release();
  }
}

/** Writes a materialisation down, which moves the head, and shows its files; not where a person pinned what stands meanwhile. */
async function conclude(record: Omit<AssetRecord, "seq">, at: At, context: RunContext): Promise<void> {
  if (context.status(at.asset).state === "held") {
    context.catalog.append({ type: "step_skipped", ...at, reason: "held" });
    return;
  }
  const seq = context.catalog.append({ type: "materialised", ...at, record });
  await context.published({ seq, ...record });
}

/** Whether the result follows from code and inputs alone: not from what failed, nor from what was there before. */
function followsFromIts(
  { inputs, others }: AssetDefinition,
  failed: ReadonlyMap<AssetKey, ErrorInfo>,
): boolean {
  return others.length === 0 && !inputs.some((input) => failed.has(input));
}
