import { placeOf } from "#notebook/text-place.ts";
import type { TextPlace } from "#notebook/text-place.ts";
import { WorkspaceError } from "#protocol/error.ts";

import { closingBrace } from "./closing-brace.ts";

/** The JavaScript of one `${}`, and the place of its first character in the source. */
export interface Hole extends TextPlace {
  readonly text: string;
  /** Of SQL: the mark of the quotes it stands in, such as `'`; empty outside. */
  readonly quote: string;
}

export interface Template {
  /** The text around the holes: one more than there are holes. */
  readonly texts: readonly string[];
  readonly expressions: readonly Hole[];
}

/** `sql`: a hole may stand in quotes, not in a comment, and a backslash means nothing. `prose` (markdown, HTML): anywhere but after a backslash. */
export type TemplateSyntax = "sql" | "prose";

/**
 * Finds the `${}` of a cell's text. A hole ends at the brace that closes it: strings, templates, comments, regular
 * expressions and inner braces of its JavaScript are passed over.
 *
 * @throws {WorkspaceError} `notebook` with the place of a `${` that has no end
 */
export function holes(source: string, syntax: TemplateSyntax = "sql"): Template {
  const texts: string[] = [];
  const expressions: Hole[] = [];
  let from = 0;
  let quote = "";
  for (let at = 0; at < source.length;) {
    if (source.startsWith("${", at)) {
      const end = closingBrace(source, at + 2);
      if (end < 0) throw unclosed(source, at);
      texts.push(source.slice(from, at));
      expressions.push({ text: source.slice(at + 2, end), ...placeOf(source, at + 2), quote });
      from = at = end + 1;
    } else if (syntax === "prose") {
      at += source[at] === "\\" ? 2 : 1;
    } else if (quote !== "") {
      const closes = source.startsWith(quote, at);
      at += closes ? quote.length : 1;
      if (closes) quote = "";
    } else {
      const comment = commentAt(source, at);
      quote = comment > 0 ? "" : quoteAt(source, at);
      at += comment || quote.length || 1;
    }
  }
  texts.push(source.slice(from));
  return { texts, expressions };
}

/** Length of the SQL comment that starts here; 0: none does. */
function commentAt(source: string, at: number): number {
  const [open, close] = source.startsWith("--", at) ? ["--", "\n"] : ["/*", "*/"];
  if (!source.startsWith(open, at)) return 0;
  const end = source.indexOf(close, at + 2);
  return (end < 0 ? source.length : end + close.length) - at;
}

/** The mark that opens a quoted text or name here and closes it too; empty: none does. */
function quoteAt(source: string, at: number): string {
  const character = source[at] ?? "";
  if (character === "'" || character === '"') return character;
  return character === "$" ? (/^\$\w*\$/.exec(source.slice(at, at + 66))?.[0] ?? "") : "";
}

function unclosed(source: string, at: number): WorkspaceError {
  return new WorkspaceError({
    code: "notebook",
    message: "a ${ without its }",
    hint: "Close it with }.",
    span: { ...placeOf(source, at), length: 2 },
  });
}
