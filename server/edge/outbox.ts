import type { WebSocket } from "ws";

import type { ServerMessage } from "#protocol/messages.ts";

import type { Limits } from "./limits.ts";

/**
 * What waits to be sent to one client. Frames wait for room, so a table is read as fast as its reader reads;
 * replies and events cannot wait, so a client that lets them pile up is cut off.
 */
export class Outbox {
  readonly #socket: WebSocket;
  readonly #limits: Limits;
  readonly #waiting = new Set<() => void>();
  /** Unsent bytes of replies and events. */
  #backlog = 0;

  constructor(socket: WebSocket, limits: Limits) {
    this.#socket = socket;
    this.#limits = limits;
    socket.on("close", () => this.#wake());
  }

  message(message: ServerMessage): void {
    if (!this.#open) return;
    // Asked before this one is added: a single message of any size may go.
    if (this.#backlog > this.#limits.backlogBytes) {
      this.#socket.terminate();
      return;
    }
    const bytes = Buffer.from(JSON.stringify(message));
    this.#backlog += bytes.byteLength;
    this.#socket.send(bytes, { binary: false }, () => {
      this.#backlog -= bytes.byteLength;
      this.#wake();
    });
  }

  /** One binary frame. Call after {@link room}. */
  frame(frame: Uint8Array): void {
    if (this.#open) this.#socket.send(frame, { binary: true }, () => this.#wake());
  }

  /** Settles when a frame may be sent, and when the socket has closed. */
  async room(): Promise<void> {
    while (this.#open && this.#socket.bufferedAmount >= this.#limits.frameBytes) {
      await new Promise<void>((resolve) => {
        this.#waiting.add(resolve);
      });
    }
  }

  get #open(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}
