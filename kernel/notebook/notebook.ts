/** A notebook as text cut into blocks; the blocks' raw texts, joined, are the text again. */
export interface Notebook {
  readonly path: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

export type Block = Prose | Cell;

/** Markdown between cells, fences that are no cells included. */
export interface Prose {
  readonly type: "prose";
  /** Made from the content; unique in the notebook. */
  readonly id: string;
  readonly raw: string;
  /** 1-based line of its first character. */
  readonly line: number;
}

/** A fenced block that computes. */
export interface Cell {
  readonly type: "cell";
  /** The name where there is one, else made from language and content; unique in the notebook. */
  readonly id: string;
  readonly name: string | null;
  readonly language: string;
  /** What follows the name: `engine=duckdb` → `{engine: "duckdb"}`, `asset` → `{asset: ""}`. */
  readonly attributes: Readonly<Record<string, string>>;
  /** The text between the fences, without the line end before the closing fence. */
  readonly source: string;
  readonly raw: string;
  /** 1-based line of the opening fence; the source starts one line below. */
  readonly line: number;
}

/** The notebook as text: for every `text`, `serialise(parse(path, text)) === text`. */
export function serialise(notebook: Notebook): string {
  return notebook.blocks.map((block) => block.raw).join("");
}

export function cellsOf(notebook: Notebook): Cell[] {
  return notebook.blocks.filter((block) => block.type === "cell");
}
