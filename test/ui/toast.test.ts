// @vitest-environment jsdom
import { createElement } from "react";
import { expect, onTestFinished, test, vi } from "vitest";

import { Overlays } from "../../ui/editor/overlays.tsx";
import { StoreContext } from "../../ui/shell/use-store.tsx";
import { PageStore } from "../../ui/state/page-store.ts";
import { doing, inJsdom } from "./in-jsdom.ts";

const drawn = inJsdom();

test("the line that says what was done goes by itself, but not from under the focus", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const store = new PageStore(
    {
      connect: () => new EventTarget() as WebSocket,
      knock: () => Promise.resolve("away"),
      now: () => 0,
      random: () => 0,
      later: () => () => {},
    },
    { notebook: null, partition: null, at: null },
  );
  await doing(() =>
    drawn.root.render(createElement(StoreContext, { value: store }, createElement(Overlays))),
  );
  const line = (): string | undefined =>
    drawn.place.querySelector(".toast")?.firstChild?.textContent ?? undefined;
  const passes = (ms: number): Promise<void> => doing(() => void vi.advanceTimersByTime(ms));
  await doing(() => store.toast("Saved"));
  await passes(10_000);
  expect(line()).toBeUndefined();
  await doing(() => store.toast("Deleted"));
  await doing(() => drawn.place.querySelector<HTMLElement>(".toast button")?.focus());
  await passes(10_000);
  expect(line()).toBe("Deleted");
  await doing(() => drawn.place.querySelector<HTMLElement>(".toast button")?.blur());
  await passes(10_000);
  expect(line()).toBeUndefined();
});
