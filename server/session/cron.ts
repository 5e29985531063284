import { Cron } from "croner";

/** Croner counts in whole seconds, and looks for times before one. */
const SECOND_MS = 1_000;

/**
 * Times of a cron expression: minute, hour, day of the month, month, day of the week, in the time zone of this
 * computer, or a name such as `@daily`. A time that a change to summer time leaves out comes with the change, and one
 * that comes twice when it ends, once.
 */
export function nextTime(expression: string, after: Date): Date | null {
  return read(expression).nextRun(after);
}

/** The latest time up to and with `until`; null when there was none. */
export function lastTime(expression: string, until: Date): Date | null {
  const beyond = new Date(until.getTime() + SECOND_MS);
  return (
    read(expression)
      .previousRuns(2, beyond)
      .find((time) => time <= until) ?? null
  );
}

/** What is wrong with an expression, in a few words; null when nothing is. */
export function cronProblem(expression: string, now: Date): string | null {
  try {
    return nextTime(expression, now) === null ? "never comes" : null;
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return words.replace(/^CronPattern: /, "").replace(/^\w/, (letter) => letter.toLowerCase());
  }
}

/** Without a function it keeps no time of its own. @throws {TypeError | RangeError} for what is no expression */
function read(expression: string): Cron {
  return new Cron(expression, { mode: "5-part" });
}
