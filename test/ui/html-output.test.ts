// @vitest-environment jsdom
import { createElement } from "react";
import { expect, onTestFinished, test, vi } from "vitest";

import { FrameOutput } from "../../ui/cells/html-output.tsx";
import { applyTheme } from "../../ui/shell/theme.ts";
import { doing, inJsdom } from "./in-jsdom.ts";
import { cell } from "./views.ts";

const drawn = inJsdom();

test("the frame of an html cell is as dark as the page, also when that changes", async () => {
  onTestFinished(() => applyTheme("system"));
  applyTheme("light");
  await doing(() =>
    drawn.root.render(createElement(FrameOutput, { cell: cell("page", { language: "html" }), html: "<p>x" })),
  );
  const frame = drawn.place.querySelector("iframe");
  expect(frame?.srcdoc).toContain("color-scheme:light");
  await doing(() => applyTheme("dark"));
  await vi.waitFor(() => expect(frame?.srcdoc).toContain("color-scheme:dark"));
});
