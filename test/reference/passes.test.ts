import { expect, test } from "vitest";

import { carryOutAll, passesOf } from "../../kernel/reference/passes.ts";
import type { Pass, PassLimits } from "../../kernel/reference/passes.ts";

const never = new AbortController().signal;

function pass(name: string, variants: number): Pass {
  return { contigs: [name], variants };
}

/** A pass's work that ends when it is told to. */
class Works {
  readonly begun: string[] = [];
  readonly signals: AbortSignal[] = [];
  readonly #ends = new Map<string, { done: () => void; fail: (error: Error) => void }>();

  readonly work = ({ contigs }: Pass, signal: AbortSignal): Promise<void> => {
    const name = contigs.join();
    this.begun.push(name);
    this.signals.push(signal);
    return new Promise((resolve, reject) => this.#ends.set(name, { done: resolve, fail: reject }));
  };

  async end(name: string, error?: Error): Promise<void> {
    const ends = this.#ends.get(name);
    if (error === undefined) ends?.done();
    else ends?.fail(error);
    await new Promise(setImmediate);
  }
}

test.each<{ name: string; limits: Partial<PassLimits>; expected: string[] }>([
  { name: "as many as fit", limits: { variants: 100 }, expected: ["1,2", "GL1", "MT,X"] },
  {
    name: "one that is too large is alone",
    limits: { variants: 10 },
    expected: ["1", "2", "GL1", "MT", "X"],
  },
  { name: "an unknown one takes no place", limits: { contigs: 2 }, expected: ["1,2,GL1", "MT,X"] },
])("contigs stay in their order, $name", ({ limits, expected }) => {
  const contigs = new Map([
    ["1", 60],
    ["2", 40],
    ["GL1", 90],
    ["MT", 20],
    ["X", 50],
  ]);
  const known = new Map(["1", "2", "MT", "X"].map((name) => [name, ""]));
  const passes = passesOf(contigs, known, { contigs: 25, variants: 1000, atOnce: 1, ...limits });
  expect(passes.map(({ contigs }) => contigs.join())).toEqual(expected);
  expect(passes.reduce((sum, { variants }) => sum + variants, 0)).toBe(260);
});

test("passes run side by side while they are no more together than the largest alone", async () => {
  const works = new Works();
  const passes = [pass("a", 30), pass("b", 100), pass("c", 70), pass("d", 40)];
  const all = carryOutAll(passes, { contigs: 25, variants: 10, atOnce: 2 }, never, works.work);
  expect(works.begun).toEqual(["b"]);
  await works.end("b");
  // d would be too much beside c, a is not.
  expect(works.begun).toEqual(["b", "c", "a"]);
  await works.end("c");
  expect(works.begun).toEqual(["b", "c", "a", "d"]);
  await works.end("a");
  await works.end("d");
  await all;
});

test("no more run at once than the limit says", async () => {
  const works = new Works();
  const passes = ["a", "b", "c"].map((name) => pass(name, 1));
  const all = carryOutAll(passes, { contigs: 25, variants: 100, atOnce: 1 }, never, works.work);
  for (const name of ["a", "b", "c"]) {
    expect(works.begun.at(-1)).toBe(name);
    await works.end(name);
  }
  await all;
});

test("after a failure no pass begins, and it is told when what runs has ended", async () => {
  const works = new Works();
  const passes = ["a", "b", "c"].map((name) => pass(name, 1));
  const all = carryOutAll(passes, { contigs: 25, variants: 100, atOnce: 2 }, never, works.work);
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
  expect(works.begun).toEqual(["a", "b"]);
});
