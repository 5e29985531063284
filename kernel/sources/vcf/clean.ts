import { isAscii } from "node:buffer";

const REPLACEMENT = "\uFFFD";

/** Makes the body of a VCF text: all of it is UTF-8. */
export class Cleaner {
  /** Buffers that held bytes which are no UTF-8; each such byte became U+FFFD. */
  badText = 0;
  /** Set by the first byte beyond ASCII; it may split a character at the end of a buffer, so it stays. */
  #decoder: TextDecoder | null = null;

  /** The buffer as it is when nothing is to be done. */
  clean(bytes: Buffer): Buffer {
    return this.#decoder === null && isAscii(bytes) ? bytes : this.#decoded(bytes);
  }

  #decoded(bytes: Buffer): Buffer {
    this.#decoder ??= new TextDecoder("utf-8", { ignoreBOM: true });
    const text = this.#decoder.decode(bytes, { stream: true });
    if (text.includes(REPLACEMENT)) this.badText += 1;
    return Buffer.from(text, "utf8");
  }
}
