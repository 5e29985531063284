// @vitest-environment jsdom
import { Field, Int32, List, Table, Utf8, tableToIPC, vectorFromArray } from "apache-arrow";
import { act, createElement } from "react";
import { describe, expect, onTestFinished, test, vi } from "vitest";

import type { TableView as TableViewOf } from "#protocol/messages.ts";

import { readPage } from "../../ui/connection/read-page.ts";
import { heldTable } from "../../ui/table/held-table.ts";
import type { ArrowPage } from "../../ui/table/table-pages.ts";
import { TablePages } from "../../ui/table/table-pages.ts";
import { TableView } from "../../ui/table/table-view.tsx";
import { doing, inJsdom } from "./in-jsdom.ts";

const drawn = inJsdom();

async function pageOf(genes: readonly string[]): Promise<ArrowPage> {
  const table = new Table({
    gene: vectorFromArray([...genes], new Utf8()),
    start: vectorFromArray(
      genes.map((_, index) => 1000 * index),
      new Int32(),
    ),
    genotype: vectorFromArray(
      genes.map((_, index) => (index === 1 ? null : ["A", "G"])),
      new List(new Field("item", new Utf8(), true)),
    ),
  });
  return readPage(
    (async function* () {
      yield await Promise.resolve(tableToIPC(table, "stream"));
    })(),
  );
}

async function draw(pages: TablePages): Promise<void> {
  await doing(() =>
    drawn.root.render(createElement(TableView, { table: pages, label: "rows", downloads: null })),
  );
}

async function search(text: string): Promise<void> {
  await write(drawn.place.querySelector<HTMLInputElement>("input[type=search]"), text);
}

/** Writes in a field as a person does, and presses Enter. */
async function write(field: HTMLInputElement | null, text: string): Promise<void> {
  await doing(() => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(field, text);
    field?.dispatchEvent(new Event("input", { bubbles: true }));
  });
  await doing(() => field?.form?.requestSubmit());
}

describe("a table", () => {
  test("values are text, never markup; a missing one is a dash", async () => {
    const rows = await pageOf(["<img src=x onerror=alert(1)>", "LPA"]);
    await draw(new TablePages(rows, { rows: 2, columns: [] }, () => Promise.resolve(rows)));
    const cells = [...drawn.place.querySelectorAll("[role=gridcell]")].map((one) => one.textContent);
    expect(cells).toEqual(["<img src=x onerror=alert(1)>", "0", "A/G", "LPA", "1,000", "–"]);
    expect(drawn.place.querySelector("img")).toBeNull();
  });

  test("of a hundred million rows only those in view are elements, and all are counted", async () => {
    const rows = await pageOf(Array.from({ length: 1000 }, (_, index) => `gene ${index}`));
    await draw(new TablePages(rows, { rows: 100_000_000, columns: [] }, () => Promise.resolve(rows)));
    const grid = drawn.place.querySelector("[role=grid]");
    expect(grid?.getAttribute("aria-rowcount")).toBe("100000001");
    expect(drawn.place.querySelectorAll("[role=row]")).toHaveLength(11);
    expect(drawn.place.textContent).toContain("rows 1–10 of 100,000,000, exact");
  });

  test("the keyboard reaches the last row, and asks only for the page it is on", async () => {
    const rows = await pageOf(Array.from({ length: 1000 }, () => "LPA"));
    const asked: number[] = [];
    const pages = new TablePages(rows, { rows: 5_000_000, columns: [] }, (offset) => {
      asked.push(offset);
      return Promise.resolve(rows);
    });
    await draw(pages);
    const grid = drawn.place.querySelector("[role=grid]");
    const end = new KeyboardEvent("keydown", { key: "End", ctrlKey: true, bubbles: true, cancelable: true });
    await doing(() => grid?.dispatchEvent(end));
    expect(drawn.place.textContent).toContain("rows 4,999,991–5,000,000 of 5,000,000, exact");
    await act(() => vi.waitFor(() => expect(asked).toEqual([4_999_000])));
  });
});

