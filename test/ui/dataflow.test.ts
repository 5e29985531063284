import { describe, expect, test } from "vitest";

import { Dataflow } from "../../ui/runtime/dataflow.ts";

/** A dataflow of texts, and a promise of the next value of a variable. */
function flow(): {
  flow: Dataflow<string>;
  next: (name: string, wanted: string) => Promise<void>;
  values: Map<string, string>;
} {
  const values = new Map<string, string>();
  const waiting = new Set<() => void>();
  const made = new Dataflow<string>(
    {
      pending: () => {},
      fulfilled: (name, value) => {
        values.set(name, value);
        for (const look of waiting) look();
      },
    },
    (error) => `failed: ${error instanceof Error ? error.message : String(error)}`,
  );
  const next = (name: string, wanted: string): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (values.get(name) === wanted) resolve();
      };
      waiting.add(look);
      look();
    });
  return { flow: made, next, values };
}

const forever = (): Promise<string> => new Promise(() => {});

describe("the dataflow of the page", () => {
  test("a variable is computed from its inputs, and again when one changes", async () => {
    const { flow: graph, next } = flow();
    graph.define("b", ["a"], (inputs) => `b of ${inputs.get("a")}`);
    graph.define("a", [], () => "1");
    await next("b", "b of 1");
    graph.define("a", [], () => "2");
    await next("b", "b of 2");
  });

  test("a body that fails is a value, and what is below still runs", async () => {
    const { flow: graph, next } = flow();
    graph.define("a", [], () => Promise.reject(new Error("no")));
    graph.define("b", ["a"], (inputs) => `saw ${inputs.get("a")}`);
    await next("b", "saw failed: no");
  });

  test("an input that no one defines fails its reader by name, also one that the window has", async () => {
    const { flow: graph, next } = flow();
    graph.define("b", ["console"], () => "never");
    await next("b", "failed: console is not defined");
  });

  test("a redefined variable does not wait for a body that never settles, and that one is told", async () => {
    const { flow: graph, next } = flow();
    const signals: AbortSignal[] = [];
    const started = new Promise<void>((resolve) => {
      graph.define("a", [], (_, signal) => {
        signals.push(signal);
        resolve();
        return forever();
      });
    });
    graph.define("b", ["a"], (inputs) => `b of ${inputs.get("a")}`);
    await started;
    graph.define("a", [], () => "new");
    await next("b", "b of new");
    expect(signals[0]?.aborted).toBe(true);
  });

  test("a reader that turns to another input does not wait for the old one", async () => {
    const { flow: graph, next } = flow();
    const started = new Promise<void>((resolve) => {
      graph.define("slow", [], () => {
        resolve();
        return forever();
      });
    });
    graph.define("fast", [], () => "fast");
    graph.define("b", ["slow"], () => "never");
    await started;
    graph.define("b", ["fast"], (inputs) => `b of ${inputs.get("fast")}`);
    await next("b", "b of fast");
  });

  test("a deleted variable says nothing any more", async () => {
    const { flow: graph, next, values } = flow();
    graph.define("a", [], () => "1");
    await next("a", "1");
    values.clear();
    graph.delete("a");
    graph.define("b", [], () => "done");
    await next("b", "done");
    expect(values.has("a")).toBe(false);
  });
});
