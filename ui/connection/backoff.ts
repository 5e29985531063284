const FIRST_MS = 250;
/** A server on this machine is cheap to ask, and a page should be back before its person looks for the reason. */
const LONGEST_MS = 3_000;

/**
 * Milliseconds to wait before try number `attempt` (from 0) to reach the server again: doubling, bounded,
 * spread by up to a quarter so that many pages do not knock at once.
 *
 * @param random 0 to 1
 */
export function backoff(attempt: number, random: number): number {
  return Math.round(Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt) * (1 + random / 4));
}
