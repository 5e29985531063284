import { expect, test } from "vitest";

import { carryOutAll } from "../../kernel/engines/lanes.ts";

const never = new AbortController().signal;

/** Work that ends when it is told to. */
class Works {
  readonly begun: string[] = [];
  readonly signals: AbortSignal[] = [];
  readonly #ends = new Map<string, { done: () => void; fail: (error: Error) => void }>();

  readonly work = (lane: string, item: string, signal: AbortSignal): Promise<void> => {
    this.begun.push(`${item} on ${lane}`);
    this.signals.push(signal);
    return new Promise((resolve, reject) => this.#ends.set(item, { done: resolve, fail: reject }));
  };

  async end(item: string, error?: Error): Promise<void> {
    const ends = this.#ends.get(item);
    if (error === undefined) ends?.done();
    else ends?.fail(error);
    await new Promise(setImmediate);
  }
}

test("each lane takes the next item when it is done with one", async () => {
  const works = new Works();
  const all = carryOutAll(["x", "y"], ["a", "b", "c", "d"], never, works.work);
  expect(works.begun).toEqual(["a on x", "b on y"]);
  await works.end("b");
  expect(works.begun.at(-1)).toBe("c on y");
  await works.end("a");
  expect(works.begun.at(-1)).toBe("d on x");
  await works.end("c");
  await works.end("d");
  await all;
  expect(works.begun).toHaveLength(4);
});

test("after a failure no item begins, and it is told when what runs has ended", async () => {
  const works = new Works();
  const all = carryOutAll(["x", "y"], ["a", "b", "c"], never, works.work);
  let isTold = false;
  const told = all.catch((error: unknown) => {
    isTold = true;
    return error;
  });
  await works.end("a", new Error("no space"));
  expect(works.signals[1]?.aborted).toBe(true);
  expect(isTold).toBe(false);
  await works.end("b");
  expect(await told).toMatchObject({ message: "no space" });
  expect(works.begun).toEqual(["a on x", "b on y"]);
});

test("a signal stops it between two items", async () => {
  const works = new Works();
  const abort = new AbortController();
  const all = carryOutAll(["x"], ["a", "b"], abort.signal, works.work);
  const refused = expect(all).rejects.toThrow("stopped by hand");
  abort.abort(new Error("stopped by hand"));
  await works.end("a");
  await refused;
  expect(works.begun).toEqual(["a on x"]);
});
