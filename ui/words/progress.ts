import { bytes, counted, timeLeft } from "#protocol/numerals.ts";
import { fractionOf } from "#protocol/record.ts";
import type { Progress } from "#protocol/record.ts";

import { rounded } from "./numbers.ts";

/** How far a step was at one moment. */
export interface ProgressSample {
  /** Milliseconds. */
  readonly at: number;
  /** 0 to 1. */
  readonly fraction: number;
}

/** A rate is taken over this many milliseconds: long enough to be steady, short enough to follow a change. */
const WINDOW_MS = 15_000;
/** Before this much has been seen, an estimate would be a guess. */
const LEAST_MS = 700;

/** The samples with one more; what is older than the window goes, and all go when a step begins anew. */
export function observe(
  samples: readonly ProgressSample[],
  progress: Progress,
  at: number,
): readonly ProgressSample[] {
  const fraction = fractionOf(progress);
  if (fraction === null) return [];
  const last = samples.at(-1);
  if (last !== undefined && fraction < last.fraction) return [{ at, fraction }];
  return [...samples.filter((sample) => at - sample.at <= WINDOW_MS), { at, fraction }];
}

/** Seconds left at the rate of the window; null while that is unknown. */
export function secondsLeft(samples: readonly ProgressSample[], now: number): number | null {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined) return null;
  const span = last.at - first.at;
  const gained = last.fraction - first.fraction;
  if (span < LEAST_MS || gained <= 0) return null;
  const left = ((1 - last.fraction) * span) / gained - (now - last.at);
  return Math.max(0, left) / 1000;
}

/** `62 % · reading genome.vcf.gz · 31.0 M records · 60 of 96 MB · ≈ 14 s left`. */
export function progressWords(progress: Progress, left: number | null): string {
  const fraction = fractionOf(progress);
  const { records, bytes: done, totalBytes, arrived } = progress;
  const words = [
    fraction === null ? null : `${Math.floor(fraction * 100)} %`,
    progress.phase,
    records === undefined ? null : `${rounded(records)} records`,
    arrived === undefined || arrived.rows === 0 ? null : `${counted(arrived.rows, "row")} so far`,
    done === undefined ? null : totalBytes === undefined ? bytes(done) : ofBytes(done, totalBytes),
    left === null ? null : timeLeft(left),
  ];
  return words.filter((word) => word !== null && word !== "").join(" · ");
}

function ofBytes(done: number, total: number): string {
  const [a, b] = [bytes(done), bytes(total)];
  const unit = b.slice(b.lastIndexOf(" "));
  return a.endsWith(unit) ? `${a.slice(0, -unit.length)} of ${b}` : `${a} of ${b}`;
}
