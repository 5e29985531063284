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
  const loading = modules.get(text) ?? importText(text);
  modules.delete(text);
  modules.set(text, loading);
  loading.catch(() => modules.delete(text));
  const [oldest] = modules.keys();
  if (modules.size > MODULES_KEPT && oldest !== undefined) modules.delete(oldest);
  const loaded = await loading;
  loaded[LOOK]?.(loopGuard(cell));
  return loaded.default;
};

interface CellModule {
  readonly default: CellFunction;
  readonly [LOOK]?: (look: Look) => void;
}

/** By their text, the last ones used at the end: a browser never forgets a module, and a notebook is opened often. */
const modules = new Map<string, Promise<CellModule>>();
const MODULES_KEPT = 500;

async function importText(text: string): Promise<CellModule> {
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  try {
    return (await import(/* @vite-ignore */ url)) as CellModule;
  } finally {
    URL.revokeObjectURL(url);
  }
}

function noteInserted(cell: string, insertions: readonly Insertion[]): void {
  if (insertions.length === 0) insertedInto.delete(cell);
  else insertedInto.set(cell, insertions);
}
