import { Table, Utf8, vectorFromArray } from "apache-arrow";
import { RecordBatchStreamWriter } from "apache-arrow";
import { describe, expect, test } from "vitest";

import { encodeFrame } from "#protocol/frame.ts";
import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import type { ClientMessage, ServerMessage } from "#protocol/messages.ts";
import { FIRST_CREDIT, MOST_SENT } from "#protocol/messages.ts";

import { readClientMessage } from "../../server/edge/client-message.ts";
import { backoff } from "../../ui/connection/backoff.ts";
import { Connection } from "../../ui/connection/connection.ts";
import type { Knocked } from "../../ui/connection/connection.ts";
import { Gate } from "../../ui/connection/gate.ts";
import { readPage } from "../../ui/connection/read-page.ts";
import { fileUrl } from "../../ui/connection/urls.ts";

/** The side of a WebSocket that a page sees, played by the test. */
class FakeSocket extends EventTarget {
  readyState = 0;
  binaryType = "blob";
  readonly sent: ClientMessage[] = [];

  send(text: string): void {
    this.sent.push(JSON.parse(text) as ClientMessage);
  }

  close(): void {
    this.readyState = 3;
    this.dispatchEvent(new Event("close"));
  }

  open(): void {
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
  }

  say(message: ServerMessage): void {
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(message) }));
  }

  frame(stream: number, sequence: number, bytes: Uint8Array): void {
    this.dispatchEvent(new MessageEvent("message", { data: encodeFrame(stream, sequence, bytes).buffer }));
  }
}

interface Stage {
  readonly connection: Connection;
  readonly sockets: FakeSocket[];
  readonly told: string[];
  /** Runs what was put off. */
  readonly wait: () => void;
}

function stage(knocked: Knocked = "away"): Stage {
  const sockets: FakeSocket[] = [];
  const told: string[] = [];
  let later: (() => void) | null = null;
  const connection = new Connection(
    {
      opened: () => told.push("opened"),
      closed: (at, retryAt) => told.push(`closed, again in ${retryAt - at}`),
      locked: () => told.push("locked"),
      event: (event) => told.push(`event ${event.seq}`),
    },
    {
      connect: () => {
        const socket = new FakeSocket();
        sockets.push(socket);
        return socket as unknown as WebSocket;
      },
      knock: () => Promise.resolve(knocked),
      now: () => 0,
      random: () => 0,
      later: (run) => {
        later = run;
        return () => (later = null);
      },
    },
  );
  connection.connect();
  return { connection, sockets, told, wait: () => later?.() };
}

function socketOf({ sockets }: Stage): FakeSocket {
  const socket = sockets.at(-1);
  if (socket === undefined) throw new Error("no socket was opened");
  return socket;
}

const WINDOW = { asset: "a" as AssetKey, partition: "u/s" as PartitionKey, offset: 0, limit: 10 };

