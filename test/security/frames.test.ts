/** Attack cases F39–F41: what a client may do on the socket. */
import type { Socket } from "node:net";

import { expect, test } from "vitest";

import { FIRST_CREDIT } from "#protocol/messages.ts";
import type { ClientMessage } from "#protocol/messages.ts";

import { Client, rawSocket, startEdge } from "../server/edge.ts";
import { ANNA, BATCH_ROWS, VARIANTS } from "../server/tiny-workspace.ts";

const TEXT = 0x1;
const BINARY = 0x2;
const CONTINUATION = 0x0;
const PING = 0x9;
const FINAL = 0x80;
const MASKED = 0x80;

/** A frame as a client sends it, masked with zeros. RFC 6455 §5.2. */
function frame(opcode: number, payload: string | Buffer, { final = FINAL, mask = MASKED } = {}): Buffer {
  const bytes = Buffer.from(payload);
  const length =
    bytes.length < 126
      ? Buffer.from([mask | bytes.length])
      : Buffer.from([mask | 126, bytes.length >> 8, bytes.length & 0xff]);
  const key = mask === 0 ? [] : [0, 0, 0, 0];
  return Buffer.concat([Buffer.from([final | opcode]), length, Buffer.from(key), bytes]);
}

/** Code of the close frame that the server sends; null when it cuts the connection without one. */
function closeCode(socket: Socket): Promise<number | null> {
  let sent = Buffer.alloc(0);
  return new Promise((resolve) => {
    socket.on("data", (chunk: Buffer) => {
      sent = Buffer.concat([sent, chunk]);
      const at = sent.findIndex((byte) => byte === (FINAL | 0x8));
      if (at >= 0 && sent.length >= at + 4) resolve(sent.readUInt16BE(at + 2));
    });
    socket.on("close", () => resolve(null));
  });
}

/** Writes one `packet` after the other, reading nothing, until the server cuts the connection. */
function flood(socket: Socket, packet: () => Buffer): Promise<void> {
  socket.pause();
  const more = (): void => {
    while (!socket.destroyed && socket.write(packet()));
  };
  socket.on("drain", more);
  more();
  return gone(socket);
}

function gone(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once("close", () => resolve());
  });
}

function table(id: number, stream: number, batches: number): ClientMessage {
  const place = { asset: VARIANTS, partition: ANNA, offset: 0 };
  return { type: "table", id, stream, ...place, limit: batches * BATCH_ROWS };
}

const NO_MESSAGES: readonly unknown[] = [
  "",
  "{",
  "null",
  "[]",
  "1",
  '"open"',
  "{}",
  { type: "none" },
  { type: "__proto__", id: 1 },
  { type: "constructor", id: 1 },
  { type: ["close"], stream: 1 },
  { type: "open" },
  { type: "open", id: "1", notebook: null, partition: null },
  { type: "open", id: 1, notebook: null, partition: null, more: 1 },
  { type: "open", id: 1.5, notebook: null, partition: null },
  { type: "open", id: -1, notebook: null, partition: null },
  { type: "open", id: 1, notebook: {}, partition: null },
  { type: "run", id: 1, select: "x".repeat(10_001), partition: "" },
  { type: "cancel", id: 1, run: null },
  { type: "table", id: 1, stream: 2 ** 32, asset: "a", partition: "", offset: 0, limit: 1 },
  { type: "table", id: 1, stream: 1, asset: "a", partition: "", offset: -1, limit: 1 },
  { type: "table", id: 1, stream: 1, asset: "a", partition: "", offset: 0, limit: 1e300 },
  { type: "table", id: 1, stream: 1, asset: "a", partition: "", offset: 0, limit: 1, view: null },
  { type: "table", id: 1, stream: 1, asset: "a", partition: "", offset: 0, limit: 1, view: { where: "1=1" } },
  { type: "column", id: 1, asset: "a", partition: "", column: { sql: "a" } },
  {
    type: "column",
    id: 1,
    asset: "a",
    partition: "",
    column: "a",
    view: { filters: [{ column: "a", is: "or" }] },
  },
  { type: "query", id: 1, stream: 1, notebook: "a", cell: "a", partition: "", values: [], limit: 1 },
  { type: "query", id: 1, stream: 1, notebook: "a", cell: "a", partition: "", values: { a: [{}] }, limit: 1 },
  { type: "edit", id: 1, notebook: "a", ops: [{ op: "write", path: "/etc/passwd" }] },
  { type: "edit", id: 1, notebook: "a", ops: [{ op: "delete", block: "a", more: 1 }] },
  { type: "edit", id: 1, notebook: "a", ops: { op: "delete", block: "a" } },
  {
    type: "edit",
    id: 1,
    notebook: "a",
    ops: [{ op: "set-source", block: "a", source: "x".repeat(200_001) }],
  },
  { type: "undo", id: 1 },
  { type: "redo", id: 1, notebook: null },
  { type: "credit", stream: 1, messages: 0 },
  { type: "credit", stream: 1, messages: -1 },
  { type: "credit", stream: 1, messages: 1_001 },
  { type: "close", stream: "1" },
  '{"type":"close","stream":1,"__proto__":{"a":1}}',
  "[".repeat(50_000),
  `${"[".repeat(50_000)}${"]".repeat(50_000)}`,
];

