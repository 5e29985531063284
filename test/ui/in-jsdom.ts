import { act } from "react";
import { createRoot } from "react-dom/client";
import type { Root } from "react-dom/client";
import { afterEach, beforeEach, vi } from "vitest";

/** jsdom lays nothing out: rows are seen as if the grid were this high. */
const GRID_HEIGHT_PX = 60 + 280;

/** What React draws into. */
interface Drawn {
  readonly root: Root;
  readonly place: HTMLElement;
}

/** A place to draw into, anew for each test of the file, with what jsdom lacks. */
export function inJsdom(): Drawn {
  let root: Root;
  let place: HTMLElement;
  beforeEach(() => {
    vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
    vi.stubGlobal("matchMedia", () => Object.assign(new EventTarget(), { matches: true }));
    vi.stubGlobal(
      "ResizeObserver",
      class {
        readonly #told: (entries: readonly object[]) => void;
        constructor(told: (entries: readonly object[]) => void) {
          this.#told = told;
        }
        observe(): void {
          this.#told([{ contentRect: { height: GRID_HEIGHT_PX, width: 2000 } }]);
        }
        disconnect(): void {}
      },
    );
    vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(2000);
    place = document.body.appendChild(document.createElement("div"));
    root = createRoot(place);
  });
  afterEach(async () => {
    await doing(() => root.unmount());
    place.remove();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });
  return {
    get root() {
      return root;
    },
    get place() {
      return place;
    },
  };
}

/** Does something, and all that React and what waits make of it. */
export function doing(what: () => void): Promise<void> {
  return act(async () => {
    what();
    await Promise.resolve();
  });
}
