/** What a person can do to a notebook's blocks. `block` and `after` are ids of blocks as the page knows them. */
export type NotebookOp =
  /** New text between the fences, or new prose. */
  | { readonly op: "set-source"; readonly block: string; readonly source: string }
  /** A new block after another; null: at the top. `language` `md` makes prose. */
  | {
      readonly op: "insert";
      readonly after: string | null;
      readonly language: string;
      readonly name: string | null;
      readonly attributes: Readonly<Record<string, string>>;
      readonly source: string;
    }
  | { readonly op: "delete"; readonly block: string }
  | { readonly op: "move"; readonly block: string; readonly after: string | null }
  /** A new name, in the cell and wherever the notebook's cells use it. */
  | { readonly op: "rename"; readonly block: string; readonly name: string }
  /** Cells of one language that follow one another become the first of them. */
  | { readonly op: "merge"; readonly block: string; readonly with: readonly string[] }
  /** A cell becomes two: the text before `at` (UTF-16 units of its source), and a new cell after it. */
  | { readonly op: "split"; readonly block: string; readonly at: number }
  /** Another language or other attributes for a cell. */
  | {
      readonly op: "set-info";
      readonly block: string;
      readonly language: string;
      readonly attributes: Readonly<Record<string, string>>;
    };
