import type { CellView } from "#protocol/view.ts";

/** Blank lines around prose hold it off its neighbours in the file; a person edits what is between. */
interface Margins {
  readonly before: string;
  readonly body: string;
  readonly after: string;
}

/** The text of a cell that a person edits. */
export function editableText(cell: Pick<CellView, "kind" | "source">): string {
  return cell.kind === "markdown" ? margins(cell.source).body : cell.source;
}

/** The source with another text in the place of the edited one. */
export function withEditableText(cell: Pick<CellView, "kind" | "source">, text: string): string {
  if (cell.kind !== "markdown") return text;
  const { before, after } = margins(cell.source);
  return `${before}${text}${after === "" ? "\n" : after}`;
}

function margins(source: string): Margins {
  const body = source.replace(/^(?:[ \t]*\r?\n)+/, "").trimEnd();
  if (body === "") return { before: "", body: "", after: source };
  const start = source.indexOf(body);
  return { before: source.slice(0, start), body, after: source.slice(start + body.length) };
}
