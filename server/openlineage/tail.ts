import { randomBytes } from "node:crypto";
import { appendFile, stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

import * as z from "zod";

import { WorkspaceError } from "#protocol/error.ts";

import { recordOf } from "../catalog/versions.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { withLease } from "../runs/hold-lease.ts";
import { textAt } from "../text-at.ts";
import { writeWhole } from "../write-whole.ts";
import { Names } from "./names.ts";
import { runEvents } from "./run-events.ts";
import type { RunEvent, Told } from "./run-events.ts";

/** Events of the log that are told, and written down as told, together. */
const BATCH = 200;
/** How often a tail that follows looks for more. */
const LOOK_MS = 1_000;
/** What is not answered within this is not there. */
const ANSWER_MS = 30_000;
const LONGEST_WAIT_MS = 60_000;

const FILE: z.ZodType<Kept> = z.strictObject({
  salt: z.string().regex(/^[0-9a-f]{64}$/),
  /** By file or address: number of the last event of the log that was told there. */
  told: z.record(z.string(), z.number()),
});

interface Kept {
  readonly salt: string;
  readonly told: Readonly<Record<string, number>>;
}

export interface TailOptions {
  readonly catalog: Catalog;
  readonly home: string;
  readonly software: string;
  /** An absolute path, or an address of HTTP. */
  readonly place: string;
  /** Goes on until `signal` fires, also when the place cannot be reached for a while. */
  readonly follow: boolean;
  readonly signal: AbortSignal;
  /** Hears how far it is, and what it waits for. */
  readonly progress: (told: number, waitsFor: string | null) => void;
}

/** Whether a place is asked over the network. */
export function isAddress(place: string): boolean {
  return /^https?:\/\//i.test(place);
}

/**
 * Tells a place what runs did, from where it was told last: lines at the end of a file, or a request each. What was told
 * and not written down as told, because somebody ended this in between, is told again, under the same identity.
 *
 * @returns run events that were told
 * @throws {WorkspaceError} `source` for a place that does not take them, unless it follows
 */
export async function tellOpenLineage(options: TailOptions): Promise<number> {
  const { catalog, place, signal, progress } = options;
  return withLease(
    catalog.leases,
    `openlineage ${place}`,
    signal,
    () => tellAll(options),
    () => progress(0, "another command that writes there"),
  );
}

async function tellAll(options: TailOptions): Promise<number> {
  const { follow, signal, progress } = options;
  let told = 0;
  let failures = 0;
  for (;;) {
    try {
      const events = await tellNext(options);
      failures = 0;
      if (events !== null) progress((told += events), null);
      else if (follow) await wait(LOOK_MS, undefined, { signal });
      else return told;
    } catch (error) {
      if (signal.aborted && follow) return told;
      signal.throwIfAborted();
      if (!follow || !(error instanceof WorkspaceError)) throw error;
      progress(told, error.info.message);
      await wait(Math.min(LOOK_MS * 2 ** failures++, LONGEST_WAIT_MS), undefined, { signal }).catch(
        () => null,
      );
    }
  }
}

/** Tells one batch. Null when there is no more. */
async function tellNext({ catalog, home, software, place, signal }: TailOptions): Promise<number | null> {
  const path = join(home, "openlineage.json");
  // Other commands, that tell other places, write there too.
  const alone = <T>(work: () => Promise<T>): Promise<T> =>
    withLease(catalog.leases, "openlineage", signal, work);
  const kept = (await read(path)) ?? (await alone(() => readOrBegin(path)));
  // A file that is gone is begun anew.
  const from = isAddress(place) || (await hasFile(place)) ? (kept.told[place] ?? 0) : 0;
  const logged = catalog.after(from, BATCH);
  const last = logged.at(-1);
  if (last === undefined) return null;
  const told: Told = {
    names: new Names(kept.salt, catalog.partitions.everyone()),
    software,
    columnsOf: (asset, partition, version) =>
      recordOf(catalog.versions.at(asset, partition, version))?.columns ?? null,
    eventsOfRun: (run) => catalog.eventsOfRun(run),
  };
  const events = logged.flatMap((one) => runEvents(one, told));
  if (isAddress(place)) for (const event of events) await post(place, event, signal);
  else await append(place, events);
  await alone(async () => {
    const now = await readOrBegin(path);
    await writeWhole(path, `${JSON.stringify({ ...now, told: { ...now.told, [place]: last.seq } })}\n`);
  });
  return events.length;
}

/** Null where there is none, or what is not ours. */
async function read(path: string): Promise<Kept | null> {
  const text = await textAt(path);
  try {
    return FILE.parse(JSON.parse(text ?? ""));
  } catch {
    return null;
  }
}

async function readOrBegin(path: string): Promise<Kept> {
  const there = await read(path);
  if (there !== null) return there;
  // With another salt all have other names.
  const kept = { salt: randomBytes(32).toString("hex"), told: {} };
  await writeWhole(path, `${JSON.stringify(kept)}\n`);
  return kept;
}

async function hasFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}

/** Adds whole lines or none. */
async function append(path: string, events: readonly RunEvent[]): Promise<void> {
  const before = (await stat(path).catch(() => null))?.size ?? 0;
  try {
    const lines = events.map((event) => `${JSON.stringify(event)}\n`).join("");
    await appendFile(path, lines, { mode: 0o600, flush: true });
  } catch (error) {
    await truncate(path, before).catch(() => null);
    const detail = error instanceof Error ? error.message : String(error);
    throw new WorkspaceError(
      { code: "source", message: `cannot be written: ${path}`, hint: "Choose another file.", detail },
      { cause: error },
    );
  }
}

/** @throws {WorkspaceError} `source` when it is not answered with success; where it leads elsewhere is not followed */
async function post(address: string, event: RunEvent, signal: AbortSignal): Promise<void> {
  const refused = (what: string, cause?: unknown): WorkspaceError =>
    new WorkspaceError(
      {
        code: "source",
        message: `${new URL(address).host} ${what}`,
        hint: "What it was not told yet is told the next time.",
      },
      { cause },
    );
  const answer = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(event),
    redirect: "manual",
    signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
  }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw refused("does not answer", error);
  });
  await answer.body?.cancel();
  if (!answer.ok) throw refused(`answers ${answer.status}`);
}
