import { cellAnchor } from "../shell/show-cell.ts";
import type { Overlay } from "../state/page-state.ts";
import type { PageStore } from "../state/page-store.ts";
import { isPlain, keyName } from "./key-map.ts";

/** What was pressed for a menu that had not the focus yet. */
let held: { readonly menu: Overlay; readonly keys: KeyboardEvent[] } | null = null;

/** The menu of a cell takes the focus a moment after it was asked for: what is pressed until then is pressed in it. */
export function isForMenu(event: KeyboardEvent, store: PageStore): boolean {
  const { overlay } = store.view().page;
  if (overlay?.kind !== "menu" || document.getElementById(cellAnchor(overlay.cell)) === null) return false;
  if (!isPlain(keyName(event))) return false;
  if (event.key === "Escape") {
    held = null;
    store.show(null);
    return true;
  }
  if (held?.menu !== overlay) held = { menu: overlay, keys: [] };
  held.keys.push(event);
  addEventListener("focusin", pressHeld);
  return true;
}

function pressHeld({ target }: FocusEvent): void {
  if (!(target instanceof Element) || target.closest("[role=menu]") === null) return;
  removeEventListener("focusin", pressHeld);
  // One by one: an arrow moves the focus to where the next key is pressed.
  const next = (): void => {
    const key = held?.keys.shift();
    if (key === undefined) return;
    const place = document.activeElement;
    if (place?.closest("[role=menu]") == null) return;
    for (const type of ["keydown", "keyup"]) place.dispatchEvent(new KeyboardEvent(type, key));
    setTimeout(next);
  };
  setTimeout(next);
}