test("what is no message of the protocol closes the socket, and starts nothing", async () => {
  const edge = await startEdge();
  for (const message of NO_MESSAGES) {
    const client = await new Client(edge).opened();
    client.socket.send(typeof message === "string" ? message : JSON.stringify(message));
    expect({ message, code: await client.closed() }).toEqual({ message, code: 1008 });
    expect(client.messages).toEqual([]);
  }
  expect([edge.workspace.started, edge.workspace.pulled, edge.workspace.subscribers]).toEqual([[], 0, 0]);
  expect(edge.defects.size).toBe(0);
});

const BAD_FRAMES: readonly (readonly [string, Buffer, number])[] = [
  ["binary", frame(BINARY, "{}"), 1003],
  ["text that is no UTF-8", frame(TEXT, Buffer.from([0x22, 0xc0, 0xaf, 0x22])), 1007],
  ["a message over 256 KB", Buffer.from([FINAL | TEXT, MASKED | 127, 0, 0, 0, 0, 0, 4, 0, 1]), 1009],
  ["a message of 2^63 bytes", Buffer.from([FINAL | TEXT, MASKED | 127, 0x7f, ...Array(7).fill(0xff)]), 1009],
  ["a frame that is not masked", frame(TEXT, "{}", { mask: 0 }), 1002],
  ["a reserved opcode", frame(0x3, "{}"), 1002],
  ["a compressed frame", frame(TEXT | 0x40, "{}"), 1002],
  ["a continuation of nothing", frame(CONTINUATION, "{}"), 1002],
  ["a ping of 126 bytes", frame(PING, "x".repeat(126)), 1002],
  [
    "a message in a thousand pieces of one byte",
    Buffer.concat([
      frame(TEXT, "{", { final: 0 }),
      ...Array(1_000).fill(frame(CONTINUATION, " ", { final: 0 })),
    ]),
    1008,
  ],
];

test.each(BAD_FRAMES)("%s closes the socket by its code", async (_, bytes, code) => {
  const edge = await startEdge();
  const socket = await rawSocket(edge);
  const closed = closeCode(socket);
  socket.write(bytes);
  expect(await closed).toBe(code);
});

test("compression is not spoken, whatever the client offers", async () => {
  const edge = await startEdge();
  const client = new Client(edge, {
    "Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits",
  });
  await client.opened();
  expect(client.socket.extensions).toBe("");
});

test("a client that never reads holds a bounded part of an endless table, and others are served", async () => {
  const limits = { frameBytes: 1 << 20 };
  const edge = await startEdge(limits);
  const socket = await rawSocket(edge);
  socket.pause();
  socket.write(frame(TEXT, JSON.stringify(table(1, 1, 1e6))));
  for (let n = 0; n < 4; n++) {
    socket.write(frame(TEXT, JSON.stringify({ type: "credit", stream: 1, messages: 1_000 })));
  }
  await edge.workspace.until(() => edge.workspace.pulled > FIRST_CREDIT);

  // Meanwhile another client reads a hundred batches: time enough for the first to go too far.
  const reader = await new Client(edge).opened();
  reader.send(table(1, 1, 100), { type: "credit", stream: 1, messages: 1_000 });
  await reader.end(1);
  const pulled = edge.workspace.pulled - 100;
  reader.send(table(2, 2, 100), { type: "credit", stream: 2, messages: 1_000 });
  await reader.end(2);
  expect(edge.workspace.pulled - 200).toBe(pulled);
  // What the socket holds: our limit, one message over it, and what the system buffers for both ends.
  expect(pulled * BATCH_ROWS * 12).toBeLessThan(limits.frameBytes + (16 << 20));
});

test("a client that does not read its replies is cut off", async () => {
  // Without the patience of a close: nothing but the cut ends this test.
  const edge = await startEdge({ backlogBytes: 100_000, pending: 1_000, closeMs: 600_000 });
  const socket = await rawSocket(edge);
  let id = 0;
  // Each reply repeats the partition, so that a few hundred fill what the system buffers.
  const wrong = { type: "run", select: "", partition: "x".repeat(10_000) };
  await flood(socket, () => frame(TEXT, JSON.stringify({ ...wrong, id: id++ })));
  expect((await new Client(edge).opened()).socket.readyState).toBe(1);
});

