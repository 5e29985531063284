import type { Binding, Command } from "./key-map.ts";
import { isPlain } from "./key-map.ts";

/** The keys of each command that a person changed; none: it has no key. Names of commands of another Karyon are passed over. */
export type OwnKeys = Readonly<Record<string, readonly string[]>>;

/** Browsers keep these, or mean something by them that nobody wants to lose. */
const TAKEN = /^Mod-(?:Shift-)?[rtwnlRTWNLq0+=-]$|^(?:Mod-)?(?:Enter|Escape|Tab)$|^F(?:5|11|12)$/;
/** Of the taken ones, those that the page came with for good reasons. */
const OURS = ["Mod-Enter", "Mod-Shift-L", "Mod-Shift-R", "Mod-Shift--"];

/** The bindings with the keys that a person gave. A command that was in several places has its keys in all of them. */
export function withOwn(bindings: readonly Binding[], own: OwnKeys): readonly Binding[] {
  const given = (command: Command): readonly string[] | undefined =>
    Object.hasOwn(own, command) ? own[command] : undefined;
  const done = new Set<Command>();
  return bindings.flatMap((binding) => {
    const keys = given(binding.command);
    if (keys === undefined) return [binding];
    if (done.has(binding.command)) return [];
    done.add(binding.command);
    const places = new Set(bindings.flatMap((one) => (one.command === binding.command ? [one.where] : [])));
    return [{ ...binding, keys, where: places.size === 1 ? binding.where : "anywhere" }];
  });
}

/** Why a binding cannot have a key; null when it can. */
export function refusalOf(keys: string, { where }: Binding): string | null {
  if (TAKEN.test(keys) && !OURS.includes(keys)) return "the browser or the page needs this key";
  if (where === "editor" && isPlain(keys)) return "in the text this is a letter: choose one with Ctrl or Alt";
  if (keys.includes(" ") && !isPlain(keys)) return "of two keys, the first is one without Ctrl or Alt";
  return null;
}

/** Other commands that the key stands for in the same places. */
export function conflictsOf(
  keys: string,
  binding: Binding,
  bindings: readonly Binding[],
): readonly Binding[] {
  return bindings.filter(
    (other) => other.command !== binding.command && other.keys.includes(keys) && meet(binding, other, keys),
  );
}

/** What changes when a key of a command becomes another: the others that had it lose it. */
export function assigned(
  binding: Binding,
  old: string | null,
  keys: string,
  bindings: readonly Binding[],
): OwnKeys {
  const before = keysIn(bindings, binding.command);
  const at = old === null ? -1 : before.indexOf(old);
  const after = at < 0 ? [...before, keys] : before.with(at, keys);
  const losing = conflictsOf(keys, binding, bindings).map(
    ({ command }) => [command, keysIn(bindings, command).filter((one) => one !== keys)] as const,
  );
  return Object.fromEntries([...losing, [binding.command, [...new Set(after)]]]);
}

export function keysIn(bindings: readonly Binding[], command: Command): readonly string[] {
  return bindings.filter((one) => one.command === command).flatMap(({ keys }) => keys);
}

function meet(one: Binding, other: Binding, keys: string): boolean {
  if (one.where === other.where) return true;
  const editor = one.where === "editor" || other.where === "editor";
  if (!editor) return true;
  return (one.where === "anywhere" || other.where === "anywhere") && !isPlain(keys);
}
