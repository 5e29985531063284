import { useEffect } from "react";

import { cellAnchor, showCell } from "../shell/show-cell.ts";
import { useStore } from "../shell/use-store.tsx";
import { stoppableRun } from "../state/cell-state.ts";
import type { PageStore } from "../state/page-store.ts";
import { PAGE } from "../state/page-store.ts";
import { assetPlan, stalePlan } from "../state/plan.ts";
import type { Command } from "./key-map.ts";
import { commandFor } from "./key-map.ts";
import type { Ground } from "./neighbours.ts";
import { assetAt, neighbour } from "./neighbours.ts";

/** What only the shell can do. */
export interface ShellActions {
  readonly togglePane: () => void;
  readonly showHelp: () => void;
}

/** Controls that have uses of their own for plain keys. */
const TYPING = "input, select, textarea, [contenteditable], [role=grid], [role=tab], pre, summary, dialog";
const PRESSABLE = "button, a";

/** Binds the keys of the whole page. */
export function useKeys(actions: ShellActions): void {
  const store = useStore();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const target = event.target instanceof Element ? event.target : document.body;
      if (event.defaultPrevented || target.closest("dialog") !== null) return;
      const pressed = event.key === "Enter" && target.closest(PRESSABLE) !== null;
      const inside = target.closest(TYPING) !== null || pressed;
      const command = commandFor(event, inside);
      if (command !== null && carryOut(command, store, actions)) event.preventDefault();
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, [store, actions]);
}

/** @returns whether it did anything: a key that does nothing keeps its meaning in the browser */
function carryOut(command: Command, store: PageStore, actions: ShellActions): boolean {
  const { page, states } = store.view();
  const { snapshot, focusedCell } = page;
  if (snapshot === null) return false;
  const ground: Ground = {
    cells: snapshot.notebook.cells,
    assets: snapshot.assets,
    states,
    focused: focusedCell,
  };
  const asset = assetAt(ground);
  switch (command) {
    case "next":
    case "previous":
    case "next-problem":
    case "previous-problem":
    case "upstream":
    case "downstream":
      return go(command, ground);
    case "run":
    case "run-next": {
      const runnable = asset !== null && !asset.external;
      if (runnable) store.run(assetPlan(snapshot.assets, states, asset.key), asset.key);
      const moved = command === "run-next" && go(command, ground);
      return runnable || moved;
    }
    case "run-stale": {
      const plan = stalePlan(snapshot.assets, states);
      if (plan.assets.length > 0) store.run(plan, PAGE);
      return true;
    }
    case "stop": {
      const state = asset === null ? undefined : states.get(asset.key);
      const run = state === undefined ? null : stoppableRun(state);
      if (asset === null || run === null) return false;
      store.stop(run, asset.key);
      return true;
    }
    case "enter": {
      const cell = focusedCell === null ? null : document.getElementById(cellAnchor(focusedCell));
      const first = cell?.querySelector<HTMLElement>(
        "[role=grid], [role=tab][tabindex='0'], button, a[href]",
      );
      first?.focus();
      return first !== null && first !== undefined;
    }
    case "leave":
      if (focusedCell === null) return false;
      document.getElementById(cellAnchor(focusedCell))?.focus({ preventScroll: true });
      return true;
    case "pane":
      actions.togglePane();
      return true;
    case "help":
      actions.showHelp();
      return true;
  }
}

function go(command: Command, ground: Ground): boolean {
  const cell = neighbour(command, ground);
  if (cell === null) return false;
  showCell(cell.id);
  return true;
}