test("an order that could not be had, as the server was away, can be asked for again", async () => {
  const rows = await pageOf(["LPA", "APOE"]);
  let away = true;
  const views = {
    open: () =>
      away
        ? Promise.reject(new Error("away"))
        : Promise.resolve({ first: rows, rows: 1, fetch: () => Promise.resolve(rows) }),
    column: () => Promise.reject(new Error("away")),
    exportUrl: null,
  };
  await draw(new TablePages(rows, { rows: 2, columns: [] }, () => Promise.resolve(rows), views));
  const press = (selector: string): Promise<void> =>
    doing(() => drawn.place.querySelector<HTMLElement>(selector)?.click());
  await press(".column-name");
  expect(drawn.place.querySelector(".error-card")?.textContent).toContain("not as you asked");
  away = false;
  await press(".error-card > button");
  expect(drawn.place.querySelector(".error-card")).toBeNull();
  expect(drawn.place.textContent).toContain("1 of 2, exact");
  expect(drawn.place.querySelector(".announcer[role=status]")?.textContent).toBe("1 of 2 rows");
});

test("a table that goes while the pointer rests on a column asks for nothing more", async () => {
  const rows = await pageOf(["LPA", "APOE"]);
  const column = vi.fn(() => Promise.reject(new Error("nobody is there")));
  const views = { open: () => Promise.reject(new Error("not asked for")), column, exportUrl: null };
  await draw(new TablePages(rows, { rows: 2, columns: [] }, () => Promise.resolve(rows), views));
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const rest = (): Promise<void> =>
    doing(
      () =>
        void drawn.place
          .querySelector("[data-column=start]")
          ?.dispatchEvent(new MouseEvent("mouseover", { bubbles: true })),
    );
  await rest();
  await doing(() => drawn.root.render(null));
  vi.advanceTimersByTime(1000);
  expect(column).not.toHaveBeenCalled();
});

test("a table that is narrowed or sorted moves neither its columns nor what is below it", async () => {
  const rows = await pageOf(Array.from({ length: 20 }, (_, index) => `a gene of a long name ${index}`));
  const few = await pageOf(["LPA"]);
  const none = { ...few, batches: [] };
  const views = {
    open: ({ search }: TableViewOf) =>
      Promise.resolve({
        first: search === undefined ? few : none,
        rows: search === undefined ? 1 : 0,
        fetch: () => Promise.resolve(few),
      }),
    column: () => Promise.reject(new Error("not asked for")),
    exportUrl: null,
  };
  await draw(new TablePages(rows, { rows: 20, columns: [] }, () => Promise.resolve(rows), views));
  const laidOut = (): unknown => ({
    height: drawn.place.querySelector<HTMLElement>("[role=grid]")?.style.height,
    columns: [...drawn.place.querySelectorAll<HTMLElement>("[role=columnheader]")].map(
      (one) => one.style.width,
    ),
    lines: drawn.place.querySelector(".table")?.children.length,
  });
  const before = laidOut();
  await doing(() => drawn.place.querySelector<HTMLElement>(".column-name")?.click());
  expect(drawn.place.textContent).toContain("LPA");
  expect(laidOut()).toEqual(before);
  await search("nothing of that kind");
  expect(drawn.place.textContent).toContain("No row is as you asked");
  expect(laidOut()).toEqual(before);
});

test("what is gone to and searched for goes from its fields when everything is cleared", async () => {
  await draw(heldTable(await pageOf(["LPA", "APOE"])));
  const field = drawn.place.querySelector<HTMLInputElement>('input[aria-label^="go to"]');
  await write(field, "apoe");
  expect(drawn.place.querySelector(".chip")?.textContent).toContain("gene is “APOE”");
  const clear = [...drawn.place.querySelectorAll("button")].find((one) => one.textContent === "Clear all");
  await doing(() => clear?.click());
  expect(drawn.place.querySelector(".chip")).toBeNull();
  expect(field?.value).toBe("");
});

test("the keys of a table that a filter has left empty still search it and clear the filter", async () => {
  const rows = await pageOf([]);
  await draw(heldTable({ ...rows, batches: [] }));
  const grid = drawn.place.querySelector("[role=grid]");
  const press = (key: string): Promise<void> =>
    doing(() => grid?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })));
  await press(" ");
  expect(drawn.place.querySelector(".row-detail")).toBeNull();
  await press("/");
  expect(document.activeElement?.getAttribute("type")).toBe("search");
  await press("s");
  expect(drawn.place.querySelector(".chip")?.textContent).toContain("gene ↑");
  await doing(() => drawn.place.querySelector<HTMLElement>(".chip button")?.click());
  expect(document.activeElement).toBe(grid);
});
