import type { FileHandle } from "node:fs/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

import { blockElement } from "#notebook/exported-file.ts";
import { sha256 } from "#notebook/sha256.ts";
import type { ExportedBlock } from "#protocol/exported.ts";

const pack = promisify(gzip);

/** Writes blocks one after the other as elements of a document; it holds one block at a time. */
export class BlockWriter {
  readonly #file: FileHandle;
  #next = 0;
  #written = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Bytes that are written. */
  get written(): number {
    return this.#written;
  }

  async add(messages: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<ExportedBlock> {
    const parts: Uint8Array[] = [];
    for await (const message of messages) parts.push(message);
    const bytes = await pack(Buffer.concat(parts));
    const block = {
      id: `karyon-block-${this.#next++}`,
      sha256: sha256(bytes),
      bytes: bytes.byteLength,
    };
    const element = Buffer.from(blockElement(block.id, bytes.toString("base64")));
    // Not `write`: what there is no room for on the disk it leaves out, and says so by a number alone.
    await this.#file.writeFile(element);
    this.#written += element.byteLength;
    return block;
  }
}
