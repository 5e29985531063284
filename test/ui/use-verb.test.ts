// @vitest-environment jsdom
import { createElement } from "react";
import type { ReactNode } from "react";
import { expect, test, vi } from "vitest";

import { useVerb } from "../../ui/pages/use-verb.ts";
import { doing, inJsdom } from "./in-jsdom.ts";

const drawn = inJsdom();

function Shown({ before, since }: { readonly before: string; readonly since: string }): ReactNode {
  const asked = useVerb<string>("diff", since, { before });
  return asked.kind === "there" ? asked.result : asked.kind;
}

test("an answer is shown while the same is asked again, and never for another question", async () => {
  let answer = (_result: string): void => {};
  vi.stubGlobal("fetch", () => {
    return new Promise<Response>((resolve) => {
      answer = (result) => resolve(new Response(JSON.stringify({ result })));
    });
  });
  const draw = (before: string, since: string): Promise<void> =>
    doing(() => drawn.root.render(createElement(Shown, { before, since })));
  const says = (words: string): Promise<void> =>
    vi.waitFor(() => expect(drawn.place.textContent).toBe(words));
  await draw("1", "a");
  await says("asking");
  await doing(() => answer("since run 1"));
  await says("since run 1");
  await draw("1", "b");
  await says("since run 1");
  await draw("2", "b");
  await says("asking");
  await doing(() => answer("since run 2"));
  await says("since run 2");
});
