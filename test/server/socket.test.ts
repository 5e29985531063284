import { EventEmitter, once } from "node:events";

import { tableFromIPC } from "apache-arrow";
import { expect, test } from "vitest";

import { FIRST_CREDIT } from "#protocol/messages.ts";
import type { ClientMessage } from "#protocol/messages.ts";

import { Client, startEdge } from "./edge.ts";
import type { Edge } from "./edge.ts";
import { ANNA, assetView, BATCH_ROWS, BORIS, REFERENCE, VARIANTS } from "./tiny-workspace.ts";

function table(id: number, stream: number, rows: number): ClientMessage {
  return { type: "table", id, stream, asset: VARIANTS, partition: ANNA, offset: 100, limit: rows };
}

/** Numbers of the events that a client was sent. */
function seen(client: Client): number[] {
  return client.messages.flatMap((message) => (message.type === "event" ? [message.event.seq] : []));
}

async function connected(edge: Edge): Promise<Client> {
  return new Client(edge).opened();
}

test("open answers with the snapshot, and what happened while it was made follows", async () => {
  const edge = await startEdge();
  const client = await connected(edge);
  client.send({ type: "open", id: 1, notebook: "genome.md", partition: null });
  expect(await client.reply(1)).toMatchObject({ result: { snapshot: { seq: 7, partition: ANNA } } });
  await client.until(() => client.messages.length === 2);
  expect(client.messages[1]).toEqual({ type: "event", event: { type: "definitions", seq: 8 } });
});

test("a client that comes back with its cursor gets what it missed, then what happens; a foreign cursor a snapshot", async () => {
  const edge = await startEdge();
  const [known, foreign] = [await connected(edge), await connected(edge)];
  edge.workspace.missed = [
    { seq: 5, type: "asset", asset: assetView(VARIANTS, ANNA) },
    { seq: 6, type: "asset", asset: assetView(VARIANTS, BORIS) },
    { seq: 7, type: "partitions", partitions: [] },
  ];
  const open = { type: "open", id: 1, notebook: "genome.md", partition: ANNA } as const;
  known.send({ ...open, cursor: { boot: "tiny", seq: 4 } });
  foreign.send({ ...open, cursor: { boot: "other", seq: 4 } });
  expect(await known.reply(1)).toMatchObject({ result: { seq: 7, events: [{ seq: 5 }, { seq: 7 }] } });
  expect(await foreign.reply(1)).toMatchObject({ result: { snapshot: { boot: "tiny" } } });
  edge.workspace.happen({ type: "partitions", partitions: [] });
  await known.until(() => seen(known).includes(9));
  expect(seen(known)).toEqual([8, 9]);
});

test("a client hears of assets of its partition and of no partition, not of others", async () => {
  const edge = await startEdge();
  const [anna, boris, nobody] = [await connected(edge), await connected(edge), await connected(edge)];
  anna.send({ type: "open", id: 1, notebook: null, partition: ANNA });
  boris.send({ type: "open", id: 1, notebook: null, partition: ANNA });
  boris.send({ type: "open", id: 2, notebook: null, partition: BORIS });
  await Promise.all([anna.reply(1), boris.reply(1), boris.reply(2)]);

  edge.workspace.happen({ type: "asset", asset: assetView(VARIANTS, ANNA) });
  edge.workspace.happen({ type: "asset", asset: assetView(REFERENCE, "" as typeof ANNA) });
  edge.workspace.happen({ type: "partitions", partitions: [] });
  await anna.until(() => seen(anna).length === 3);
  await boris.until(() => seen(boris).length === 2);
  nobody.send({ type: "cancel", id: 9, run: 1 });
  await nobody.reply(9);
  expect([seen(anna), seen(boris), seen(nobody)]).toEqual([[8, 9, 10], [9, 10], []]);
});

test("what a page shows is known until it shows something else or is closed", async () => {
  const edge = await startEdge();
  const client = await connected(edge);
  client.send({ type: "open", id: 1, notebook: null, partition: ANNA });
  await client.reply(1);
  expect(edge.workspace.looks).toEqual([`genome.md ${ANNA}`]);
  const cursor = { boot: "tiny", seq: 8 };
  client.send({ type: "open", id: 2, notebook: "genome.md", partition: BORIS, cursor });
  await client.reply(2);
  expect(edge.workspace.looks).toEqual([`genome.md ${BORIS}`]);
  client.socket.close();
  await edge.workspace.until(() => edge.workspace.looks.length === 0);
});

