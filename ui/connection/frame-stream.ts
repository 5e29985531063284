import type { ErrorInfo } from "#protocol/error.ts";
import { WorkspaceError } from "#protocol/error.ts";
import { FIRST_CREDIT } from "#protocol/messages.ts";

/**
 * The Arrow messages of one stream, in the order they came. Credit goes back as messages are taken, half
 * of the first credit at a time, so that a slow reader holds the server and never a pile of frames.
 */
export class FrameStream implements AsyncIterable<Uint8Array> {
  readonly #giveCredit: (messages: number) => void;
  readonly #arrived: Uint8Array[] = [];
  #taken = 0;
  #next = 0;
  #ended = false;
  #error: Error | null = null;
  #wake: () => void = () => {};

  constructor(giveCredit: (messages: number) => void) {
    this.#giveCredit = giveCredit;
  }

  push(sequence: number, message: Uint8Array): void {
    if (this.#ended) return;
    if (sequence !== this.#next) {
      this.end({ code: "internal", message: `frame ${this.#next} is missing from a table` });
      return;
    }
    this.#next++;
    this.#arrived.push(message);
    this.#wake();
  }

  end(error?: ErrorInfo): void {
    if (this.#ended) return;
    this.#ended = true;
    if (error !== undefined) this.#error = new WorkspaceError(error);
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, void> {
    for (;;) {
      const message = this.#arrived.shift();
      if (message !== undefined) {
        this.#take();
        yield message;
      } else if (this.#error !== null) {
        throw this.#error;
      } else if (this.#ended) {
        return;
      } else {
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    }
  }

  #take(): void {
    this.#taken++;
    if (this.#ended || this.#taken < FIRST_CREDIT / 2) return;
    this.#giveCredit(this.#taken);
    this.#taken = 0;
  }
}
