import { expect, test } from "vitest";

import { carryOutAll, passesOf } from "../../kernel/reference/passes.ts";
import type { VariantGroup } from "../../kernel/reference/row-groups.ts";

const never = new AbortController().signal;

/** A row group that begins on a contig at a position. */
function group(contig: string, from: number): VariantGroup {
  const stretch = { contig, from, to: from + 10, variants: 5 };
  return { first: from, rows: 5, stretches: [stretch], longest: 1 };
}

function shown(samples: readonly (readonly VariantGroup[])[]): string[] {
  return passesOf(samples).map((pass) =>
    pass.map(({ sample, group }) => `${sample}:${group.stretches[0]?.contig}:${group.first}`).join(" "),
  );
}

test("one sample has a pass for each of its row groups", () => {
  expect(shown([[group("1", 5), group("1", 90), group("2", 7)]])).toEqual(["0:1:5", "0:1:90", "0:2:7"]);
});

test("of several samples, row groups of one neighbourhood share a pass, whatever the order of contigs", () => {
  const first = [group("1", 5), group("1", 90), group("2", 7), group("X", 1)];
  const second = [group("1", 8), group("2", 9), group("1", 95)];
  expect(shown([first, second])).toEqual(["0:1:5 1:1:8", "0:1:90 1:1:95", "0:2:7 1:2:9", "0:X:1"]);
});

test("no more than eight row groups share a pass, and each is in one", () => {
  const samples = Array.from({ length: 20 }, (_, at) => [group("1", at), group("2", at)]);
  const passes = passesOf(samples);
  expect(passes.map(({ length }) => length)).toEqual([8, 8, 8, 8, 8]);
  expect(
    new Set(passes.flat().map(({ sample, group }) => `${sample} ${group.stretches[0]?.contig}`)).size,
  ).toBe(40);
});

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
