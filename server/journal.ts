import { constants } from "node:fs";
import { mkdir, open, readFile } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";

import type { JournalRecord } from "./session/op.ts";
import { writeWhole } from "./write-whole.ts";

/** A line is safe from a power cut after this; from the death of the process it is safe at once. */
const SYNC_MS = 400;
/** Longer than this, a journal is written anew as one line. */
const LONGEST_BYTES = 4 << 20;

/** The journal of a session: a line of JSON for each thing that happened. Lines are written in order. */
export class Journal {
  readonly path: string;
  readonly #onProblem: (error: unknown) => void;
  #handle: FileHandle | null = null;
  #bytes = 0;
  #waiting = "";
  #writing: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;
  /** Why a line is missing or torn: what would follow it could not be read. */
  #gap: { readonly cause: unknown } | null = null;

  constructor(path: string, onProblem: (error: unknown) => void) {
    this.path = path;
    this.#onProblem = onProblem;
  }

  /** What is written; a last line that is torn is left out. Null when there is no journal, or none that can be read. */
  async read(): Promise<JournalRecord[] | null> {
    const text = await readFile(this.path, "utf8").catch(() => null);
    if (text === null) return null;
    const records: JournalRecord[] = [];
    for (const line of text.split("\n")) {
      if (line === "") continue;
      try {
        records.push(JSON.parse(line) as JournalRecord);
      } catch {
        // Lines are appended, so what stands before a torn one is whole.
        break;
      }
    }
    return records[0]?.type === "base" ? records : null;
  }

  append(record: JournalRecord): void {
    this.#waiting += `${JSON.stringify(record)}\n`;
    this.#writing = this.#writing.then(() => this.#write()).catch((error: unknown) => this.#failed(error));
  }

  /** Settles when all that was appended is written. */
  async written(): Promise<void> {
    await this.#writing;
  }

  /** Writes the journal anew as one line. */
  restart(base: JournalRecord): void {
    // What waits is in the base already; what is appended from now on follows it.
    this.#waiting = "";
    this.#bytes = 0;
    this.#writing = this.#writing
      .then(() => this.#rewrite(base))
      .catch((error: unknown) => this.#failed(error));
  }

  /** Why what was appended last is not written; null when it is. */
  get problem(): unknown {
    return this.#gap?.cause ?? null;
  }

  /** Whether it is to be written anew: it is long, or what is appended would follow a gap. */
  get isSpent(): boolean {
    return this.#gap !== null || this.#bytes > LONGEST_BYTES;
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#close();
  }

  #failed(cause: unknown): void {
    this.#gap = { cause };
    this.#onProblem(cause);
  }

  async #rewrite(base: JournalRecord): Promise<void> {
    await this.#close();
    const line = `${JSON.stringify(base)}\n`;
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
    await writeWhole(this.path, line);
    this.#gap = null;
    this.#bytes += Buffer.byteLength(line);
  }

  async #write(): Promise<void> {
    if (this.#waiting === "") return;
    const lines = Buffer.from(this.#waiting);
    this.#waiting = "";
    if (this.#gap !== null) throw this.#gap.cause;
    this.#handle ??= await open(
      this.path,
      constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT,
      0o600,
    );
    await this.#handle.appendFile(lines);
    this.#bytes += lines.byteLength;
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#writing = this.#writing.then(() => this.#handle?.sync()).catch(this.#onProblem);
    }, SYNC_MS);
  }

  async #close(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const handle = this.#handle;
    this.#handle = null;
    if (handle === null) return;
    await handle.sync();
    await handle.close();
  }
}
