import { expect, test } from "vitest";

import type { Binding, Command } from "../../ui/keys/key-map.ts";
import { BINDINGS, readKey } from "../../ui/keys/key-map.ts";
import { assigned, conflictsOf, keysIn, refusalOf, withOwn } from "../../ui/keys/own-keys.ts";

const press = (key: string, held: Partial<KeyboardEvent> = {}): Parameters<typeof readKey>[0] => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
});
const bindingOf = (command: Command, bindings: readonly Binding[] = BINDINGS): Binding => {
  const found = bindings.find((one) => one.command === command);
  if (found === undefined) throw new Error(command);
  return found;
};

test("nothing is changed by no keys, nor by those of a command that this Karyon does not have", () => {
  expect(withOwn(BINDINGS, {})).toEqual(BINDINGS);
  expect(withOwn(BINDINGS, { "fly-away": ["j"], constructor: ["k"] })).toEqual(BINDINGS);
});

test("a key of one's own means its command, and the one that it came with nothing", () => {
  const bindings = withOwn(BINDINGS, { next: ["u"], hold: [] });
  expect(readKey(press("u"), "cells", null, bindings).command).toBe("next");
  expect(readKey(press("j"), "cells", null, bindings).command).toBeNull();
  expect(readKey(press("t"), "cells", null, bindings).command).toBeNull();
  expect(keysIn(bindings, "hold")).toEqual([]);
});

test("a command with keys on cells and in the text has its own keys in both", () => {
  const bindings = withOwn(BINDINGS, { "run-stale": ["Alt-s"] });
  expect(bindings.filter(({ command }) => command === "run-stale")).toHaveLength(1);
  for (const place of ["cells", "editor"] as const) {
    expect(readKey(press("s", { altKey: true }), place, null, bindings).command).toBe("run-stale");
  }
});

test("a command takes a key from those that had it where both would be meant", () => {
  const next = bindingOf("next");
  expect(conflictsOf("d d", next, BINDINGS).map(({ command }) => command)).toEqual(["delete"]);
  expect(assigned(next, "j", "d d", BINDINGS)).toEqual({ next: ["d d", "ArrowDown"], delete: [] });
  expect(assigned(next, null, "u", BINDINGS)).toEqual({ next: ["j", "ArrowDown", "u"] });
  // `split` is of the text, where the keys of cells mean nothing.
  expect(conflictsOf("Mod-_", next, BINDINGS)).toEqual([]);
  expect(conflictsOf("Mod-s", bindingOf("split"), BINDINGS).map(({ command }) => command)).toEqual(["save"]);
  const bindings = withOwn(BINDINGS, assigned(next, "j", "d d", BINDINGS));
  expect(readKey(press("d"), "cells", "d", bindings).command).toBe("next");
});

test.each([
  ["Mod-t", "next"],
  ["Mod-Shift-N", "next"],
  ["Mod-0", "next"],
  ["Enter", "next"],
  ["F5", "next"],
  ["x", "split"],
  ["Mod-k x", "next"],
] as const)("%s is no key for %s", (keys, command) => {
  expect(refusalOf(keys, bindingOf(command))).not.toBeNull();
});

test("every key that Karyon came with could be chosen again", () => {
  for (const binding of BINDINGS) {
    for (const keys of binding.keys) {
      if (["Enter", "Escape"].includes(keys)) continue;
      expect([keys, refusalOf(keys, binding)]).toEqual([keys, null]);
    }
  }
});
