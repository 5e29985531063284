/** The notebook of the page on paper, by a real browser. */
import { expect, onTestFinished, test } from "vitest";

import { openNumbers } from "./numbers-page.ts";

test("all of a notebook is printed, in dark ink, and nothing around it", async () => {
  const open = await openNumbers();
  onTestFinished(() => open.close());
  const { page } = open;
  await page.setViewportSize({ width: 1300, height: 400 });
  await page.emulateMedia({ colorScheme: "dark" });
  const screen = await page.evaluate(() => getComputedStyle(document.body).color);
  const paper = await page.pdf({ width: "150mm", height: "120mm" });
  expect(paper.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length).toBeGreaterThan(2);
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  const seen = await page.evaluate(() => ({
    ink: getComputedStyle(document.body).color,
    paper: getComputedStyle(document.body).backgroundColor,
    around: [".page > header", ".page > footer", ".insert-bar", ".cell-tools"].filter((name) =>
      [...document.querySelectorAll(name)].some((one) => one.getBoundingClientRect().height > 0),
    ),
    end: [...document.querySelectorAll("article")].at(-1)?.getBoundingClientRect().bottom ?? 0,
    height: document.documentElement.scrollHeight,
  }));
  expect(seen).toMatchObject({ ink: "rgb(29, 33, 38)", paper: "rgb(255, 255, 255)", around: [] });
  expect(seen.ink).not.toBe(screen);
  expect(seen.height).toBeGreaterThanOrEqual(Math.floor(seen.end));
}, 120_000);
