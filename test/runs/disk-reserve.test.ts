import { expect, test } from "vitest";

import { withinSpace } from "../../server/runs/disk-reserve.ts";
import type { DiskSpace } from "../../server/runs/disk-reserve.ts";

const never = new AbortController().signal;
const disk = (freeBytes: number, totalBytes = 1e12): DiskSpace => ({ freeBytes, totalBytes });

test("work is not begun on a disk that has no more than what is kept for notebooks", async () => {
  let begun = false;
  const work = (): Promise<void> => {
    begun = true;
    return Promise.resolve();
  };
  const refused = withinSpace(".", never, work, () => Promise.resolve(disk(63e6)));
  await expect(refused).rejects.toThrow(
    "no space is left on the disk: 63.0 MB free, of which 64.0 MB are kept for notebooks and records",
  );
  expect(begun).toBe(false);
  await withinSpace(".", never, work, () => Promise.resolve(disk(65e6)));
  expect(begun).toBe(true);
  // Of a small disk a part.
  await withinSpace(".", never, work, () => Promise.resolve(disk(3e6, 10e6)));
  await expect(withinSpace(".", never, work, () => Promise.resolve(disk(2e6, 10e6)))).rejects.toThrow(
    "2.5 MB",
  );
});

test("work that takes what is kept is stopped, with that reason and not with how it ended", async () => {
  let free = 1e9;
  const work = (signal: AbortSignal): Promise<never> => {
    free = 1e6;
    return new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(new Error("stopped")));
    });
  };
  const stopped = withinSpace(".", never, work, () => Promise.resolve(disk(free)));
  await expect(stopped).rejects.toThrow("no space is left on the disk: 1.0 MB free");
});

test("where the disk cannot be asked work is done, and what a person stops is stopped", async () => {
  const unknown = (): Promise<DiskSpace> => Promise.reject(new Error("not known"));
  expect(await withinSpace(".", never, () => Promise.resolve(1), unknown)).toBe(1);
  const asked = new AbortController();
  const work = (signal: AbortSignal): Promise<never> =>
    new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(new Error("stopped by a person")));
      asked.abort();
    });
  await expect(withinSpace(".", asked.signal, work, unknown)).rejects.toThrow("stopped by a person");
});
