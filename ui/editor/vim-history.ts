import type { editor as Editor } from "monaco-editor/editor";

/**
 * Where undo stops in Vim: after each command, and after each stay in insert mode, however many words were written in
 * it. The editor itself stops at every word.
 */
export class VimHistory {
  readonly #editor: Editor.ICodeEditor;
  /** Versions of the text, which the editor counts up, and back when it undoes. */
  readonly #stops: number[];
  #at = 0;

  constructor(editor: Editor.ICodeEditor) {
    this.#editor = editor;
    this.#stops = [this.#version()];
  }

  /** What was changed since the last stop is one change. */
  settle(): void {
    const version = this.#version();
    const known = this.#stops.indexOf(version);
    if (known >= 0) {
      this.#at = known;
      return;
    }
    this.#stops.splice(this.#at + 1, Infinity, version);
    this.#at++;
  }

  undo(): void {
    this.#travel("undo", this.#stops[this.#at - 1]);
    this.#at = Math.max(0, this.#at - 1);
  }

  redo(): void {
    this.#travel("redo", this.#stops[this.#at + 1]);
    this.#at = Math.min(this.#stops.length - 1, this.#at + 1);
  }

  /** To a version, as near as there is a step to; by one step when none is known. */
  #travel(way: "undo" | "redo", version: number | undefined): void {
    for (;;) {
      const before = this.#version();
      this.#editor.trigger("vim", way, null);
      const now = this.#version();
      if (now === before || version === undefined) return;
      if (way === "undo" ? now <= version : now >= version) return;
    }
  }

  #version(): number {
    return this.#editor.getModel()?.getAlternativeVersionId() ?? 0;
  }
}
