import { useSyncExternalStore } from "react";

import { askVerb } from "../connection/verbs.ts";
import type { Binding, Command } from "./key-map.ts";
import { BINDINGS } from "./key-map.ts";
import type { OwnKeys } from "./own-keys.ts";
import { keysIn, withOwn } from "./own-keys.ts";

interface Answer {
  readonly file: string;
  readonly keys: OwnKeys;
}

/** The bindings of this workspace, what of them its person changed, and the file that says so. */
interface Known {
  readonly bindings: readonly Binding[];
  readonly own: OwnKeys;
  /** Null until the server was asked. */
  readonly file: string | null;
}

const listeners = new Set<() => void>();
let known: Known = { bindings: BINDINGS, own: {}, file: null };

/** Asks the workspace for the keys that were changed. @throws {WorkspaceError} for a file that cannot be read */
export async function loadKeys(): Promise<void> {
  take(await askVerb<Answer>("keys-list", {}));
}

/** Writes other keys of commands down; null gives a command those that it came with. @throws {WorkspaceError} */
export async function changeKeys(keys: Readonly<Record<string, readonly string[] | null>>): Promise<void> {
  take(await askVerb<Answer>("keys-set", { keys }));
}

/** All keys as they came. @throws {WorkspaceError} */
export async function resetKeys(): Promise<void> {
  take(await askVerb<Answer>("keys-reset", {}));
}

export function bindingsNow(): readonly Binding[] {
  return known.bindings;
}

export function useBindings(): Known {
  return useSyncExternalStore(subscribe, () => known);
}

/** The first key of a command; null when it has none. */
export function useKeyOf(): (command: Command) => string | null {
  const { bindings } = useBindings();
  return (command) => keysIn(bindings, command)[0] ?? null;
}

function take({ file, keys }: Answer): void {
  known = { bindings: withOwn(BINDINGS, keys), own: keys, file };
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
