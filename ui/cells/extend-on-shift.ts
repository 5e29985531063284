import type { MouseEvent } from "react";

/** A click with Shift selects up to the cell; in a table, a control or an editor it has a meaning of its own. */
export function extendOnShift(event: MouseEvent, extend: () => void): void {
  const own = "button, a, input, select, .monaco-editor, [role=grid]";
  if (!event.shiftKey || event.button !== 0 || (event.target as Element).closest(own) !== null) return;
  event.preventDefault();
  extend();
}
