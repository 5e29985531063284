import { describe, expect, test } from "vitest";

import { keyName, readKey } from "../../ui/keys/key-map.ts";

const press = (pressed: string, held: Partial<Record<"ctrlKey" | "metaKey" | "shiftKey", boolean>> = {}) =>
  ({ key: pressed, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...held }) as const;

describe("keys", () => {
  test("a character that needs Shift is itself, a letter with Mod and Shift is a capital", () => {
    expect(keyName(press("?", { shiftKey: true }))).toBe("?");
    expect(keyName(press("l", { ctrlKey: true, shiftKey: true }))).toBe("Mod-Shift-L");
  });

  test("of a letter that a Mac makes another character of, the letter counts; what AltGr types is itself", () => {
    const option = { ...press("Ï", { shiftKey: true }), altKey: true, code: "KeyF" };
    expect(keyName(option)).toBe("Alt-Shift-F");
    expect(keyName({ ...press("ƒ", { metaKey: true }), altKey: true, code: "KeyF" })).toBe("Mod-Alt-f");
    expect(keyName({ ...press("€", { ctrlKey: true }), altKey: true, code: "KeyE" })).toBe("Mod-Alt-€");
  });

  test("plain keys belong to the control that has the focus, runs to the page", () => {
    expect(readKey(press("j"), "cells", null).command).toBe("next");
    expect(readKey(press("j"), "control", null).command).toBeNull();
    expect(readKey(press("Enter", { metaKey: true }), "control", null).command).toBe("run");
    expect(readKey(press("Enter", { metaKey: true }), "editor", null).command).toBe("run");
  });

  test.each([
    ["d", "d", "delete"],
    ["r", "a", "run-stale"],
    ["g", "g", "first"],
    ["d", "j", "next"],
  ] as const)("%s, then %s: %s", (first, second, command) => {
    const { pending, ...half } = readKey(press(first), "cells", null);
    expect(half.command).toBeNull();
    expect(readKey(press(second), "cells", pending).command).toBe(command);
  });

  test("who writes in a cell writes: no plain key, and not the editor's own, is taken", () => {
    for (const key of ["d", "s", "z", "?", "Escape", "ArrowDown"]) {
      expect(readKey(press(key), "editor", null)).toEqual({ command: null, pending: null });
    }
    expect(readKey(press("z", { ctrlKey: true }), "editor", null).command).toBeNull();
    expect(readKey(press("z", { ctrlKey: true }), "cells", null).command).toBe("undo");
  });
});

test("a key that begins a pair and is a command waits for the pair", () => {
  expect(readKey(press("v"), "cells", null)).toEqual({ command: null, pending: "v", alone: "paste" });
  expect(readKey(press("d"), "cells", "v").command).toBe("compare");
  expect(readKey(press("h"), "cells", "v").command).toBe("history");
  expect(readKey(press("d"), "cells", null)).toEqual({ command: null, pending: "d" });
});
