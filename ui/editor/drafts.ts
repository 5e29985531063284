import type { CellView, NotebookView } from "#protocol/view.ts";

import type { Draft } from "./draft.ts";
import {
  accepted,
  arrived,
  isDirty,
  keepMine,
  opened,
  refused,
  restored,
  sending,
  takeTheirs,
  typed,
  wantsSending,
} from "./draft.ts";
import { editableText, withEditableText } from "./editable-text.ts";

/** What drafts need of the world; tests pass their own. */
export interface DraftWorld {
  readonly later: (run: () => void, milliseconds: number) => () => void;
  /** Sends a cell's text; settles with the notebook's revision. */
  readonly send: (notebook: string, cell: string, source: string) => Promise<number>;
  /** Where texts outlive the page; null where there is no such place. */
  readonly storage: Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length"> | null;
}

/** A text that outlived its page, and that of the server which it grew from. */
type Kept = Pick<Draft, "base" | "text">;

/** Sent when nothing was typed for so long. */
const PAUSE_MS = 280;

/** What was typed and is not yet the server's, cell by cell. Nothing typed is lost by anything that arrives. */
export class Drafts {
  readonly #world: DraftWorld;
  readonly #drafts = new Map<string, Draft>();
  readonly #timers = new Map<string, () => void>();
  readonly #listeners = new Set<() => void>();
  readonly #flights = new Map<string, Promise<void>>();
  /** By notebook: an older picture of it says nothing about texts that were accepted since. */
  readonly #revisions = new Map<string, number>();
  readonly #restored = new Set<string>();
  #notebook: NotebookView | null = null;

  constructor(world: DraftWorld) {
    this.#world = world;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Null for a cell that nobody edited on this page. */
  draft(cell: string): Draft | null {
    return this.#drafts.get(this.#key(cell)) ?? null;
  }

  /** The text that a cell shows: the draft's, or the server's. */
  text(cell: CellView): string {
    return this.draft(cell.id)?.text ?? editableText(cell);
  }

  /** Whether something typed is not yet the server's. */
  get pending(): boolean {
    return [...this.#drafts.values()].some(isDirty);
  }

  type(cell: string, text: string): void {
    const view = this.#cell(cell);
    if (view === null) return;
    const draft = this.#drafts.get(this.#key(cell)) ?? opened(editableText(view));
    if (draft.text === text) return;
    this.#set(cell, typed(draft, text));
    this.#timers.get(this.#key(cell))?.();
    this.#timers.set(
      this.#key(cell),
      this.#world.later(() => void this.flush(cell), PAUSE_MS),
    );
  }

  /** Sends a cell's text now; settles when the server has it or refused it. */
  async flush(cell: string): Promise<void> {
    const key = this.#key(cell);
    this.#timers.get(key)?.();
    this.#timers.delete(key);
    await this.#flights.get(key);
    const draft = this.#drafts.get(key);
    const view = this.#cell(cell);
    if (draft === undefined || view === null || !wantsSending(draft) || this.#notebook === null) return;
    const { path } = this.#notebook;
    this.#set(cell, sending(draft));
    const flight = this.#carry(key, path, cell, withEditableText(view, draft.text));
    this.#flights.set(key, flight);
    await flight;
  }

  async flushAll(): Promise<void> {
    const cells = this.#notebook?.cells ?? [];
    await Promise.all(cells.map((cell) => this.flush(cell.id)));
  }

  keepMine(cell: string): void {
    this.#update(this.#key(cell), keepMine);
    void this.flush(cell);
  }

  takeTheirs(cell: string): void {
    this.#update(this.#key(cell), takeTheirs);
  }

  /**
   * A picture of the notebook came; `renamed` gives the new id of a cell whose id changed.
   *
   * @returns the cells that went and in which something was typed that the server does not have yet
   */
  sync(notebook: NotebookView, renamed: ReadonlyMap<string, string> = new Map()): readonly CellView[] {
    const before = this.#notebook?.path === notebook.path ? this.#notebook.cells : [];
    this.#notebook = notebook;
    for (const [from, to] of renamed) this.#move(`${notebook.path}\n${from}`, `${notebook.path}\n${to}`);
    if (notebook.revision < (this.#revisions.get(notebook.path) ?? 0)) return [];
    const kept = this.#restored.has(notebook.path) ? new Map<string, Kept>() : this.#keptOf(notebook);
    this.#restored.add(notebook.path);
    for (const cell of notebook.cells) {
      const before = kept.get(cell.id);
      const old = this.draft(cell.id);
      const text = editableText(cell);
      if (old !== null) this.#set(cell.id, arrived(old, text));
      else if (before !== undefined) {
        this.#set(cell.id, restored(before.base, before.text, text));
        void this.flush(cell.id);
      }
    }
    const left = new Set(notebook.cells.map(({ id }) => id));
    return before.filter(({ id }) => {
      const draft = left.has(id) ? null : this.draft(id);
      return draft !== null && isDirty(draft) && draft.text.trim() !== "";
    });
  }

  /** A cell that went, with what was typed in it; null when that arrived all the same, as other cells mostly. */
  async lost(cell: CellView): Promise<CellView | null> {
    const key = this.#key(cell.id);
    const before = this.#drafts.get(key);
    await this.#flights.get(key);
    const draft = this.#drafts.get(key);
    if (draft === undefined || draft.base !== before?.base) return null;
    return { ...cell, source: withEditableText(cell, draft.text) };
  }

  /** Forgets what was typed in a cell that went. */
  forget(cell: string): void {
    const key = this.#key(cell);
    if (this.#cell(cell) !== null || !this.#drafts.delete(key)) return;
    this.#timers.get(key)?.();
    this.#timers.delete(key);
    this.#world.storage?.removeItem(storageName(key));
  }

  async #carry(key: string, path: string, cell: string, source: string): Promise<void> {
    try {
      const revision = await this.#world.send(path, cell, source);
      this.#revisions.set(path, Math.max(revision, this.#revisions.get(path) ?? 0));
      this.#update(key, accepted);
    } catch {
      // Why is shown where the edit was made; the text stays, and goes with the next one.
      this.#update(key, refused);
    } finally {
      this.#flights.delete(key);
    }
  }

  #move(from: string, to: string): void {
    const draft = this.#drafts.get(from);
    if (draft === undefined) return;
    this.#drafts.delete(from);
    this.#drafts.set(to, draft);
    this.#world.storage?.removeItem(storageName(from));
  }

  #cell(id: string): CellView | null {
    return this.#notebook?.cells.find((cell) => cell.id === id) ?? null;
  }

  #key(cell: string): string {
    return `${this.#notebook?.path ?? ""}\n${cell}`;
  }

  #set(cell: string, draft: Draft): void {
    this.#update(this.#key(cell), () => draft);
  }

