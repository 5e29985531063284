/** What the store asks of those who alone can do it. */

/** What only the shell around the notebook can do. */
export interface ShellActions {
  readonly togglePane: () => void;
  /** Shows the pane with the lineage of what has the focus; when it is shown, the page of the whole graph. */
  readonly showLineage: () => void;
  /** Only what a reader sees, or all of it. */
  readonly toggleReading: () => void;
  readonly toggleRail: () => void;
  readonly toggleRuns: () => void;
  readonly nextTheme: () => void;
  readonly find: (replace: boolean) => void;
  readonly showHelp: () => void;
}

/** What only the editor of a cell can do. */
export interface EditorActions {
  /** @returns whether it did anything */
  readonly carryOut: (command: "split" | "format") => boolean;
}
