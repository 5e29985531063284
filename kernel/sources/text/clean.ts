import { isAscii } from "node:buffer";

const REPLACEMENT = "\uFFFD";
/** A character of Unicode, but of no text, and where engines think that a text ends. */
const NUL = "\0";

export function withoutNul(text: string): string {
  return text.replaceAll(NUL, REPLACEMENT);
}

/** Makes the body of a VCF text: all of it is UTF-8, and no byte of it is 0. */
export class Cleaner {
  /** Times U+FFFD stands for what is no text. */
  badText = 0;
  /** Set by the first byte beyond ASCII; it may split a character at the end of a buffer, so it stays. */
  #decoder: TextDecoder | null = null;

  /** The buffer as it is when nothing is to be done. */
  clean(bytes: Buffer): Buffer {
    const isClean = this.#decoder === null && isAscii(bytes) && !bytes.includes(0);
    return isClean ? bytes : this.#decoded(bytes);
  }

  #decoded(bytes: Buffer): Buffer {
    this.#decoder ??= new TextDecoder("utf-8", { ignoreBOM: true });
    return this.#counted(this.#decoder.decode(bytes, { stream: true }));
  }

  /** What is left of a character that the text breaks off in. */
  end(): Buffer {
    return this.#counted(this.#decoder?.decode() ?? "");
  }

  #counted(decoded: string): Buffer {
    const text = withoutNul(decoded);
    this.badText += text.split(REPLACEMENT).length - 1;
    return Buffer.from(text, "utf8");
  }
}
