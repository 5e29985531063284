/** A stretch of a SQL text. `code` is what is neither quoted nor a comment. */
export interface SqlPiece {
  readonly kind: "code" | "quoted" | "comment";
  readonly text: string;
}

/** A quoted text with doubled quotes, a quoted name, a text between dollar signs, a comment of either kind. */
const QUOTED = /'(?:[^']|'')*'|"(?:[^"]|"")*"|(\$\w*\$)[\s\S]*?\1|--[^\n]*|\/\*[\s\S]*?\*\//g;

/** The pieces of a SQL text, in order; joined, they are the text. */
export function sqlPieces(sql: string): SqlPiece[] {
  const pieces: SqlPiece[] = [];
  let end = 0;
  for (const match of sql.matchAll(QUOTED)) {
    if (match.index > end) pieces.push({ kind: "code", text: sql.slice(end, match.index) });
    pieces.push({ kind: /^(?:--|\/\*)/.test(match[0]) ? "comment" : "quoted", text: match[0] });
    end = match.index + match[0].length;
  }
  if (end < sql.length) pieces.push({ kind: "code", text: sql.slice(end) });
  return pieces;
}

/** One statement without the comments and semicolons after it, so that it can stand in parentheses. */
export function bareStatement(sql: string): string {
  const pieces = sqlPieces(sql);
  for (let last = pieces.pop(); last !== undefined; last = pieces.pop()) {
    if (last.kind === "comment") continue;
    const text = last.kind === "code" ? last.text.replace(/[\s;]+$/, "") : last.text;
    if (text === "") continue;
    return pieces.map((piece) => piece.text).join("") + text;
  }
  return "";
}
