/** Attack case A11: what one client may cost, and that the others do not notice. */
import { connect } from "node:net";
import type { Socket } from "node:net";

import { expect, onTestFinished, test } from "vitest";

import { Client, request, send, startEdge, upgrade } from "../server/edge.ts";
import type { Answer, Edge } from "../server/edge.ts";

/** A connection that sends `text` and then nothing. */
function silent(edge: Edge, text: string): Socket {
  const socket = connect({ host: "127.0.0.1", port: edge.port });
  socket.on("error", () => {});
  // What nobody reads would hide the end of the connection.
  socket.resume();
  onTestFinished(() => {
    socket.destroy();
  });
  if (text !== "") socket.write(text);
  return socket;
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once("close", () => resolve());
  });
}

test("a body over the limit is refused, one within it is not", async () => {
  const edge = await startEdge({ bodyBytes: 1_000 });
  const post = (length: number): Promise<Answer> =>
    request(edge, "/api/verbs/echo", {}, { method: "POST", body: `{"a":"${"x".repeat(length)}"}` });
  expect((await post(900)).status).toBe(200);
  expect((await post(1_000)).status).toBe(413);
  expect(edge.workspace.started).toEqual(["echo"]);
});

test("a body in chunks, which does not say how long it is, has the same limit", async () => {
  const edge = await startEdge({ bodyBytes: 1_000 });
  const head = { "Content-Type": "application/json", "Transfer-Encoding": "chunked" };
  const chunks = `${`400\r\n${"x".repeat(1_024)}\r\n`.repeat(4)}0\r\n\r\n`;
  const chunked = await request(
    edge,
    "/api/verbs/echo",
    { ...head, "Content-Length": null },
    { method: "POST", body: chunks },
  );
  expect(chunked.status).toBe(413);
});

test.each([
  ["Transfer-Encoding: chunked\r\nContent-Length: 5"],
  ["Content-Length: 5\r\nContent-Length: 6"],
  ["Transfer-Encoding: chunked\r\nTransfer-Encoding: identity"],
  ["Transfer-Encoding: xchunked"],
  ["Content-Length: +5"],
  ["Content-Length : 5"],
  ["X: a\nContent-Length: 5"],
])("a request whose length can be read in two ways is refused: %j", async (lines) => {
  const edge = await startEdge();
  const smuggled = `GET /api/health HTTP/1.1\r\nHost: ${edge.host}\r\nCookie: ${edge.cookie}\r\n\r\n`;
  const answer = await send(
    edge.port,
    `POST /api/verbs/echo HTTP/1.1\r\nHost: ${edge.host}\r\nOrigin: ${edge.origin}\r\nCookie: ${edge.cookie}\r\n` +
      `Content-Type: application/json\r\n${lines}\r\n\r\n0\r\n\r\n${smuggled}`,
  );
  expect(answer.status).toBe(400);
  expect(answer.raw).not.toContain('"ok"');
  expect(edge.workspace.started).toEqual([]);
});

test("headers over 32 KB are refused", async () => {
  const edge = await startEdge();
  expect((await request(edge, "/api/health", { X: "x".repeat(20_000) })).status).toBe(200);
  expect((await request(edge, "/api/health", { X: "x".repeat(33_000) })).status).toBe(431);
  expect((await request(edge, `/${"x".repeat(33_000)}`)).status).toBe(431);
});

test("a connection that does not finish its headers or its body is cut, others are served meanwhile", async () => {
  const edge = await startEdge({ headersMs: 100, requestMs: 100 });
  const start = `POST /api/verbs/echo HTTP/1.1\r\nHost: ${edge.host}\r\nOrigin: ${edge.origin}\r\nCookie: ${edge.cookie}\r\n`;
  const slow = [
    silent(edge, ""),
    silent(edge, "GET"),
    silent(edge, start),
    silent(edge, `${start}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{`),
  ];
  const gone = Promise.all(slow.map((socket) => closed(socket)));
  expect((await request(edge, "/api/health")).status).toBe(200);
  await gone;
  expect(edge.workspace.started).toEqual([]);
});

test("no more connections are held than the limit, and a place is free when one leaves", async () => {
  const edge = await startEdge({ connections: 5 });
  const held = Array.from({ length: 5 }, () => silent(edge, "GET / HTTP/1.1\r\n"));
  await Promise.all(held.map((socket) => new Promise((resolve) => socket.once("connect", resolve))));
  const refused = await Promise.all(
    Array.from({ length: 50 }, () => send(edge.port, "GET / HTTP/1.1\r\n").catch(() => null)),
  );
  // Dropped before a byte was read, so there is no answer at all.
  expect(refused.every((answer) => answer === null || answer.raw === "")).toBe(true);
  const left = closed(held[0] as Socket);
  held[0]?.destroy();
  await left;
  // The other address is a server of its own and was never full.
  const host = `[::1]:${edge.port}`;
  const text = `GET /api/health HTTP/1.1\r\nHost: ${host}\r\nCookie: ${edge.cookie}\r\n\r\n`;
  expect((await send(edge.port, text, "::1")).status).toBe(200);
});

test("no more sockets are open than the limit, and those that are do not notice", async () => {
  const edge = await startEdge({ sockets: 3 });
  const clients = await Promise.all(Array.from({ length: 3 }, () => new Client(edge).opened()));
  const refused = await Promise.all(Array.from({ length: 100 }, () => send(edge.port, upgrade(edge))));
  expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([503]));
  clients[0]?.send({ type: "cancel", id: 1, run: 1 });
  expect(await clients[0]?.reply(1)).toMatchObject({ result: null });

  clients[1]?.socket.terminate();
  await clients[1]?.closed();
  clients[2]?.send({ type: "cancel", id: 1, run: 1 });
  await clients[2]?.reply(1);
  expect((await send(edge.port, upgrade(edge))).status).toBe(101);
});