test("a client that floods with pings and reads no pong is cut off", async () => {
  const edge = await startEdge();
  const socket = await rawSocket(edge);
  const pings = Buffer.concat(Array.from({ length: 1_000 }, () => frame(PING, "x".repeat(125))));
  await flood(socket, () => pings);
  expect((await new Client(edge).opened()).socket.readyState).toBe(1);
});

test("a client that does not answer pings is dropped", async () => {
  const edge = await startEdge({ heartbeatMs: 20 });
  const socket = await rawSocket(edge);
  socket.resume();
  await gone(socket);
});

test("more requests at a time than the limit are answered as busy, each once", async () => {
  const edge = await startEdge({ pending: 4 });
  const client = await new Client(edge).opened();
  const ids = Array.from({ length: 20 }, (_, id) => id);
  client.send(...ids.map((id): ClientMessage => ({ type: "open", id, notebook: null, partition: null })));
  for (const id of ids) await client.reply(id);
  const replies = client.messages.flatMap((message) => (message.type === "reply" ? [message.id] : []));
  expect(replies.toSorted((a, b) => a - b)).toEqual(ids);
});

test("two requests of one id at a time close the socket", async () => {
  const edge = await startEdge();
  const client = await new Client(edge).opened();
  const open: ClientMessage = { type: "open", id: 1, notebook: null, partition: null };
  const bytes = frame(TEXT, JSON.stringify(open));
  const socket = await rawSocket(edge);
  const closed = closeCode(socket);
  socket.write(Buffer.concat([bytes, bytes]));
  expect(await closed).toBe(1008);
  client.send(open);
  expect(await client.reply(1)).toMatchObject({ result: {} });
});

test("a stream number in use is refused, and the stream that has it goes on", async () => {
  const edge = await startEdge();
  const client = await new Client(edge).opened();
  client.send(table(1, 1, 20), table(2, 1, 20));
  expect(await client.reply(2)).toMatchObject({ error: { code: "usage", message: "stream in use: 1" } });
  client.send({ type: "credit", stream: 1, messages: 100 });
  expect(await client.end(1)).toEqual({ type: "end", stream: 1 });
  expect(client.frames.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 21 }, (_, n) => n));
});

test("more tables at a time than the limit are refused", async () => {
  const edge = await startEdge({ streams: 2 });
  const client = await new Client(edge).opened();
  client.send(table(1, 1, 100), table(2, 2, 100), table(3, 3, 100));
  expect(await client.reply(3)).toMatchObject({ error: { code: "busy" } });
  client.send({ type: "close", stream: 1 });
  await client.end(1);
  client.send(table(4, 3, 1));
  expect(await client.end(3)).toEqual({ type: "end", stream: 3 });
});

test("credit and close of one client do not touch a stream of another, nor one that never was", async () => {
  const edge = await startEdge();
  const [victim, thief] = await Promise.all([new Client(edge).opened(), new Client(edge).opened()]);
  victim.send(table(1, 1, 100));
  await victim.until(() => victim.frames.length === FIRST_CREDIT);
  thief.send(
    { type: "credit", stream: 1, messages: 1_000 },
    { type: "close", stream: 1 },
    { type: "credit", stream: 77, messages: 1 },
    { type: "close", stream: 77 },
    table(1, 2, 1),
  );
  await thief.end(2);
  expect(thief.frames.every(({ stream }) => stream === 2)).toBe(true);
  victim.send({ type: "credit", stream: 1, messages: 1 });
  await victim.until(() => victim.frames.length === FIRST_CREDIT + 1);
  expect(edge.workspace.reading).toBe(1);
});

test("a replayed close or credit after the end means nothing, and the number may be used again", async () => {
  const edge = await startEdge();
  const client = await new Client(edge).opened();
  client.send(table(1, 1, 1));
  await client.end(1);
  client.send({ type: "close", stream: 1 }, { type: "credit", stream: 1, messages: 1_000 }, table(2, 1, 100));
  await client.until(() => client.frames.length === 2 + FIRST_CREDIT);
  expect(client.frames.slice(2).map(({ sequence }) => sequence)).toEqual(
    Array.from({ length: FIRST_CREDIT }, (_, n) => n),
  );
});

test("a client that never says goodbye is cut off when the server has", async () => {
  const edge = await startEdge({ closeMs: 20 });
  const socket = await rawSocket(edge);
  socket.resume();
  socket.write(frame(TEXT, "{}"));
  await gone(socket);
});

test("two hundred clients that come and go leave nothing behind", async () => {
  const edge = await startEdge();
  const open = { type: "open", id: 1, notebook: null, partition: null };
  const asks = Buffer.concat([open, table(2, 1, 100)].map((ask) => frame(TEXT, JSON.stringify(ask))));
  for (let round = 0; round < 10; round++) {
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        const socket = await rawSocket(edge);
        socket.write(asks);
        socket.destroy();
        await gone(socket);
      }),
    );
  }
  await edge.workspace.until(() => edge.workspace.subscribers === 0 && edge.workspace.reading === 0);
});
