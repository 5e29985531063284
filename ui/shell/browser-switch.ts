/** Something that is on or off in this browser, and is remembered by it: off until it is chosen. */
export class BrowserSwitch {
  readonly #key: string;
  readonly #listeners = new Set<() => void>();
  #on: boolean;

  constructor(key: string) {
    this.#key = key;
    this.#on = saved(key);
  }

  readonly isOn = (): boolean => this.#on;

  /** @returns whether it is on now */
  turn(): boolean {
    this.#on = !this.#on;
    try {
      if (this.#on) localStorage.setItem(this.#key, "on");
      else localStorage.removeItem(this.#key);
    } catch {
      // Not remembered; it holds until the page is closed.
    }
    for (const listener of this.#listeners) listener();
    return this.#on;
  }

  /** Calls `listener` after each turn. @returns what ends that */
  readonly onTurn = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}

function saved(key: string): boolean {
  try {
    return localStorage.getItem(key) === "on";
  } catch {
    return false;
  }
}
