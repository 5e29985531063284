import type { RawData, WebSocket } from "ws";

import { WorkspaceError } from "#protocol/error.ts";
import { assetKey, parsePartition, WHOLE } from "#protocol/ids.ts";
import type { DataVersion, PartitionKey } from "#protocol/ids.ts";
import type { Reply, TableView } from "#protocol/messages.ts";

import type { WorkspaceApi } from "../workspace-api.ts";

import { outward } from "./answer.ts";
import type { OnDefect } from "./answer.ts";
import { Audience, concerns } from "./audience.ts";
import type { Shown } from "./audience.ts";
import { readClientMessage } from "./client-message.ts";
import type { UnreadMessage } from "./client-message.ts";
import type { Limits } from "./limits.ts";
import { Outbox } from "./outbox.ts";
import { TableStream } from "./table-stream.ts";

/** RFC 6455 §7.4.1. ws itself closes bad UTF-8 (1007) and too large a message (1009). */
const CLOSE = { notText: 1003, notProtocol: 1008, tryLater: 1013 } as const;

export interface ConnectionOptions {
  readonly api: WorkspaceApi;
  readonly limits: Limits;
  readonly onDefect: OnDefect;
}

/** A stream that is asked for: what it sends, and what its request is answered with first. */
interface Prepared {
  readonly read: (signal: AbortSignal) => AsyncIterable<Uint8Array>;
  readonly reply: (signal: AbortSignal) => Promise<Reply>;
}

/** One WebSocket: its requests, its streams and its subscription, all of which end with it. */
export class Connection {
  readonly #socket: WebSocket;
  readonly #api: WorkspaceApi;
  readonly #limits: Limits;
  readonly #onDefect: OnDefect;
  readonly #outbox: Outbox;
  readonly #audience: Audience;
  readonly #streams = new Map<number, TableStream>();
  /** Ids of the requests that wait for their reply. */
  readonly #pending = new Set<number>();
  /** Settles when the last notebook asked for is shown: one after the other, so the last one wins. */
  #opened: Promise<void> = Promise.resolve();
  #unsubscribe: (() => void) | null = null;
  /** Says that the page shows no more what it shows. */
  #leave: (() => void) | null = null;
  readonly #heartbeat: NodeJS.Timeout;
  readonly #alive: NodeJS.Timeout;
  /** Fires when the socket has closed. */
  readonly #closed = new AbortController();
  /** Whether the last ping was answered. */
  #answered = true;

