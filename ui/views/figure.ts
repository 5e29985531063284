/** What a view draws, and the same in words. */
export interface Drawing {
  readonly plot: Element;
  /** One sentence that says what there is to see. */
  readonly caption: string;
  /** Heads of the columns of the text alternative. */
  readonly heads: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** Rows of a text alternative that are written out. */
const ROWS_IN_WORDS = 200;

/** A picture with its caption, and behind a fold its numbers as a table: for those who cannot see it, or want them. */
export function figure({ plot, caption, heads, rows }: Drawing): HTMLElement {
  const element = document.createElement("figure");
  element.className = "view-figure";
  plot.setAttribute("role", "img");
  plot.setAttribute("aria-label", caption);
  const words = document.createElement("figcaption");
  words.textContent = caption;
  element.append(plot, words, asTable(heads, rows));
  return element;
}

/** In place of a picture when there is nothing to draw. */
export function nothingToDraw(reason: string): HTMLElement {
  const element = document.createElement("p");
  element.className = "output-note";
  element.textContent = reason;
  return element;
}

function asTable(heads: Drawing["heads"], rows: Drawing["rows"]): HTMLElement {
  const details = document.createElement("details");
  const summary = document.createElement("summary");
  const shown = rows.slice(0, ROWS_IN_WORDS);
  summary.textContent =
    rows.length > shown.length ? `The first ${shown.length} of ${rows.length} as a table` : "As a table";
  const table = document.createElement("table");
  const head = table.createTHead().insertRow();
  for (const text of heads) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = text;
    head.append(cell);
  }
  const body = table.createTBody();
  for (const row of shown) {
    const line = body.insertRow();
    for (const value of row) line.insertCell().textContent = String(value);
  }
  details.append(summary, table);
  return details;
}
