import { inspect } from "./inspect.ts";

/** How one run of a cell shows things. */
export interface Display {
  /** Appends a value and gives it back; once another run has shown something, it shows nothing more. */
  show<Value>(value: Value): Value;
  /** Shows a value in place of everything. */
  replace(value: unknown): void;
  /** Ends the run: when it showed nothing, what the run before showed goes. */
  finish(): void;
}

/**
 * Where a cell displays. Its element lives as long as the cell: what the last run showed stays until the next shows
 * something, so that a plot that is drawn again does not blink.
 */
export class Stage {
  readonly element: HTMLElement = document.createElement("div");
  #started = 0;
  #shown = 0;

  constructor() {
    this.element.className = "stage";
  }

  /** Shows nothing until the next run shows something, whatever one that has begun still does. */
  clear(): void {
    this.#shown = ++this.#started;
    this.element.replaceChildren();
  }

  begin(): Display {
    const run = ++this.#started;
    const take = (): boolean => {
      if (run < this.#shown) return false;
      if (run > this.#shown) this.element.replaceChildren();
      this.#shown = run;
      return true;
    };
    return {
      show: (value) => {
        if (take()) this.element.append(inspect(value));
        return value;
      },
      replace: (value) => {
        if (take()) this.element.replaceChildren(...(value === undefined ? [] : [inspect(value)]));
      },
      finish: () => void take(),
    };
  }
}