  constructor(socket: WebSocket, { api, limits, onDefect }: ConnectionOptions) {
    this.#socket = socket;
    this.#api = api;
    this.#limits = limits;
    this.#onDefect = onDefect;
    this.#outbox = new Outbox(socket, limits);
    this.#audience = new Audience((event) => this.#outbox.message({ type: "event", event }));
    socket.on("message", (data, isBinary) => this.#receive(data, isBinary));
    socket.on("close", () => this.#end());
    socket.on("pong", () => {
      this.#answered = true;
    });
    this.#heartbeat = setInterval(() => this.#beat(), limits.heartbeatMs);
    this.#alive = setInterval(() => this.#outbox.message({ type: "alive" }), limits.aliveMs);
    // What is wrong with its frames ws tells the client in the close frame.
    socket.on("error", () => {});
  }

  #receive(data: RawData, isBinary: boolean): void {
    // After a close of ours, messages already on their way still arrive.
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (isBinary) {
      this.#socket.close(CLOSE.notText, "send text");
      return;
    }
    const message = readClientMessage((data as Buffer).toString("utf8"));
    if (message === null) this.#socket.close(CLOSE.notProtocol, "not a message of this protocol");
    else this.#handle(message);
  }

  #handle(message: UnreadMessage): void {
    switch (message.type) {
      case "open":
        this.#open(message);
        return;
      case "run":
        void this.#answer(message.id, async () => ({
          run: await this.#api.startRun(message.select, readPartition(message.partition), message.engine),
        }));
        return;
      case "cancel":
        void this.#answer(message.id, async () => {
          this.#api.cancelRun(message.run, message.kill === true);
          return null;
        });
        return;
      case "kernel":
        void this.#answer(message.id, async () => {
          await this.#api.kernel(message.notebook, message.action);
          return null;
        });
        return;
      case "table": {
        const { id, stream, asset, partition, offset, limit } = message;
        void this.#stream(id, stream, () => {
          const place = { asset: assetKey(asset), partition: readPartition(partition), offset, limit };
          const request = { ...place, ...shownAs(message) };
          return {
            read: (signal) => this.#api.table(request, signal),
            reply: async (signal) => ({ rows: await this.#api.rows(request, signal) }),
          };
        });
        return;
      }
      case "query": {
        const { type: _type, id, stream, ...query } = message;
        void this.#stream(id, stream, () => {
          const request = { ...query, partition: readPartition(query.partition) };
          return { read: (signal) => this.#api.query(request, signal), reply: () => Promise.resolve(null) };
        });
        return;
      }
      case "column":
        void this.#answer(message.id, async () => {
          const { asset, partition, column } = message;
          const place = { asset: assetKey(asset), partition: readPartition(partition), column };
          const request = { ...place, ...shownAs(message) };
          return { column: await this.#api.column(request, this.#closed.signal) };
        });
        return;
      case "edit":
        void this.#revision(message.id, () => this.#api.edit(message.notebook, message.ops));
        return;
      case "undo":
        void this.#revision(message.id, () => this.#api.undo(message.notebook));
        return;
      case "redo":
        void this.#revision(message.id, () => this.#api.redo(message.notebook));
        return;
      case "save":
        void this.#answer(message.id, async () => ({ saved: await this.#api.save(message.notebook) }));
        return;
      case "trust":
        void this.#revision(message.id, () => this.#api.trust(message.notebook, message.revision));
        return;
      // Of a stream that has ended meanwhile, or never was, both mean nothing.
      case "credit":
        this.#streams.get(message.stream)?.addCredit(message.messages);
        return;
      case "close":
        this.#streams.get(message.stream)?.stop();
    }
  }

  #open({ id, notebook, partition, cursor }: Extract<UnreadMessage, { type: "open" }>): void {
    this.#unsubscribe ??= this.#api.subscribe((event) => {
      if (!this.#audience.receive(event)) this.#socket.close(CLOSE.tryLater, "too much has happened");
    });
    const turn = this.#opened;
    let shown: Shown | null = null;
    const answered = this.#answer(id, async () => {
      const key = partition === null ? null : readPartition(partition);
      await turn;
      this.#audience.hold();
      if (cursor !== undefined && notebook !== null && key !== null) {
        const resumed = this.#api.resume(cursor, notebook, key);
        if (resumed !== null) {
          shown = { partition: key, seq: resumed.seq };
          this.#look(notebook, key);
          return { seq: resumed.seq, events: resumed.events.filter((event) => concerns(event, key)) };
        }
      }
      const snapshot = await this.#api.snapshot(notebook, key);
      shown = snapshot;
      this.#look(snapshot.notebook.path, snapshot.partition);
      return { snapshot };
    });
    // After the reply, so that the page has the snapshot that the events change.
    this.#opened = Promise.all([turn, answered]).then(() => this.#audience.release(shown));
  }

  /** The page shows this now, and no more what it showed before. */
  #look(notebook: string, partition: PartitionKey): void {
    this.#leave?.();
    this.#leave = this.#closed.signal.aborted ? null : this.#api.look(notebook, partition);
  }

  #revision(id: number, change: () => Promise<number>): Promise<boolean> {
    return this.#answer(id, async () => ({ revision: await change() }));
  }

  /** Answers a request for a stream, then sends it to its end. */
  async #stream(id: number, number: number, prepare: () => Prepared): Promise<void> {
    let stream: TableStream | null = null;
    const accepted = await this.#answer(id, () => {
      const { read, reply } = prepare();
      // Before anything is awaited: a credit for it may be the next message of the same packet.
      stream = this.#register(number, new TableStream(number, this.#outbox, read));
      return reply(stream.signal);
    });
    const registered = stream as TableStream | null;
    if (registered === null) return;
    if (!accepted) {
      this.#streams.delete(number);
      return;
    }
    const end = await registered.send().then(
      () => ({}),
      (error: unknown) => ({ error: outward(error, this.#onDefect) }),
    );
    this.#streams.delete(number);
    this.#outbox.message({ type: "end", stream: number, ...end });
  }

  /** @throws {WorkspaceError} `usage` for a number that is taken, `busy` for one table too many */
  #register(stream: number, table: TableStream): TableStream {
    if (this.#streams.has(stream)) {
      const hint = "Give each table that is open its own number.";
      throw new WorkspaceError({ code: "usage", message: `stream in use: ${stream}`, hint });
    }
    if (this.#streams.size >= this.#limits.streams) {
      const message = `too many tables at a time: ${this.#streams.size + 1}`;
      throw new WorkspaceError({ code: "busy", message, hint: "Close one first." });
    }
    this.#streams.set(stream, table);
    return table;
  }

  /** Sends one reply, whatever happens, and settles when it is sent: true when it is no error. */
  async #answer(id: number, work: () => Promise<Reply>): Promise<boolean> {
    if (this.#pending.has(id)) {
      this.#socket.close(CLOSE.notProtocol, `request ${id} waits for its reply`);
      return false;
    }
    if (this.#pending.size >= this.#limits.pending) {
      const hint = "Wait for replies before you ask for more.";
      this.#outbox.message({
        type: "reply",
        id,
        error: { code: "busy", message: "too many requests", hint },
      });
      return false;
    }
    this.#pending.add(id);
    try {
      this.#outbox.message({ type: "reply", id, result: await work() });
      return true;
    } catch (error) {
      this.#outbox.message({ type: "reply", id, error: outward(error, this.#onDefect) });
      return false;
    } finally {
      this.#pending.delete(id);
    }
  }

  #beat(): void {
    if (!this.#answered) {
      this.#socket.terminate();
      return;
    }
    this.#answered = false;
    this.#socket.ping();
  }

  #end(): void {
    clearInterval(this.#heartbeat);
    clearInterval(this.#alive);
    this.#unsubscribe?.();
    this.#leave?.();
    this.#closed.abort();
    for (const table of this.#streams.values()) table.stop();
  }
}

/** The view of a table, and the version that is shown. */
function shownAs({ view, version }: { readonly view?: TableView; readonly version?: string }): {
  readonly view?: TableView;
  readonly version?: DataVersion;
} {
  return {
    ...(view === undefined ? {} : { view }),
    ...(version === undefined ? {} : { version: version as DataVersion }),
  };
}

function readPartition(text: string): PartitionKey {
  return text === "" ? WHOLE : parsePartition(text);
}
