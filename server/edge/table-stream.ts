import { encodeFrame } from "#protocol/frame.ts";
import { FIRST_CREDIT } from "#protocol/messages.ts";

import type { Outbox } from "./outbox.ts";

/** More than this a client cannot save up: it could not want so many frames unread. */
const MOST_CREDIT = 4_096;

/**
 * One table on its way to one client. The next Arrow message is asked for only when the client has credit
 * and the socket has room, so of each stream at most one message is held here.
 */
export class TableStream {
  readonly #stream: number;
  readonly #outbox: Outbox;
  readonly #read: (signal: AbortSignal) => AsyncIterable<Uint8Array>;
  readonly #abort = new AbortController();
  #credit = FIRST_CREDIT;
  #wake: (() => void) | null = null;

  constructor(stream: number, outbox: Outbox, read: (signal: AbortSignal) => AsyncIterable<Uint8Array>) {
    this.#stream = stream;
    this.#outbox = outbox;
    this.#read = read;
  }

  /** Fires when the stream is stopped. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  addCredit(messages: number): void {
    this.#credit = Math.min(this.#credit + messages, MOST_CREDIT);
    this.#wake?.();
  }

  stop(): void {
    this.#abort.abort();
    this.#wake?.();
  }

  /**
   * Sends what there is to read, once, until its end.
   *
   * @throws what reading throws; an `AbortError` as soon as the stream is stopped, even when a read hangs
   */
  async send(): Promise<void> {
    const { signal } = this.#abort;
    const messages = this.#read(signal)[Symbol.asyncIterator]();
    try {
      for (let sequence = 0; ; sequence++) {
        await this.#clearance();
        const next = await unlessAborted(messages.next(), signal);
        if (next.done === true) return;
        await this.#clearance();
        this.#credit--;
        this.#outbox.frame(encodeFrame(this.#stream, sequence, next.value));
      }
    } finally {
      // Not waited for: a generator that hangs finishes only when its work does.
      messages.return?.().catch(() => {});
    }
  }

  async #clearance(): Promise<void> {
    const { signal } = this.#abort;
    while (this.#credit === 0 && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    signal.throwIfAborted();
    await unlessAborted(this.#outbox.room(), signal);
  }
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop);
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
