import { rename } from "node:fs/promises";

import { changedCells } from "#notebook/changed-cells.ts";
import type { Notebook } from "#notebook/notebook.ts";
import { errorInfo, WorkspaceError } from "#protocol/error.ts";

import { Journal } from "./journal.ts";
import { readNotebook, readNotebookIfThere } from "./read-notebook.ts";
import { apply, baseRecord, replay } from "./session/apply.ts";
import type { Standing } from "./session/notebook-view.ts";
import type { JournalRecord, SessionOp } from "./session/op.ts";
import { newSession } from "./session/state.ts";
import type { SessionState } from "./session/state.ts";
import type { Trust } from "./trust.ts";
import { writeNotebook } from "./write-whole.ts";

/** From the first unsaved change to the write. */
const SAVE_MS = 400;
/** After a write that failed (a full disk) it is tried again. */
const RETRY_MS = 2_000;

export interface SessionFiles {
  /** Name of the notebook: `personal-genome.md`. */
  readonly path: string;
  /** Absolute. */
  readonly file: string;
  readonly journal: string;
}

/** A notebook that is open: what `session/` decides is carried out here. */
export class NotebookSession {
  readonly path: string;
  readonly #file: string;
  readonly #journal: Journal;
  readonly #trust: Trust;
  readonly #changed: () => void;
  #state: SessionState;
  /** Whether the text of now may run. */
  #trusted: boolean;
  /** The last text that was; null before the first. */
  #lastTrusted: string | null = null;
  #timer: NodeJS.Timeout | null = null;
  #saving: Promise<void> = Promise.resolve();
  #problem: unknown = null;
  #closed = false;

  private constructor(
    files: SessionFiles,
    journal: Journal,
    trust: Trust,
    state: SessionState,
    changed: () => void,
  ) {
    this.path = files.path;
    this.#file = files.file;
    this.#journal = journal;
    this.#trust = trust;
    this.#changed = changed;
    this.#state = state;
    this.#trusted = trust.has(state.text);
  }

