import { guardLoops, LOOK } from "../js/guard-loops.ts";
import type { Insertion } from "../js/guard-loops.ts";
import { loopGuard } from "./loop-guard.ts";
import type { Look } from "./loop-guard.ts";
import { insertedInto, scriptUrl } from "./script-error.ts";

export type CellFunction = (...inputs: readonly unknown[]) => Promise<unknown>;

/** Whose script it is, and whether its loops may keep the page from everything else as long as they take. */
interface ScriptOwner {
  readonly cell: string;
  readonly mayBlock: boolean;
}

/** Makes the function of a module's text, as {@link Script.module} writes it. */
export type LoadScript = (module: string, owner: ScriptOwner) => Promise<CellFunction>;

/**
 * Loads through a `blob:` address, which the page's policy allows for modules: nothing is evaluated from text
 * (`eval`, inline scripts), and what a page of another origin makes cannot be loaded so.
 */
export const loadScript: LoadScript = async (module, { cell, mayBlock }) => {
  const guarded = mayBlock ? null : guardLoops(module);
  noteInserted(cell, guarded?.insertions ?? []);
  const text = `${guarded?.text ?? module}//# sourceURL=${scriptUrl(cell)}\n`;
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  try {
    const loaded = (await import(/* @vite-ignore */ url)) as {
      default: CellFunction;
      [LOOK]?: (look: Look) => void;
    };
    loaded[LOOK]?.(loopGuard(cell));
    return loaded.default;
  } finally {
    URL.revokeObjectURL(url);
  }
};

function noteInserted(cell: string, insertions: readonly Insertion[]): void {
  if (insertions.length === 0) insertedInto.delete(cell);
  else insertedInto.set(cell, insertions);
}
