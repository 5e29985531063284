// @vitest-environment jsdom
import { createElement } from "react";
import { expect, test, vi } from "vitest";

import { ErrorCard } from "../../ui/shell/error-card.tsx";
import { doing, inJsdom } from "./in-jsdom.ts";

const drawn = inJsdom();

test("that an error was copied is not said of the next one", async () => {
  const writeText = vi.fn(() => Promise.resolve());
  vi.stubGlobal("navigator", { clipboard: { writeText } });
  const draw = (message: string): Promise<void> =>
    doing(() =>
      drawn.root.render(createElement(ErrorCard, { error: { code: "engine", message, hint: "Wait." } })),
    );
  const note = (): string | null | undefined => drawn.place.querySelector("[role=status]")?.textContent;
  await draw("no room");
  await doing(() => drawn.place.querySelector("button")?.click());
  expect(writeText).toHaveBeenCalledWith("no room\nWait.");
  expect(note()).toBe("copied");
  await draw("no memory");
  expect(note()).toBe("");
});