  /** Opens a notebook as it was left: its file, and what its journal has beside it. */
  static async open(files: SessionFiles, trust: Trust, changed: () => void): Promise<NotebookSession> {
    const journal = new Journal(files.journal, (error) => {
      session.#problem = error;
    });
    const text = await readNotebook(files.file);
    const records = await journal.read();
    const state = (await restored(files, records, text)) ?? newSession(files.path, text);
    const session: NotebookSession = new NotebookSession(files, journal, trust, state, changed);
    session.#lastTrusted = await trust.lastTrusted(files.path);
    session.disk(text);
    await session.#remember();
    if (session.#state.text !== text) session.#saveSoon(0);
    // One that nobody edits writes nothing.
    if (records !== null) journal.restart(baseRecord(session.#state));
    return session;
  }

  get notebook(): Notebook {
    return this.#state.notebook;
  }

  get text(): string {
    return this.#state.text;
  }

  get standing(): Standing {
    const { revision, undo, redo, notebook } = this.#state;
    const last = this.#lastTrusted;
    const untrusted = this.#trusted ? null : { changed: last === null ? null : changedCells(last, notebook) };
    return { revision, canUndo: undo.length > 0, canRedo: redo.length > 0, untrusted };
  }

  /** Whether the file has all of it. */
  get isSaved(): boolean {
    return this.#state.text === this.#state.saved;
  }

  /**
   * Carries out what a person asks for, and answers with the revision when it is written down.
   *
   * @throws {WorkspaceError} as `apply`; `source` when it could not be written: it holds, but would not survive
   */
  async dispatch(op: SessionOp): Promise<number> {
    this.#apply(op);
    const { revision } = this.#state;
    await this.#journal.written();
    const problem = this.#problem ?? this.#journal.problem;
    if (problem === null) return revision;
    const detail = errorInfo(problem).message;
    this.#problem = null;
    throw new WorkspaceError({
      code: "source",
      message: `${this.path} could not be written down`,
      hint: "Make room on the disk, or let Karyon write to its folder; it is tried again.",
      detail,
    });
  }

  /**
   * Lets the notebook run as it is. Answers with the revision.
   *
   * @throws {WorkspaceError} `usage` when that is not the revision that was looked at
   */
  async trust(revision: number): Promise<number> {
    if (revision !== this.#state.revision) {
      throw new WorkspaceError({
        code: "usage",
        message: `${this.path} is not what it was when you looked at it`,
        hint: "Look at it again, then trust it.",
      });
    }
    this.#trusted = true;
    await this.#remember();
    this.#changed();
    return revision;
  }

  /** Takes in what the file holds now. */
  disk(text: string): void {
    this.#apply({ type: "disk", text, at: Date.now() });
  }

  /** Reads the file. False when it is not there. */
  async look(): Promise<boolean> {
    // What is no text any more, or cannot be read, waits for a save, which says so.
    const text = await readNotebookIfThere(this.#file).catch(() => this.#state.saved);
    if (text === null || this.#closed) return false;
    this.disk(text);
    return true;
  }

  /** Writes what is not written, now. */
  async save(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    // One that failed before keeps none from being tried.
    this.#saving = this.#saving.catch(() => {}).then(() => this.#save());
    await this.#saving;
    await this.#journal.written();
  }

  async close(): Promise<void> {
    await this.save().catch(() => null);
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#journal.close();
  }

  #apply(op: SessionOp): void {
    const fresh = this.#state.revision === 1 && this.#state.undo.length === 0;
    const before = this.#state;
    const { state, actions } = apply(before, op);
    this.#state = state;
    if (state.text !== before.text) this.#judge(op);
    if (fresh && actions.length > 0) this.#journal.restart(baseRecord(before));
    for (const action of actions) {
      switch (action.type) {
        case "journal":
          this.#journal.append(action.record);
          break;
        case "save":
          this.#saveSoon(SAVE_MS);
          break;
        case "tell":
          this.#changed();
      }
    }
    if (this.#journal.isSpent) this.#journal.restart(baseRecord(this.#state));
  }

  /** What is written here is as trusted as what it was written into; what comes from elsewhere is what was here before. */
  #judge(op: SessionOp): void {
    const { text } = this.#state;
    const wasTrusted = this.#trusted;
    const isOurs = op.type === "edit" || (op.type === "disk" && this.#trust.has(op.text));
    this.#trusted = (wasTrusted && isOurs) || this.#trust.has(text);
    if (this.#trusted) this.#trust.add(text);
  }

  async #remember(): Promise<void> {
    const { text } = this.#state;
    if (!this.#trusted) return;
    this.#trust.add(text);
    if (this.#lastTrusted === text) return;
    this.#lastTrusted = text;
    await this.#trust.remember(this.path, text);
  }

  #saveSoon(milliseconds: number): void {
    if (this.#closed) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#saving = this.#saving
        .then(() => this.#save())
        .catch((error: unknown) => {
          this.#problem = error;
          this.#saveSoon(RETRY_MS);
        });
    }, milliseconds);
  }

  async #save(): Promise<void> {
    // What another program wrote since is taken in first, never written over.
    const disk = await readNotebookIfThere(this.#file);
    if (disk !== null) this.disk(disk);
    // Somebody deleted it, and it has nothing that they did not see.
    else if (this.isSaved) return;
    const { text } = this.#state;
    if (text !== disk) await writeNotebook(this.#file, text);
    this.#apply({ type: "saved", text });
    await this.#remember();
    if (this.#state.text !== text) this.#saveSoon(SAVE_MS);
  }
}

/** The session that a journal tells of. One that cannot be true is put aside: the file is what there is. */
async function restored(
  { path, journal }: SessionFiles,
  records: readonly JournalRecord[] | null,
  text: string,
): Promise<SessionState | null> {
  if (records === null) return null;
  try {
    return replay(path, records, text);
  } catch {
    await rename(journal, `${journal}.unreadable`);
    return null;
  }
}