test("the notebook asked for last is the one that is shown, however long the one before takes", async () => {
  const edge = await startEdge();
  const client = await connected(edge);
  const first = new EventEmitter();
  edge.workspace.delay = once(first, "made");
  client.send(
    { type: "open", id: 1, notebook: null, partition: BORIS },
    { type: "open", id: 2, notebook: null, partition: ANNA },
    { type: "cancel", id: 3, run: 1 },
  );
  await client.reply(3);
  edge.workspace.happen({ type: "asset", asset: assetView(VARIANTS, ANNA) });
  first.emit("made");
  // Made after the first, so what happened meanwhile is in it.
  expect(await client.reply(2)).toMatchObject({ result: { snapshot: { partition: ANNA, seq: 8 } } });
  edge.workspace.happen({ type: "asset", asset: assetView(VARIANTS, BORIS) });
  edge.workspace.happen({ type: "asset", asset: assetView(VARIANTS, ANNA) });
  await client.until(() => seen(client).includes(10));
  expect(seen(client)).toEqual([10]);
});

test("every request gets one reply, an error where it failed", async () => {
  const edge = await startEdge();
  const client = await connected(edge);
  client.send(
    { type: "run", id: 1, select: "+report", partition: ANNA },
    { type: "run", id: 2, select: "nothing", partition: ANNA },
    { type: "run", id: 3, select: "+report", partition: "../etc" as typeof ANNA },
    { type: "run", id: 4, select: "defect", partition: ANNA },
    { type: "cancel", id: 5, run: 1 },
    { type: "open", id: 6, notebook: "none.md", partition: null },
    { type: "open", id: 7, notebook: null, partition: "anna" as typeof ANNA },
    { type: "open", id: 8, notebook: null, partition: null },
    { type: "run", id: 9, select: "hits", partition: ANNA, engine: "polars" },
  );
  await client.reply(9);
  const replies = client.messages.flatMap((message) => (message.type === "reply" ? [message] : []));
  expect(replies.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const byId = new Map(
    replies.map((reply) => [reply.id, "error" in reply ? reply.error.message : reply.result]),
  );
  expect(byId.get(1)).toEqual({ run: 1 });
  expect(byId.get(2)).toBe("selects nothing: nothing");
  expect(byId.get(3)).toBe('not a partition key: "../etc"');
  expect(byId.get(4)).toMatch(/^internal error \w{8}$/);
  expect(byId.get(5)).toBeNull();
  expect(byId.get(6)).toBe("notebook not found: none.md");
  expect(byId.get(7)).toBe('not a partition key: "anna"');
  expect(edge.workspace.started).toEqual([`+report ${ANNA}`, `hits ${ANNA} on polars`]);
});

test("the frames of a table are numbered from 0 and read as one Arrow stream", async () => {
  const edge = await startEdge();
  const client = await connected(edge);
  client.send(table(1, 5, 3 * BATCH_ROWS + 1));
  await client.end(5);
  expect(client.messages).toEqual([
    { type: "reply", id: 1, result: { rows: null } },
    { type: "end", stream: 5 },
  ]);
  expect(client.frames.map(({ stream, sequence }) => [stream, sequence])).toEqual(
    [0, 1, 2, 3, 4].map((n) => [5, n]),
  );
  const rows = tableFromIPC(client.frames.map(({ message }) => message));
  expect(rows.numRows).toBe(3 * BATCH_ROWS + 1);
  expect(rows.get(rows.numRows - 1)?.toJSON()).toEqual({
    start: 100 + 3 * BATCH_ROWS,
    quality: ((100 + 3 * BATCH_ROWS) % 60) + 0.5,
  });
});

test("a stream sends as many frames as it has credit for, and reads no further", async () => {
  const edge = await startEdge();
  const client = await connected(edge);
  client.send(table(1, 5, 1_000 * BATCH_ROWS));
  await client.until(() => client.frames.length === FIRST_CREDIT);
  // Two tables later, whatever the first would have sent beyond its credit would be here.
  client.send(table(2, 6, 1));
  await client.end(6);
  client.send(table(3, 7, 1));
  await client.end(7);
  expect(client.frames.filter(({ stream }) => stream === 5)).toHaveLength(FIRST_CREDIT);
  // One of the frames is the schema; the two short tables read one batch each.
  expect(edge.workspace.pulled).toBe(FIRST_CREDIT - 1 + 2);

  client.send({ type: "credit", stream: 5, messages: 3 });
  await client.until(() => client.frames.filter(({ stream }) => stream === 5).length === FIRST_CREDIT + 3);
  client.send({ type: "close", stream: 5 });
  expect(await client.end(5)).toMatchObject({ error: { code: "cancelled" } });
  expect(edge.workspace.reading).toBe(0);
});

test("credit in the same packet as the table counts", async () => {
  const edge = await startEdge();
  const client = await connected(edge);
  client.send(table(1, 5, 20 * BATCH_ROWS), { type: "credit", stream: 5, messages: 100 });
  expect(await client.end(5)).toEqual({ type: "end", stream: 5 });
  expect(client.frames).toHaveLength(21);
});

test("a table that fails ends with its error after an accepted request", async () => {
  const edge = await startEdge();
  const client = await connected(edge);
  client.send({ type: "table", id: 1, stream: 1, asset: REFERENCE, partition: ANNA, offset: 0, limit: 10 });
  expect(await client.end(1)).toMatchObject({
    error: { code: "asset", message: "asset missing: reference" },
  });
  expect(await client.reply(1)).toMatchObject({ result: { rows: null } });
});

test("streams and subscriptions end with the socket", async () => {
  const edge = await startEdge();
  const client = await connected(edge);
  client.send({ type: "open", id: 1, notebook: null, partition: null }, table(2, 1, 1e6), table(3, 2, 1e6));
  await client.until(() => client.frames.length === 2 * FIRST_CREDIT);
  expect([edge.workspace.subscribers, edge.workspace.reading]).toEqual([1, 2]);
  client.socket.terminate();
  await edge.workspace.until(() => edge.workspace.subscribers === 0 && edge.workspace.reading === 0);
});

test("closing the server says goodbye and ends the streams", async () => {
  const edge = await startEdge();
  const client = await connected(edge);
  client.send(table(1, 1, 1e6));
  await client.until(() => client.frames.length === FIRST_CREDIT);
  await edge.close();
  expect(await client.closed()).toBe(1001);
  await edge.workspace.until(() => edge.workspace.reading === 0);
});

test("a run can be stopped the hard way, and a notebook's kernel interrupted and restarted", async () => {
  const edge = await startEdge();
  const client = await connected(edge);
  client.send(
    { type: "cancel", id: 1, run: 7, kill: true },
    { type: "kernel", id: 2, notebook: "genome.md", action: "interrupt" },
    { type: "kernel", id: 3, notebook: "genome.md", action: "restart" },
  );
  expect(await client.reply(3)).toMatchObject({ result: null });
  expect(edge.workspace.started).toEqual(["kill 7", "interrupt genome.md", "restart genome.md"]);
});

test("edits, undo and redo are answered with the revision, a column with its summary", async () => {
  const edge = await startEdge();
  const client = await connected(edge);
  const notebook = "genome.md";
  client.send(
    { type: "edit", id: 1, notebook, ops: [{ op: "delete", block: "a" }] },
    { type: "undo", id: 2, notebook },
    { type: "redo", id: 3, notebook },
    { type: "edit", id: 4, notebook: "none.md", ops: [] },
    { type: "column", id: 5, asset: VARIANTS, partition: ANNA, column: "start" },
  );
  expect(await client.reply(1)).toMatchObject({ result: { revision: 1 } });
  expect(await client.reply(2)).toMatchObject({ result: { revision: 2 } });
  expect(await client.reply(3)).toMatchObject({ result: { revision: 3 } });
  expect(await client.reply(4)).toMatchObject({ error: { message: "notebook not found: none.md" } });
  expect(await client.reply(5)).toMatchObject({ result: { column: { rows: 3, distinct: 2 } } });
  expect(edge.workspace.started).toEqual(["delete", "undo", "redo", "column start"]);
});

test("a table under a view is answered with its rows, a live query with a stream", async () => {
  const edge = await startEdge();
  const client = await connected(edge);
  const view = { sort: [{ column: "start", descending: true }], search: "rs1" };
  client.send(
    { type: "table", id: 1, stream: 1, asset: VARIANTS, partition: ANNA, offset: 0, limit: 1, view },
    {
      type: "query",
      id: 2,
      stream: 2,
      notebook: "genome.md",
      cell: "hits",
      partition: ANNA,
      values: { hits: [0.5, "a", null, ["b", 1]] },
      limit: 1,
    },
  );
  expect(await client.reply(1)).toMatchObject({ result: { rows: 1_000 } });
  expect(await client.reply(2)).toMatchObject({ result: null });
  await client.end(2);
  expect(client.frames.filter(({ stream }) => stream === 2).length).toBe(2);
});

test("a client is told that the server is there, again and again, until it leaves", async () => {
  const edge = await startEdge({ aliveMs: 5 });
  const client = await connected(edge);
  await client.until(() => client.messages.length === 3);
  expect(client.messages).toEqual(Array.from({ length: 3 }, () => ({ type: "alive" })));
});