  #update(key: string, change: (draft: Draft) => Draft): void {
    const draft = change(this.#drafts.get(key) ?? opened(""));
    if (draft === this.#drafts.get(key)) return;
    this.#drafts.set(key, draft);
    this.#keep(key, draft);
    for (const listener of this.#listeners) listener();
  }

  #keep(key: string, draft: Draft): void {
    try {
      if (isDirty(draft)) {
        this.#world.storage?.setItem(
          storageName(key),
          JSON.stringify({ base: draft.base, text: draft.text }),
        );
      } else this.#world.storage?.removeItem(storageName(key));
    } catch {
      // Full or forbidden: the draft lives as long as the page.
    }
  }

  /**
   * What was kept of a notebook, by the cell that it is of now. The id of a cell without a name is another once the
   * server was started again, as it is made from what the cell said then: such a cell is known by its text.
   */
  #keptOf({ path, cells }: NotebookView): Map<string, Kept> {
    const kept = new Map<string, Kept>();
    const { storage } = this.#world;
    const start = storageName(`${path}\n`);
    const names = Array.from({ length: storage?.length ?? 0 }, (_, at) => storage?.key(at) ?? "");
    for (const name of names.filter((one) => one.startsWith(start))) {
      const found = readKept(storage?.getItem(name) ?? "null");
      const id = name.slice(start.length);
      const cell =
        cells.find((one) => one.id === id) ??
        cells.find((one) => one.name === null && editableText(one) === found?.base);
      if (found === null || cell === undefined) continue;
      kept.set(cell.id, found);
      if (cell.id !== id) storage?.removeItem(name);
    }
    return kept;
  }
}

function readKept(json: string): Kept | null {
  try {
    const found: unknown = JSON.parse(json);
    if (typeof found !== "object" || found === null || !("base" in found) || !("text" in found)) return null;
    const { base, text } = found;
    return typeof base === "string" && typeof text === "string" ? { base, text } : null;
  } catch {
    return null;
  }
}

function storageName(key: string): string {
  return `karyon.draft ${key}`;
}
