import { setImmediate as turn } from "node:timers/promises";

import { expect, test } from "vitest";

import { freeLastFrames, freeLeftFrames, freeMostFrames } from "../../kernel/engines/polars/free-frames.ts";

test("what was seen alive by a look at the last frames is given back at the end, and every few looks", async () => {
  const [first, second] = [await seenAlive(), await seenAlive()];
  freeMostFrames();
  await turn();
  freeLeftFrames();
  await turn();
  expect([first.deref(), second.deref()]).toEqual([undefined, undefined]);

  const third = await seenAlive();
  for (let look = 0; look < 4; look += 1) freeMostFrames();
  await turn();
  expect(third.deref()).toBeUndefined();
});

/** A thing that nobody holds, and that was held while the last frames were looked for. */
async function seenAlive(): Promise<WeakRef<object>> {
  const held: object[] = [{}];
  const thing = new WeakRef(held[0] ?? {});
  for (let look = 0; look < 3; look += 1) {
    await turn();
    freeLastFrames();
  }
  held.length = 0;
  await turn();
  return thing;
}
