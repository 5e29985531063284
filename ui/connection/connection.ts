import type { ErrorInfo } from "#protocol/error.ts";
import { WorkspaceError, stopped } from "#protocol/error.ts";
import { decodeFrame } from "#protocol/frame.ts";
import { ALIVE_MS } from "#protocol/messages.ts";
import type {
  ClientMessage,
  QueryRequest,
  Reply,
  ServerMessage,
  TableRequest,
  WorkspaceEvent,
} from "#protocol/messages.ts";

import { backoff } from "./backoff.ts";
import { FrameStream } from "./frame-stream.ts";
import { Gate } from "./gate.ts";
import { tooLarge } from "./too-large.ts";

/** A request without its number. */
type Request = ClientMessage extends infer Message
  ? Message extends { readonly id: number }
    ? Omit<Message, "id">
    : never
  : never;

export interface ConnectionListener {
  /** Open, for the first time or again: what was known may be old. */
  opened(): void;
  /** `retryAt`: milliseconds at which it is tried again. */
  closed(at: number, retryAt: number): void;
  /** The server answers, and does not know this page: it was started anew, with another token. */
  locked(): void;
  event(event: WorkspaceEvent): void;
}

/** What came of it: there is nothing but to wait, the page is let in, or the server knows it no more. */
export type Knocked = "away" | "let-in" | "locked";

/** What a connection needs of the world; tests pass their own. */
export interface ConnectionWorld {
  readonly connect: () => WebSocket;
  /** Asks why a WebSocket was refused, which it does not say itself, and to be let in again. */
  readonly knock: () => Promise<Knocked>;
  readonly now: () => number;
  readonly random: () => number;
  readonly later: (run: () => void, milliseconds: number) => () => void;
}

/** What the server says of a window before its rows. */
export type TableReply = Extract<Reply, { readonly rows: number | null }>;

interface Waiting {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

/** Tables read at a time: a server refuses a client that asks for too many. */
const STREAMS_AT_ONCE = 8;

/**
 * A server that was not heard of for so many times {@link ALIVE_MS} is not there: stopped, or behind a network that
 * drops what it carries, which no socket tells. On a slow network half a megabyte passes meanwhile: a whole frame.
 */
const SILENT_TIMES = 3;

const OFFLINE: ErrorInfo = {
  code: "cancelled",
  message: "not connected to the server",
  hint: "Wait until the page is connected again, or start Karyon.",
};

/** One WebSocket that comes back by itself. Every request settles: with its reply, or when the socket closes. */
export class Connection {
  readonly #listener: ConnectionListener;
  readonly #world: ConnectionWorld;
  readonly #waiting = new Map<number, Waiting>();
  readonly #streams = new Map<number, FrameStream>();
  readonly #gate = new Gate(STREAMS_AT_ONCE);
  #socket: WebSocket | null = null;
  #lastId = 0;
  #attempt = 0;
  #opened = false;
  /** Whether the page was let in again since the socket was last open. */
  #letIn = false;
  #stopWaiting: () => void = () => {};
  /** How often in a row nothing was heard when it was looked. */
  #silent = 0;
  #stopListening: () => void = () => {};

  constructor(listener: ConnectionListener, world: ConnectionWorld) {
    this.#listener = listener;
    this.#world = world;
  }

