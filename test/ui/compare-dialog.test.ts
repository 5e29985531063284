// @vitest-environment jsdom
import { createElement } from "react";
import { expect, test, vi } from "vitest";

import { partitionKey } from "#protocol/ids.ts";

import { CompareDialog } from "../../ui/compare/compare-dialog.tsx";
import { StoreContext } from "../../ui/shell/use-store.tsx";
import type { PageStore } from "../../ui/state/page-store.ts";
import { initialView } from "../../ui/state/page-view.ts";
import { doing, inJsdom } from "./in-jsdom.ts";
import { PERSON, asset, key, snapshot } from "./views.ts";

const drawn = inJsdom();

test("of many samples to compare with some are drawn, and any is found by its name", async () => {
  HTMLDialogElement.prototype.showModal = vi.fn();
  const asked: string[] = [];
  vi.stubGlobal("fetch", (_url: string, { body }: { body: string }) => {
    asked.push(body);
    return new Promise(() => {});
  });
  const partitions = Array.from({ length: 20_000 }, (_, n) => ({
    key: n === 0 ? PERSON : partitionKey("cohort", `sample_${n}`),
    source: null,
    synthetic: false,
  }));
  const view = {
    ...initialView,
    page: { ...initialView.page, snapshot: snapshot({ assets: [asset("a")], partitions }) },
  };
  const store = { view: () => view, subscribe: () => () => {} } as unknown as PageStore;
  await doing(() =>
    drawn.root.render(
      createElement(
        StoreContext,
        { value: store },
        createElement(CompareDialog, { asset: key("a"), before: null }),
      ),
    ),
  );
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
