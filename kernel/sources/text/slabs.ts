import { createHash } from "node:crypto";
import type { Hash } from "node:crypto";
import { open } from "node:fs/promises";

const SLAB_BYTES = 1 << 20;

/** Reads a file once, in pieces, hashing and counting what it reads. */
export class Slabs {
  readonly #path: string;
  readonly #hash: Hash = createHash("sha256");
  #read = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Bytes handed out so far. */
  get bytesRead(): number {
    return this.#read;
  }

  /** SHA-256 (hex) of what was handed out; the file's own once {@link pieces} has ended. May be asked for once. */
  sha256(): string {
    return this.#hash.digest("hex");
  }

  /** The bytes in order; each buffer is fresh. `first` bytes come in the first piece alone. */
  async *pieces(signal: AbortSignal): AsyncGenerator<Buffer, void, undefined> {
    const file = await open(this.#path, "r");
    try {
      for (;;) {
        signal.throwIfAborted();
        const buffer = Buffer.allocUnsafeSlow(SLAB_BYTES);
        const { bytesRead } = await file.read(buffer, 0, SLAB_BYTES, null);
        if (bytesRead === 0) return;
        const piece = buffer.subarray(0, bytesRead);
        this.#hash.update(piece);
        this.#read += bytesRead;
        yield piece;
      }
    } finally {
      await file.close();
    }
  }
}
