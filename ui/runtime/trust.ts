import type { NotebookView } from "#protocol/view.ts";

/**
 * Whether the code of a notebook may run in the page: it was written here, or its person has trusted what another
 * program wrote. The server decides, and keeps its own kernels from running it in the same breath.
 */
export function isTrusted(notebook: NotebookView): boolean {
  return notebook.untrusted === null;
}
