import { execFile } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { promisify } from "node:util";

const makeFifo = promisify(execFile);
/** Bytes gathered for one write: a pipe takes 64 KiB at a time, and each write costs a trip to the thread pool. */
const WRITE_BYTES = 1 << 18;

/** A private path that a reader of plain files can read the text from, and what fills it. */
export interface Feed {
  readonly path: string;
  /**
   * Carries `text` to the reader, while `reading` is under way. Returns what `reading` gives.
   *
   * When either fails the other is ended, and the error of the text is thrown before the reader's, which only
   * follows from it. `stop` has to make `reading` settle.
   */
  run<T>(text: AsyncGenerator<Buffer, void, undefined>, read: () => Promise<T>, stop: () => void): Promise<T>;
}

/** A named pipe inside `directory` where the system has them, else a file that is written whole first. */
export async function makeFeed(directory: string): Promise<Feed> {
  const path = `${directory}/body.vcf`;
  try {
    await makeFifo("mkfifo", ["-m", "600", path]);
    return new PipeFeed(path);
  } catch {
    return new FileFeed(path);
  }
}

/** Text through a named pipe: read and parsed side by side, never on disk. */
class PipeFeed implements Feed {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  async run<T>(
    text: AsyncGenerator<Buffer, void, undefined>,
    read: () => Promise<T>,
    stop: () => void,
  ): Promise<T> {
    let settled = false;
    const reading = read().finally(() => {
      settled = true;
    });
    // Opening waits until the reader opens the other end, which a reader that fails early never does.
    const opening = open(this.path, "w");
    const released = reading.then(
      () => this.#release(),
      () => this.#release(),
    );
    let fault: { readonly error: unknown } | null = null;
    try {
      const pipe = await opening;
      try {
        await writeAll(pipe, text);
      } catch (error) {
        if (!isBrokenPipe(error)) {
          fault = { error };
          if (!settled) stop();
        }
      } finally {
        // The end of the text for the reader, and what wakes one that waits for more.
        await pipe.close();
      }
    } finally {
      await text.return();
    }
    await released;
    if (fault !== null) {
      await reading.catch(() => undefined);
      throw fault.error;
    }
    return reading;
  }

  /** Lets an `open` for writing that still waits go on: a reader appears for a moment. */
  #release(): void {
    closeSync(openSync(this.path, constants.O_RDONLY | constants.O_NONBLOCK));
  }
}

/** Text through a private file: for systems without named pipes. */
export class FileFeed implements Feed {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  async run<T>(text: AsyncGenerator<Buffer, void, undefined>, read: () => Promise<T>): Promise<T> {
    const file = await open(this.path, "wx", 0o600);
    try {
      await writeAll(file, text);
    } finally {
      await file.close();
      await text.return();
    }
    return read();
  }
}

async function writeAll(file: FileHandle, text: AsyncGenerator<Buffer, void, undefined>): Promise<void> {
  let gathered: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of text) {
    gathered.push(chunk);
    bytes += chunk.length;
    if (bytes < WRITE_BYTES) continue;
    await writeWhole(file, gathered);
    gathered = [];
    bytes = 0;
  }
  await writeWhole(file, gathered);
}

/** `writev` may take a part of what it is given. */
async function writeWhole(file: FileHandle, buffers: Buffer[]): Promise<void> {
  if (buffers.length === 0) return;
  const total = buffers.reduce((sum, { length }) => sum + length, 0);
  let { bytesWritten } = await file.writev(buffers);
  if (bytesWritten === total) return;
  const rest = Buffer.concat(buffers);
  while (bytesWritten < total) {
    bytesWritten += (await file.write(rest, bytesWritten, total - bytesWritten)).bytesWritten;
  }
}

function isBrokenPipe(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EPIPE";
}
