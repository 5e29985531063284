import type { NotebookView } from "#protocol/view.ts";

/**
 * Whether the code of a notebook may run in the page. Those of the workspace's own folder may: whoever can write
 * there can change the page as well.
 */
export function isTrusted(_notebook: NotebookView): boolean {
  return true;
}