describe("a connection", () => {
  test("a reply settles its own request, whatever the order", async () => {
    const on = stage();
    socketOf(on).open();
    const first = on.connection.request({ type: "cancel", run: 1 });
    const second = on.connection.request({ type: "cancel", run: 2 });
    socketOf(on).say({ type: "reply", id: 2, error: { code: "usage", message: "no such run" } });
    socketOf(on).say({ type: "reply", id: 1, result: null });
    await expect(first).resolves.toBeNull();
    await expect(second).rejects.toThrow("no such run");
  });

  test("what waits when the socket closes is rejected, and the page connects again, later each time", async () => {
    const on = stage();
    socketOf(on).open();
    const request = on.connection.request({ type: "cancel", run: 1 });
    socketOf(on).close();
    await expect(request).rejects.toThrow("not connected");
    on.wait();
    socketOf(on).close();
    on.wait();
    socketOf(on).open();
    expect(on.told).toEqual(["opened", "closed, again in 250", "closed, again in 500", "opened"]);
  });

  test("a server that falls silent is not there; any word of it counts, and none that comes too late", async () => {
    const on = stage();
    const silent = socketOf(on);
    silent.open();
    const request = on.connection.request({ type: "cancel", run: 1 });
    on.wait();
    on.wait();
    silent.say({ type: "alive" });
    on.wait();
    on.wait();
    expect(on.told).toEqual(["opened"]);
    on.wait();
    await expect(request).rejects.toThrow("not connected");
    expect(on.told).toEqual(["opened", "closed, again in 250"]);
    silent.say({ type: "event", event: { seq: 1, type: "definitions" } });
    on.wait();
    socketOf(on).open();
    expect(on.told).toEqual(["opened", "closed, again in 250", "opened"]);
    expect(on.sockets).toHaveLength(2);
  });

  test("a socket that does not open is given up, and tried again", () => {
    const on = stage();
    for (const _ of [1, 2, 3]) on.wait();
    expect(on.told).toEqual(["closed, again in 250"]);
    on.wait();
    expect(on.sockets).toHaveLength(2);
  });

  test("what the server would close the connection over is refused, and not sent", async () => {
    const on = stage();
    socketOf(on).open();
    const source = "x".repeat(MOST_SENT.source + 1);
    const edit = { type: "edit", notebook: "a.md" } as const;
    const set = (text: string) => ({
      ...edit,
      ops: [{ op: "set-source", block: "a", source: text } as const],
    });
    await expect(on.connection.request(set(source))).rejects.toThrow("a text of 200,001 characters");
    // Within the characters, and beyond the bytes.
    await expect(on.connection.request(set("β".repeat(150_000)))).rejects.toThrow("300 kB");
    const view = { search: "x".repeat(MOST_SENT.text + 1) };
    const read = on.connection.table({ ...WINDOW, view }, new AbortController().signal).next();
    await expect(read).rejects.toThrow("a text of 10,001 characters");
    const list = Array.from({ length: MOST_SENT.items }, (_, n) => `rs${n}`);
    const query = {
      notebook: "a.md",
      cell: "c",
      partition: WINDOW.partition,
      values: { c: [list] },
      limit: 1,
    };
    on.connection
      .query(query, new AbortController().signal)
      .next()
      .catch(() => null);
    await Promise.resolve();
    await Promise.resolve();
    expect(socketOf(on).sent.map(({ type }) => type)).toEqual(["close", "query"]);
    expect(socketOf(on).sent.map((message) => readClientMessage(JSON.stringify(message)))).toEqual(
      socketOf(on).sent,
    );
  });

  test("a server that answers but does not know the page says why nothing opens", async () => {
    const on = stage("locked");
    socketOf(on).close();
    await Promise.resolve();
    await Promise.resolve();
    expect(on.told).toEqual(["closed, again in 250", "locked"]);
  });

  test("a page that is let in again connects at once; refused after all, it waits as ever", async () => {
    const on = stage("let-in");
    for (const sockets of [2, 2]) {
      socketOf(on).close();
      await Promise.resolve();
      await Promise.resolve();
      expect(on.sockets.length).toBe(sockets);
    }
    on.wait();
    socketOf(on).open();
    socketOf(on).close();
    on.wait();
    socketOf(on).close();
    await Promise.resolve();
    await Promise.resolve();
    expect(on.sockets.length).toBe(5);
  });

  test("a table arrives in order, and credit goes back as it is read", async () => {
    const on = stage();
    socketOf(on).open();
    const read: number[] = [];
    const reading = (async () => {
      for await (const message of on.connection.table(WINDOW, new AbortController().signal))
        read.push(message[0] ?? -1);
    })();
    await Promise.resolve();
    await Promise.resolve();
    const stream =
      socketOf(on).sent.flatMap((message) => (message.type === "table" ? [message.stream] : []))[0] ?? -1;
    for (let number = 0; number < FIRST_CREDIT; number++) {
      socketOf(on).frame(stream, number, new Uint8Array([number]));
    }
    socketOf(on).say({ type: "end", stream });
    await reading;
    expect(read).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  test("a reader that leaves closes its stream", async () => {
    const on = stage();
    socketOf(on).open();
    const controller = new AbortController();
    const reading = on.connection.table(WINDOW, controller.signal).next();
    await Promise.resolve();
    await Promise.resolve();
    controller.abort();
    await expect(reading).rejects.toThrow("stopped");
    expect(socketOf(on).sent.at(-1)).toMatchObject({ type: "close" });
  });

  test("a table that the server refuses fails with its words", async () => {
    const on = stage();
    socketOf(on).open();
    const reading = on.connection.table(WINDOW, new AbortController().signal).next();
    await Promise.resolve();
    await Promise.resolve();
    const id =
      socketOf(on).sent.flatMap((message) => (message.type === "table" ? [message.id] : []))[0] ?? -1;
    socketOf(on).say({ type: "reply", id, error: { code: "asset", message: "not made yet" } });
    await expect(reading).rejects.toThrow("not made yet");
  });

  test("a lost frame ends the table with an error, never with fewer rows", async () => {
    const on = stage();
    socketOf(on).open();
    const reading = on.connection.table(WINDOW, new AbortController().signal).next();
    await Promise.resolve();
    await Promise.resolve();
    const stream =
      socketOf(on).sent.flatMap((message) => (message.type === "table" ? [message.stream] : []))[0] ?? -1;
    socketOf(on).frame(stream, 1, new Uint8Array([1]));
    await expect(reading).rejects.toThrow("frame 0 is missing");
  });
});

test("a gate lets so many in, the others in order, and forgets who gave up", async () => {
  const gate = new Gate(1);
  const calm = new AbortController().signal;
  const impatient = new AbortController();
  const order: string[] = [];
  const leave = await gate.enter(calm);
  const gone = gate.enter(impatient.signal);
  const second = (async () => {
    const next = await gate.enter(calm);
    order.push("second");
    next();
  })();
  impatient.abort();
  await expect(gone).rejects.toThrow("abort");
  order.push("gave up");
  leave();
  await second;
  expect(order).toEqual(["gave up", "second"]);
});

test("tries grow apart and stay bounded", () => {
  expect([0, 1, 2, 10].map((attempt) => backoff(attempt, 0))).toEqual([250, 500, 1000, 3000]);
  expect(backoff(0, 1)).toBe(313);
});

test("asset and partition are one segment of a file's address each, the name keeps its folders", () => {
  expect(fileUrl("lab/a" as AssetKey, "u x/s" as PartitionKey, "modules/c w.parquet")).toBe(
    "/api/files/lab%2Fa/u%20x%2Fs/modules/c%20w.parquet",
  );
  expect(fileUrl("a" as AssetKey, "" as PartitionKey, "t.html")).toBe("/api/files/a/-/t.html");
});

const ipc = (table: Table): AsyncIterable<Uint8Array> =>
  (async function* () {
    yield await Promise.resolve(RecordBatchStreamWriter.writeAll(table).toUint8Array(true));
  })();

describe("a window of a table", () => {
  test("rows are read as they were written", async () => {
    const table = new Table({ gene: vectorFromArray(["LPA", null], new Utf8()) });
    const page = await readPage(ipc(table));
    expect(page.schema.fields.map((field) => field.name)).toEqual(["gene"]);
    expect(page.batches.flatMap((batch) => [...(batch.getChildAt(0) ?? [])])).toEqual(["LPA", null]);
  });

  test("a table without rows still has its columns", async () => {
    const page = await readPage(ipc(new Table({ gene: vectorFromArray([] as string[], new Utf8()) })));
    expect(page.schema.fields).toHaveLength(1);
  });
});
