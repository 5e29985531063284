import { scriptUrl } from "./script-error.ts";

export type CellFunction = (...inputs: readonly unknown[]) => Promise<unknown>;

/** Makes the function of a module's text, as {@link Script.module} writes it. */
export type LoadScript = (module: string, cell: string) => Promise<CellFunction>;

/**
 * Loads through a `blob:` address, which the page's policy allows for modules: nothing is evaluated from text
 * (`eval`, inline scripts), and what a page of another origin makes cannot be loaded so.
 */
export const loadScript: LoadScript = async (module, cell) => {
  const text = `${module}//# sourceURL=${scriptUrl(cell)}\n`;
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  try {
    const loaded = (await import(/* @vite-ignore */ url)) as { default: CellFunction };
    return loaded.default;
  } finally {
    URL.revokeObjectURL(url);
  }
};
