import { expect, onTestFinished, test, vi } from "vitest";

import { changeKeys, resetKeys } from "../../ui/keys/bindings.ts";
import { undoWords } from "../../ui/keys/undo-words.ts";

test("what takes something back is told by the key that does so here", async () => {
  onTestFinished(() => void vi.unstubAllGlobals());
  const become = async (keys: object, change: () => Promise<void>): Promise<void> => {
    const answer = JSON.stringify({ result: { file: "keys.json", keys } });
    vi.stubGlobal("fetch", () => Promise.resolve(new Response(answer)));
    await change();
  };
  expect(undoWords()).toBe(" · z takes it back");
  await become({ undo: ["U"] }, () => changeKeys({ undo: ["U"] }));
  expect(undoWords()).toBe(" · Shift U takes it back");
  await become({ undo: [] }, () => changeKeys({ undo: [] }));
  expect(undoWords()).toBe("");
  await become({}, resetKeys);
  expect(undoWords()).toBe(" · z takes it back");
});
