import { bindingsNow } from "./bindings.ts";
import { keyWords } from "./key-words.ts";
import { keysIn } from "./own-keys.ts";

/** ` · z takes it back`, by the key that does so in this workspace; empty where none does. */
export function undoWords(): string {
  const [key] = keysIn(bindingsNow(), "undo");
  return key === undefined ? "" : ` · ${keyWords(key)} takes it back`;
}
