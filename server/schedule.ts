import { readFile } from "node:fs/promises";

import * as z from "zod";

import type { AssetKey } from "#protocol/ids.ts";

import { lastTime, nextTime } from "./session/cron.ts";
import { writeWhole } from "./write-whole.ts";

const FILE: z.ZodType<Record<string, Settled>> = z.record(
  z.string(),
  z.strictObject({ expression: z.string(), until: z.string() }),
);

interface Settled {
  readonly expression: string;
  /** Up to then (ISO 8601, UTC) every time has been attended to. */
  readonly until: string;
}

/**
 * When assets with a cron expression are due, and which of their times have been attended to: kept over restarts, so that
 * a time that passed while no server ran, or that a killed one was attending to, is made up once. Of an expression that
 * is new nothing has been missed.
 */
export class Schedule {
  readonly #path: string;
  readonly #now: () => Date;
  #settled: Map<string, Settled> | null = null;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(path: string, now: () => Date) {
    this.#path = path;
    this.#now = now;
  }

  /** The latest time of each asset that is due; those of `crons` (asset → expression) are all that there are. */
  async due(crons: ReadonlyMap<AssetKey, string>): Promise<Map<AssetKey, Date>> {
    const known = (this.#settled ??= await this.#read());
    const now = this.#now();
    const due = new Map<AssetKey, Date>();
    let isNews = false;
    for (const [asset, expression] of crons) {
      const settled = known.get(asset);
      // A clock that was set back would leave all times until then out.
      if (settled?.expression !== expression || new Date(settled.until) > now) {
        known.set(asset, { expression, until: now.toISOString() });
        isNews = true;
        continue;
      }
      const last = lastTime(expression, now);
      if (last !== null && last > new Date(settled.until)) due.set(asset, last);
    }
    for (const asset of known.keys())
      if (!crons.has(asset as AssetKey)) isNews = known.delete(asset) || isNews;
    if (isNews) this.#write(known);
    return due;
  }

  /** The times of an asset up to `time` have been attended to. */
  settle(asset: AssetKey, expression: string, time: Date): void {
    const known = this.#settled;
    if (known === null) return;
    known.set(asset, { expression, until: time.toISOString() });
    this.#write(known);
  }

  /** Milliseconds until the next time of any; null when there is none. */
  untilNext(expressions: Iterable<string>): number | null {
    const now = this.#now();
    const waits = [...expressions].flatMap((expression) => {
      const next = nextTime(expression, now);
      return next === null ? [] : [next.getTime() - now.getTime()];
    });
    return waits.length === 0 ? null : Math.min(...waits);
  }

  /** Settles when all is written. */
  async close(): Promise<void> {
    await this.#writing;
  }

  async #read(): Promise<Map<string, Settled>> {
    try {
      return new Map(Object.entries(FILE.parse(JSON.parse(await readFile(this.#path, "utf8")))));
    } catch {
      // Not there, or not ours: all begins anew.
      return new Map();
    }
  }

  #write(settled: ReadonlyMap<string, Settled>): void {
    const text = `${JSON.stringify(Object.fromEntries(settled))}\n`;
    // Without it a time that was missed is not known at the next start, and that is all.
    this.#writing = this.#writing.then(() => writeWhole(this.#path, text)).catch(() => null);
  }
}
