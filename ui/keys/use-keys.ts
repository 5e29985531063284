import { useEffect } from "react";

import { vimKeys } from "../editor/vim-keys.ts";
import { sectionFrom } from "../shell/section.ts";
import { useStore } from "../shell/use-store.tsx";
import type { PageStore } from "../state/page-store.ts";
import type { ShellActions } from "../state/shell-actions.ts";
import { carryOut } from "./carry-out.ts";
import { bindingsNow } from "./bindings.ts";
import type { Command, KeyPlace, KeyReading } from "./key-map.ts";
import { PAIR_MS, isPlain, keyName, readKey as readKeyOf } from "./key-map.ts";
import { isForMenu } from "./menu-keys.ts";

/** Controls that have uses of their own for plain keys, as what a script draws may have, and what is scrolled by them. */
const TYPING =
  "input, select, textarea, [contenteditable], [role=grid], [role=tab], [role=menu], pre, summary, dialog, " +
  ".stage, .stage-place, .error-rows, .diff-rows";
/** Commands that need no notebook in view. */
export const EVERYWHERE: ReadonlySet<Command> = new Set([
  "palette",
  "go-to",
  "lineage",
  "pane",
  "rail",
  "runs",
  "theme",
  "escape",
  "vim",
  "help",
  "save",
]);
/** Commands for whoever reads: no other key may change a notebook of which neither code nor focus is shown. */
const READING: ReadonlySet<Command> = new Set([
  ...EVERYWHERE,
  "reading",
  "leave",
  "next",
  "previous",
  "first",
  "last",
  "find",
  "sample",
  "export",
  "fold-output",
  "whole-output",
]);
const PRESSABLE = "button, a";
/** Parts in which Escape does something else than go back to the cell. */
const OWN_ESCAPE = "search, .module-grid input, .vim-line";
/** Parts of the editor with keys of their own. */
const EDITOR_PARTS = ".find-widget, .suggest-widget, .rename-box";
/** How long a key that means something by itself waits for the second of a pair. */
const ALONE_MS = 350;

/** Binds the keys of the whole page. `isRead`: it shows what a reader sees. */
export function useKeys(actions: ShellActions, isRead: boolean): void {
  const store = useStore();
  useEffect(() => {
    store.setShell(actions);
    let pending: string | null = null;
    let began = 0;
    let alone: { readonly command: Command; readonly timer: ReturnType<typeof setTimeout> } | null = null;
    // On another page no key may change the notebook behind it.
    const isTaken = (command: Command): boolean =>
      (sectionFrom(location.hash) === "notebook" || EVERYWHERE.has(command)) &&
      (!isRead || READING.has(command));
    const doAlone = (): void => {
      if (alone === null) return;
      clearTimeout(alone.timer);
      const { command } = alone;
      alone = null;
      pending = null;
      if (isTaken(command)) carryOut(command, store);
    };
    const onKeyDown = (event: KeyboardEvent): void => {
      const target = event.target instanceof Element ? event.target : document.body;
      if (event.defaultPrevented || event.isComposing) return;
      if (target.closest("dialog, [role=menu], [role=dialog], [role=listbox]") !== null) return;
      if (event.key === "Escape" && target.closest(OWN_ESCAPE) !== null) return;
      // The focus of a dialog whose part is gone is on the page, and the keys are still the dialog's.
      if (target === document.body && document.querySelector("dialog:modal") !== null) return;
      const place = placeOf(target, event);
      if (place === null || isModifier(event.key)) return;
      if ((place === "cells" && isTypedAhead(event, store)) || isForMenu(event, store)) {
        event.preventDefault();
        event.stopPropagation();
        return;
      }
      let reading = readKey(event, place, event.timeStamp - began < PAIR_MS ? pending : null);
      if (alone !== null && reading.command !== null && pending !== null && isPair(pending, event, place)) {
        clearTimeout(alone.timer);
        alone = null;
      } else if (alone !== null) {
        doAlone();
        reading = readKey(event, place, null);
      }
      pending = reading.pending;
      began = event.timeStamp;
      if (reading.command === null) {
        if (reading.pending !== null) event.preventDefault();
        if (reading.alone !== undefined && isTaken(reading.alone)) {
          alone = { command: reading.alone, timer: setTimeout(doAlone, ALONE_MS) };
        }
        return;
      }
      if (!isTaken(reading.command) || !carryOut(reading.command, store)) return;
      event.preventDefault();
      event.stopPropagation();
    };
    // Before the editor sees a key: some of these mean other things to it.
    addEventListener("keydown", onKeyDown, { capture: true });
    return () => {
      if (alone !== null) clearTimeout(alone.timer);
      removeEventListener("keydown", onKeyDown, { capture: true });
    };
  }, [store, actions, isRead]);
}

/** While the editor of a cell is on its way, what is typed is its text, and no command: `dd` deletes nothing. */
function isTypedAhead(event: KeyboardEvent, store: PageStore): boolean {
  if (!store.awaitsEditor() || !isPlain(keyName(event))) return false;
  if (event.key === "Escape") {
    // To Vim it is a key of its text, to all others the way out.
    if (!vimKeys.isOn()) return false;
    store.typedAhead += "\u001B";
  } else if (event.key.length === 1) store.typedAhead += event.key;
  else if (event.key === "Enter" && !event.repeat) store.typedAhead += "\n";
  return true;
}

/** As the keys are now: they may have been changed since the page was opened. */
function readKey(event: KeyboardEvent, place: KeyPlace, pending: string | null): KeyReading {
  return readKeyOf(event, place, pending, bindingsNow());
}

function placeOf(target: Element, event: KeyboardEvent): KeyPlace | null {
  if (target.closest(EDITOR_PARTS) !== null) return null;
  if (target.closest(".monaco-editor") !== null) return "editor";
  const pressed = event.key === "Enter" && target.closest(PRESSABLE) !== null;
  return target.closest(TYPING) !== null || pressed ? "control" : "cells";
}

/** Whether a key ends the pair that another began. */
function isPair(first: string, event: KeyboardEvent, place: KeyPlace): boolean {
  return readKey(event, place, first).command !== readKey(event, place, null).command;
}

function isModifier(key: string): boolean {
  return key === "Shift" || key === "Control" || key === "Alt" || key === "Meta";
}
