import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const VARIABLE = "KARYON_TEST_FOLDER";

/** Where tests make folders: one place for all that a run of the tests makes. */
export function testFolder(): string {
  return process.env[VARIABLE] ?? tmpdir();
}

/** Runs before the first test. */
export async function setup(): Promise<void> {
  process.env[VARIABLE] = await mkdtemp(join(tmpdir(), "karyon-tests-"));
}

/** Runs after the last test. What was told to end may still write; what nobody may change stays. */
export async function teardown(): Promise<void> {
  const folder = process.env[VARIABLE];
  if (folder === undefined) return;
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }).catch(() => {});
}