  /** Connects now, also when the next try is still some seconds away. */
  connect(): void {
    if (this.#socket !== null) return;
    this.#stopWaiting();
    const socket = this.#world.connect();
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    this.#silent = 0;
    this.#listen(socket);
    socket.addEventListener("open", () => {
      if (this.#socket !== socket) return;
      this.#attempt = 0;
      this.#opened = true;
      this.#letIn = false;
      this.#listener.opened();
    });
    socket.addEventListener("message", (message: MessageEvent<string | ArrayBuffer>) => {
      if (this.#socket !== socket) return;
      this.#silent = 0;
      this.#receive(message.data);
    });
    socket.addEventListener("close", () => {
      if (this.#socket === socket) this.#closed();
    });
  }

  /** Gives up on a socket that nothing comes from, also one that does not open: its own close may take minutes. */
  #listen(socket: WebSocket): void {
    this.#stopListening = this.#world.later(() => {
      if (this.#socket !== socket) return;
      if (++this.#silent < SILENT_TIMES) return this.#listen(socket);
      this.#closed();
      socket.close();
    }, ALIVE_MS);
  }

  /** @throws {WorkspaceError} what the server refused with or would not take, or `cancelled` when the connection is gone */
  request(message: Request): Promise<Reply> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      if (!this.#send({ ...message, id })) return reject(new WorkspaceError(OFFLINE));
      this.#waiting.set(id, { resolve, reject });
    });
  }

  /**
   * Arrow IPC messages of a window of rows. Ends early, and closes the stream, when the signal fires. `answered` is
   * called with the server's reply, before the first message.
   */
  async *table(
    window: TableRequest,
    signal: AbortSignal,
    answered?: (reply: TableReply) => void,
  ): AsyncGenerator<Uint8Array, void, void> {
    yield* this.#stream(
      (stream) =>
        this.request({ type: "table", stream, ...window }).then((reply) =>
          reply !== null && "rows" in reply ? answered?.(reply) : undefined,
        ),
      signal,
    );
  }

  /** Arrow IPC messages of what a live cell gives; the server stops computing it when the signal fires. */
  query(query: QueryRequest, signal: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
    return this.#stream((stream) => this.request({ type: "query", stream, ...query }), signal);
  }

  /** A stream that `ask` starts. What asking fails with ends it; when the signal fires it is closed. */
  async *#stream(
    ask: (stream: number) => Promise<unknown>,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array, void, void> {
    const leave = await this.#gate.enter(signal);
    const number = ++this.#lastId;
    const stream = new FrameStream((messages) => this.#send({ type: "credit", stream: number, messages }));
    const abort = (): void => stream.end(stopped().info);
    this.#streams.set(number, stream);
    signal.addEventListener("abort", abort);
    ask(number).catch((error: unknown) => {
      stream.end(error instanceof WorkspaceError ? error.info : { code: "internal", message: String(error) });
    });
    try {
      yield* stream;
    } finally {
      leave();
      signal.removeEventListener("abort", abort);
      // Still known: the server has not ended it and would go on.
      if (this.#streams.delete(number)) this.#send({ type: "close", stream: number });
    }
  }

  /** @throws {WorkspaceError} `usage` for what the server would close the connection over */
  #send(message: ClientMessage): boolean {
    // 1 is WebSocket.OPEN; the constant is not there under every test environment.
    if (this.#socket?.readyState !== 1) return false;
    const json = JSON.stringify(message);
    const refused = tooLarge(message, json);
    if (refused !== null) throw new WorkspaceError(refused);
    this.#socket.send(json);
    return true;
  }

  #receive(data: string | ArrayBuffer): void {
    if (typeof data !== "string") {
      const { stream, sequence, message } = decodeFrame(data);
      this.#streams.get(stream)?.push(sequence, message);
      return;
    }
    const message = JSON.parse(data) as ServerMessage;
    switch (message.type) {
      case "reply": {
        const waiting = this.#waiting.get(message.id);
        this.#waiting.delete(message.id);
        if ("error" in message) waiting?.reject(new WorkspaceError(message.error));
        else waiting?.resolve(message.result);
        return;
      }
      case "event":
        this.#listener.event(message.event);
        return;
      case "alive":
        return;
      case "end": {
        const stream = this.#streams.get(message.stream);
        this.#streams.delete(message.stream);
        stream?.end(message.error);
        return;
      }
    }
  }

  #closed(): void {
    this.#socket = null;
    this.#stopListening();
    const error = new WorkspaceError(OFFLINE);
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    for (const stream of this.#streams.values()) stream.end(OFFLINE);
    this.#streams.clear();
    const wait = backoff(this.#attempt++, this.#world.random());
    const now = this.#world.now();
    this.#stopWaiting = this.#world.later(() => this.connect(), wait);
    this.#listener.closed(now, now + wait);
    if (!this.#opened) void this.#knock();
    this.#opened = false;
  }

  async #knock(): Promise<void> {
    const came = await this.#world.knock();
    if (this.#socket !== null) return;
    if (came === "locked") this.#listener.locked();
    // At once, but not again and again: a server that lets in and then refuses is tried like any other.
    if (came === "let-in" && !this.#letIn) {
      this.#letIn = true;
      this.connect();
    }
  }
}
