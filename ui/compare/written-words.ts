import { undoWords } from "../keys/undo-words.ts";
import type { PageStore } from "../state/page-store.ts";

/** That something was written into a cell, and how it is taken back from here. */
export function writtenWords(what: string, notebook: string, store: Pick<PageStore, "view">): string {
  const isHere = store.view().page.snapshot?.notebook.path === notebook;
  return isHere ? `Written into ${what}${undoWords()}` : `Written into ${what}, in ${notebook}`;
}
