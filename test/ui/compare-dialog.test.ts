// @vitest-environment jsdom
import { createElement } from "react";
import { expect, test, vi } from "vitest";

import { partitionKey } from "#protocol/ids.ts";
import type { Snapshot } from "#protocol/view.ts";

import { CompareDialog } from "../../ui/compare/compare-dialog.tsx";
import { StoreContext } from "../../ui/shell/use-store.tsx";
import type { PageStore } from "../../ui/state/page-store.ts";
import { initialView } from "../../ui/state/page-view.ts";
import { doing, inJsdom } from "./in-jsdom.ts";
import { PERSON, asset, key, snapshot } from "./views.ts";

const drawn = inJsdom();

/** The dialog over a snapshot; the bodies of what it asks the server. */
async function draw(changes: Partial<Snapshot>): Promise<readonly string[]> {
  HTMLDialogElement.prototype.showModal = vi.fn();
  const asked: string[] = [];
  vi.stubGlobal("fetch", (_url: string, { body }: { body: string }) => {
    asked.push(body);
    return new Promise(() => {});
  });
  const view = { ...initialView, page: { ...initialView.page, snapshot: snapshot(changes) } };
  const store = { view: () => view, subscribe: () => () => {} } as unknown as PageStore;
  const dialog = createElement(CompareDialog, { asset: key("a"), before: null });
  await doing(() => drawn.root.render(createElement(StoreContext, { value: store }, dialog)));
  return asked;
}

test("what is not made yet is said to be so, and not that it was made once", async () => {
  await draw({ assets: [asset("a", { record: null, earlier: false })] });
  expect(drawn.place.textContent).toContain("There is no result yet to compare. Run it first.");
});

test("of many samples to compare with some are drawn, and any is found by its name", async () => {
  const partitions = Array.from({ length: 20_000 }, (_, n) => ({
    key: n === 0 ? PERSON : partitionKey("cohort", `sample_${n}`),
    source: null,
    synthetic: false,
  }));
  const asked = await draw({ assets: [asset("a")], partitions });
  const offered = (): string[] => [...drawn.place.querySelectorAll("option")].map(({ value }) => value);
  expect(offered().length).toBeLessThan(200);
  const write = (text: string): Promise<void> =>
    doing(() => {
      const field = drawn.place.querySelector<HTMLInputElement>("input[type=search]");
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(field, text);
      field?.dispatchEvent(new Event("input", { bubbles: true }));
    });
  await write("19999");
  expect(offered()).toContain("cohort/sample_19999");
  expect(asked.some((body) => body.includes("other"))).toBe(false);
  await write("cohort/sample_19999");
  expect(asked.at(-1)).toContain('"other":"cohort/sample_19999"');
});
