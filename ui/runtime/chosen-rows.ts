import { counted } from "#protocol/numerals.ts";

/** Rows that a person chose in the tables of the page, as values that cells read. */

export type Rows = readonly Readonly<Record<string, unknown>>[];

const NONE: Rows = [];

/**
 * What stands in a table's variable: the key of an asset, or `cell:ID` of live SQL. `version` is one for each content
 * of it, compared with `===`: what is chosen in one person's rows is not chosen in another's, nor in those of before.
 */
interface NamedTable {
  readonly variable: string;
  readonly version: unknown;
}

export class ChosenRows {
  /** By variable: what was chosen last, and in which content of it. */
  readonly #chosen = new Map<string, { readonly rows: Rows; readonly version: unknown }>();
  readonly #listeners = new Map<string, Set<() => void>>();
  /** The values that scripts have of tables. */
  readonly #tables = new WeakMap<object, NamedTable>();

  /** Says which table a value is, so that {@link input} finds what is chosen in it. */
  name(value: object, variable: string, version: unknown): void {
    this.#tables.set(value, { variable, version });
  }

  choose(variable: string, rows: Rows, version: unknown): void {
    if (rows.length === 0 && this.#of({ variable, version }).length === 0) return;
    this.#chosen.set(variable, { rows, version });
    for (const listener of this.#listeners.get(variable) ?? []) listener();
  }

  #of({ variable, version }: NamedTable): Rows {
    const chosen = this.#chosen.get(variable);
    return chosen !== undefined && chosen.version === version ? chosen.rows : NONE;
  }

  /**
   * An input, as those of Observable: its value is the rows that are chosen in the table, an empty list when none
   * is, and it says `input` when they are others.
   *
   * @throws {TypeError} for what is no table of the notebook
   */
  input(value: unknown): HTMLElement & { readonly value: Rows } {
    const table = typeof value === "object" && value !== null ? this.#tables.get(value) : undefined;
    if (table === undefined) {
      throw new TypeError(
        "selection(table) wants a table of this notebook: an asset, or a query of live SQL",
      );
    }
    const element = Object.assign(document.createElement("p"), {
      className: "chosen-rows",
      textContent: chosenWords(this.#of(table)),
      value: this.#of(table),
    });
    const { variable } = table;
    // Held weakly: an input that its cell replaced is nobody's.
    const held = new WeakRef(element);
    const listener = (): void => {
      const input = held.deref();
      if (input === undefined) return void this.#listeners.get(variable)?.delete(listener);
      const rows = this.#of(table);
      if (rows === input.value) return;
      input.value = rows;
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
  return `${counted(length, "row")} chosen`;
}

/** Of this page: a table is chosen in wherever it is shown. */
export const chosenRows: ChosenRows = new ChosenRows();
