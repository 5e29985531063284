import { isAscii } from "node:buffer";

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const REPLACEMENT = "\uFFFD";

/** Makes the body of a VCF what the parser takes: lines end in LF alone, none is blank, all is UTF-8. */
export class Cleaner {
  /** Blank lines taken out. */
  blankLines = 0;
  /** Whether any line ended in CRLF. */
  returns = false;
  /** Buffers that held bytes which are no UTF-8; each such byte became U+FFFD. */
  badText = 0;
  #atLineStart = true;
  /** Set by the first byte beyond ASCII; it may split a character at the end of a buffer, so it stays. */
  #decoder: TextDecoder | null = null;

  /** The buffer as it is when nothing is to be done, which costs a search for two bytes. */
  clean(bytes: Buffer): Buffer {
    let out = bytes;
    if (out.indexOf(RETURN) >= 0) {
      this.returns = true;
      out = out.filter((byte) => byte !== RETURN) as Buffer;
    }
    if (out.length === 0) return out;
    if ((this.#atLineStart && out[0] === NEWLINE) || out.indexOf("\n\n") >= 0) out = this.#withoutBlanks(out);
    if (out.length > 0) this.#atLineStart = out.at(-1) === NEWLINE;
    return this.#decoder === null && isAscii(out) ? out : this.#decoded(out);
  }

  #withoutBlanks(bytes: Buffer): Buffer {
    const out = Buffer.allocUnsafe(bytes.length);
    let length = 0;
    let atLineStart = this.#atLineStart;
    for (const byte of bytes) {
      if (byte === NEWLINE && atLineStart) {
        this.blankLines += 1;
        continue;
      }
      atLineStart = byte === NEWLINE;
      out[length] = byte;
      length += 1;
    }
    return out.subarray(0, length);
  }

  #decoded(bytes: Buffer): Buffer {
    this.#decoder ??= new TextDecoder("utf-8", { ignoreBOM: true });
    const text = this.#decoder.decode(bytes, { stream: true });
    if (text.includes(REPLACEMENT)) this.badText += 1;
    return Buffer.from(text, "utf8");
  }
}
