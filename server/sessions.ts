import { constants, copyFile, link, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { applyOp } from "#notebook/apply-op.ts";
import { cellsOf, serialise } from "#notebook/notebook.ts";
import type { Notebook } from "#notebook/notebook.ts";
import { parse } from "#notebook/parse.ts";
import { WorkspaceError } from "#protocol/error.ts";
import type { ErrorInfo } from "#protocol/error.ts";
import { noneIfMissing } from "#protocol/none-if-missing.ts";
import type { UnreadNotebook } from "#protocol/view.ts";

import type { StandingNotebook } from "./definitions.ts";
import { NotebookSession } from "./notebook-session.ts";
import { fileNamed } from "./notebook-named.ts";
import { notebookPlace } from "./notebook-place.ts";
import { readNotebook } from "./read-notebook.ts";
import { Trust } from "./trust.ts";
import { writeNotebook } from "./write-whole.ts";

/** Also what other systems can store: no mark that one of them gives a meaning. */
const NAME = /^[\p{L}\p{N}_][\p{L}\p{N}_ .-]{0,99}$/u;
/** Names that are devices on Windows, whatever follows the dot. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** What a write that was killed left behind (see `writeWhole`). */
const LEFT_OVER = /^\..+\.[0-9a-f]{8}\.tmp$/;

const UNREADABLE: ErrorInfo = {
  code: "notebook",
  message: "the notebook cannot be read: its cells are left out",
  hint: "Let it be read, or remove it.",
};

/** What became different: the text of one notebook, or (null) which there are. */
export type SessionsListener = (path: string | null) => void;

/**
 * The notebooks of a workspace: the files of its folder, and a session for each that was opened. A command reads
 * files; a server opens them all, so that what is edited survives whatever ends.
 */
export class Sessions {
  readonly #folder: string;
  readonly #home: string;
  readonly #trust: Trust;
  readonly #open = new Map<string, Promise<NotebookSession>>();
  /** Those of {@link #open} that have opened. */
  readonly #ready = new Map<string, NotebookSession>();
  readonly #listeners = new Set<SessionsListener>();
  #known = "";

  constructor(folder: string, home: string) {
    this.#folder = folder;
    this.#home = home;
    this.#trust = new Trust(home);
  }

  onChange(listener: SessionsListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Paths of all notebooks, in the order of the alphabet. @throws {WorkspaceError} `asset` when their folder cannot be read */
  async list(): Promise<string[]> {
    const files = await readdir(this.#folder, { withFileTypes: true }).catch(noneIfMissing);
    return files
      .filter((file) => !file.isDirectory() && file.name.endsWith(".md") && !file.name.startsWith("."))
      .map((file) => file.name)
      .toSorted();
  }

  /** All notebooks as they are now. One that went while they were read is left out. */
  async notebooks(): Promise<StandingNotebook[]> {
    const all = await Promise.all((await this.list()).map((path) => this.#notebook(path).catch(() => null)));
    return all.filter((one) => one !== null);
  }

  /** Those of {@link list} that cannot be read, each with the reason: their cells are left out. */
  async unread(): Promise<UnreadNotebook[]> {
    const closed = (await this.list()).filter((path) => !this.#ready.has(path));
    const looked = await Promise.all(
      closed.map((path) =>
        this.#notebook(path).then(
          () => null,
          (error: unknown) => ({ path, error: error instanceof WorkspaceError ? error.info : UNREADABLE }),
        ),
      ),
    );
    return looked.filter((one) => one !== null);
  }

  /** Opens every notebook, so that what was typed before a crash is there. */
  async openAll(): Promise<void> {
    for (const folder of [this.#folder, join(this.#home, "journal")]) {
      const names = await readdir(folder).catch(() => []);
      for (const name of names.filter((one) => LEFT_OVER.test(one)))
        await rm(join(folder, name), { force: true });
    }
    await this.#openListed();
  }

  async #openListed(): Promise<void> {
    const paths = await this.list();
    this.#known = JSON.stringify(paths);
    await Promise.all(paths.map((path) => this.session(path).catch(() => null)));
  }

  /** @throws {WorkspaceError} `usage` for a notebook that is not there */
  async session(path: string): Promise<NotebookSession> {
    const open = this.#open.get(path);
    if (open !== undefined) return open;
    if (!(await this.list()).includes(path)) throw notThere(path);
    const again = this.#open.get(path);
    if (again !== undefined) return again;
    const file = join(this.#folder, path);
    const session = NotebookSession.open({ path, file, journal: this.#journal(path) }, this.#trust, () =>
      this.#tell(path),
    );
    this.#open.set(path, session);
    session.then(
      (ready) => this.#open.get(path) === session && this.#ready.set(path, ready),
      // One that could not be opened is tried again.
      () => this.#open.delete(path),
    );
    return session;
  }

  /** Whether a text, whenever it was a notebook's, may run. */
  isTrusted(text: string): boolean {
    return this.#trust.has(text);
  }

  /** What an open notebook is now; null for one that is not open. */
  now(path: string): StandingNotebook | null {
    const session = this.#ready.get(path);
    return session === undefined ? null : { notebook: session.notebook, standing: session.standing };
  }

  /** Takes in what other programs did to the files. */
  async look(): Promise<void> {
    for (const [path, opening] of this.#open) {
      const session = await opening.catch(() => null);
      // One whose file went with changes in it that are not written is written again by its session.
      if (session !== null && !(await session.look()) && session.isSaved) {
        this.#open.delete(path);
        this.#ready.delete(path);
        await session.close().catch(() => null);
      }
    }
    if (JSON.stringify(await this.list()) === this.#known) return;
    await this.#openListed();
    this.#tell(null);
  }

  /** Makes an empty notebook. @throws {WorkspaceError} `usage` for a name that is none or is taken */
  async create(name: string): Promise<string> {
    const path = await this.#free(name);
    const title = path.slice(0, -3).replaceAll(/[-_]+/g, " ");
    const text = `# ${title.charAt(0).toUpperCase()}${title.slice(1)}\n`;
    this.#trust.add(text);
    await writeFile(join(this.#folder, path), text, { flag: "wx", mode: 0o600 });
    await this.look();
    return path;
  }

  /** Gives a notebook another file name; what can be taken back in it stays so. @throws {WorkspaceError} as {@link create} */
  async rename(from: string, name: string): Promise<string> {
    const old = await this.#existing(from);
    const path = await this.#free(name);
    await this.#close(old);
    // A link first: unlike a rename it refuses to replace what appeared meanwhile.
    const [before, after] = [join(this.#folder, old), join(this.#folder, path)];
    await link(before, after)
      .catch((error: NodeJS.ErrnoException) => {
        if (error.code === "EEXIST") throw error;
        // A file system without links.
        return copyFile(before, after, constants.COPYFILE_EXCL);
      })
      .catch((error: NodeJS.ErrnoException) => {
        throw error.code === "EEXIST" ? nameTaken(path) : error;
      });
    await rename(this.#journal(old), this.#journal(path)).catch(() => null);
    await rm(join(this.#folder, old));
    await this.look();
    return path;
  }

  /**
   * Makes a copy whose named cells have names of their own, so that both can be worked with.
   *
   * @throws {WorkspaceError} as {@link create}
   */
  async copy(from: string, name: string): Promise<string> {
    const old = await this.#existing(from);
    const path = await this.#free(name);
    const taken = new Set<string>();
    for (const { notebook } of await this.notebooks()) {
      for (const cell of cellsOf(notebook)) if (cell.name !== null) taken.add(cell.name);
    }
    const { notebook, standing } = await this.#notebook(old);
    const text = serialise(renameAll(notebook, taken));
    // Trust is not had by being copied.
    if (standing.untrusted === null) this.#trust.add(text);
    await writeFile(join(this.#folder, path), text, { flag: "wx", mode: 0o600 });
    await this.look();
    return path;
  }

  /** Lets a notebook run as it is now. @throws {WorkspaceError} `usage` for one that is not there */
  async trust(name: string): Promise<string> {
    // A file that was written a moment ago has not been seen yet.
    await this.look();
    const session = await this.session(await this.#existing(name));
    await session.trust(session.standing.revision);
    return session.path;
  }

  /** Gives a notebook another text, which is trusted if that was which it replaces. @throws {WorkspaceError} `usage` */
  async rewrite(name: string, text: string): Promise<void> {
    const path = await this.#existing(name);
    const { standing } = await this.#notebook(path);
    if (standing.untrusted === null) this.#trust.add(text);
    await writeNotebook(join(this.#folder, path), text);
    await this.look();
  }

  /** Moves a notebook and its journal to the trash, whose place is the answer. @throws {WorkspaceError} `usage` */
  async remove(from: string, now: Date): Promise<string> {
    const path = await this.#existing(from);
    await this.#close(path);
    const trash = join(this.#home, "trash");
    await mkdir(trash, { recursive: true, mode: 0o700 });
    const place = join(trash, `${now.toISOString().replaceAll(/[:.]/g, "-")}-${path}`);
    await copyFile(await notebookPlace(join(this.#folder, path)), place);
    await rename(this.#journal(path), `${place}.ndjson`).catch(() => null);
    await rm(join(this.#folder, path));
    await this.look();
    return place;
  }

  /** Writes what is not written. */
  async close(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((path) => this.#close(path)));
    await this.#trust.close();
  }

  async #notebook(path: string): Promise<StandingNotebook> {
    await this.#open.get(path)?.catch(() => null);
    const now = this.now(path);
    if (now !== null) return now;
    const text = await readNotebook(join(this.#folder, path));
    const untrusted = this.#trust.has(text) ? null : { changed: null };
    const standing = { revision: 1, canUndo: false, canRedo: false, untrusted };
    return { notebook: parse(path, text), standing };
  }

  async #close(path: string): Promise<void> {
    const opening = this.#open.get(path);
    this.#open.delete(path);
    this.#ready.delete(path);
    const session = await opening?.catch(() => null);
    await session?.close();
  }

  async #existing(name: string): Promise<string> {
    const path = fileNamed(name);
    if ((await this.list()).includes(path)) return path;
    throw notThere(name);
  }

  /** A path for a new notebook. */
  async #free(name: string): Promise<string> {
    const path = withEnding(name);
    if (!NAME.test(path) || DEVICE.test(path) || path.length < 4) {
      throw new WorkspaceError({
        code: "usage",
        message: `not a name for a notebook: ${name.slice(0, 100)}`,
        hint: "Write letters, digits, spaces, _ . or -, without a folder.",
      });
    }
    const same = (await this.list()).find((one) => one.toLowerCase() === path.toLowerCase());
    if (same === undefined) {
      // Left by a notebook of this name whose file went without us: its steps are none of the new one's.
      await rm(this.#journal(path), { force: true });
      return path;
    }
    throw nameTaken(same);
  }

  #journal(path: string): string {
    return join(this.#home, "journal", `${path.slice(0, -3)}.ndjson`);
  }

  #tell(path: string | null): void {
    for (const listener of this.#listeners) listener(path);
  }
}

function renameAll(notebook: Notebook, taken: Set<string>): Notebook {
  let copied = notebook;
  for (const { name, language } of cellsOf(notebook)) {
    // Of browser cells each notebook has its own; assets are those of the whole workspace.
    if (name === null || language === "js" || language === "ts") continue;
    let free = `${name}_copy`;
    for (let count = 2; taken.has(free); count++) free = `${name}_copy${count}`;
    taken.add(free);
    copied = applyOp(copied, { op: "rename", block: name, name: free });
  }
  return copied;
}

function withEnding(name: string): string {
  return name.endsWith(".md") ? name : `${name}.md`;
}

function nameTaken(path: string): WorkspaceError {
  return new WorkspaceError({
    code: "usage",
    message: `there is a notebook of this name: ${path}`,
    hint: "Choose another name.",
  });
}

function notThere(path: string): WorkspaceError {
  return new WorkspaceError({
    code: "usage",
    message: `no such notebook: ${path.slice(0, 200)}`,
    hint: "See karyon notebook list.",
  });
}
