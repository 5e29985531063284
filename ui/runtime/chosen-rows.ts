/** Rows that a person chose in the tables of the page, as values that cells read. */

export type Rows = readonly Readonly<Record<string, unknown>>[];

const NONE: Rows = [];

/** By the variable of the table: the key of an asset, or `cell:ID` of live SQL. */
export class ChosenRows {
  readonly #rows = new Map<string, Rows>();
  readonly #listeners = new Map<string, Set<() => void>>();
  /** The value that scripts have of a table → its variable. */
  readonly #variables = new WeakMap<object, string>();

  /** Says which table a value is, so that {@link input} finds what is chosen in it. */
  name(value: object, variable: string): void {
    this.#variables.set(value, variable);
  }

  choose(variable: string, rows: Rows): void {
    if (rows.length === 0 && this.of(variable).length === 0) return;
    this.#rows.set(variable, rows);
    for (const listener of this.#listeners.get(variable) ?? []) listener();
  }

  of(variable: string): Rows {
    return this.#rows.get(variable) ?? NONE;
  }

  /**
   * An input, as those of Observable: its value is the rows that are chosen in the table, an empty list when none
   * is, and it says `input` when they are others.
   *
   * @throws {TypeError} for what is no table of the notebook
   */
  input(value: unknown): HTMLElement & { readonly value: Rows } {
    const variable = typeof value === "object" && value !== null ? this.#variables.get(value) : undefined;
    if (variable === undefined) {
      throw new TypeError(
        "selection(table) wants a table of this notebook: an asset, or a query of live SQL",
      );
    }
    const element = Object.assign(document.createElement("p"), {
      className: "chosen-rows",
      textContent: chosenWords(this.of(variable)),
      value: this.of(variable),
    });
    // Held weakly: an input that its cell replaced is nobody's.
    const held = new WeakRef(element);
    const listener = (): void => {
      const input = held.deref();
      if (input === undefined) return void this.#listeners.get(variable)?.delete(listener);
      input.value = this.of(variable);
      input.textContent = chosenWords(input.value);
      input.dispatchEvent(new Event("input", { bubbles: true }));
    };
    const listeners = this.#listeners.get(variable) ?? new Set();
    this.#listeners.set(variable, listeners.add(listener));
    return element;
  }
}

function chosenWords({ length }: Rows): string {
  if (length === 0) return "No row chosen. Choose with Shift or Ctrl and a click, or with X.";
  return `${length.toLocaleString("en-US")} ${length === 1 ? "row" : "rows"} chosen`;
}

/** Of this page: a table is chosen in wherever it is shown. */
export const chosenRows: ChosenRows = new ChosenRows();
