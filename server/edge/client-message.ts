import * as z from "zod";

import type { AssetKey, DataVersion, PartitionKey } from "#protocol/ids.ts";
import { MOST_SENT } from "#protocol/messages.ts";
import type { ClientMessage, TableView } from "#protocol/messages.ts";

/** A {@link ClientMessage} whose asset and partition are still text: a wrong one is worth a reply. */
export type UnreadMessage = Unread<ClientMessage>;

type Unread<Message> = Message extends unknown
  ? { readonly [Field in keyof Message]: Field extends "type" ? Message[Field] : Plain<Message[Field]> }
  : never;
type Plain<Value> = Value extends AssetKey | DataVersion | PartitionKey ? string : Value;

type Schemas = {
  readonly [Type in ClientMessage["type"]]: z.ZodType<Extract<UnreadMessage, { type: Type }>>;
};

const count = z.int().nonnegative();
const stream = z.int().min(0).max(0xffff_ffff);
const text = z.string().max(MOST_SENT.text);
const source = z.string().max(MOST_SENT.source);
const attributes = z.record(text, text);

const filter = z.union([
  z.strictObject({ column: text, is: z.enum(["equal", "not-equal", "contains"]), value: text }),
  z.strictObject({
    column: text,
    is: z.literal("between"),
    least: z.number().nullable(),
    most: z.number().nullable(),
  }),
  z.strictObject({ column: text, is: z.enum(["null", "not-null"]) }),
]);
/** How a table is looked at, as a client writes it. */
export const tableView: z.ZodType<TableView> = z.strictObject({
  sort: z
    .array(z.strictObject({ column: text, descending: z.boolean() }))
    .max(16)
    .exactOptional(),
  filters: z.array(filter).max(64).exactOptional(),
  search: text.exactOptional(),
});
const view = tableView.exactOptional();
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const version = hash.exactOptional();

const item = z.union([source, z.number(), z.boolean(), z.null()]);
const value = z.union([item, z.array(item).max(MOST_SENT.items)]);

const op = z.discriminatedUnion("op", [
  z.strictObject({ op: z.literal("set-source"), block: text, source }),
  z.strictObject({
    op: z.literal("insert"),
    after: text.nullable(),
    language: text,
    name: text.nullable(),
    attributes,
    source,
  }),
  z.strictObject({ op: z.literal("delete"), block: text }),
  z.strictObject({ op: z.literal("move"), block: text, after: text.nullable() }),
  z.strictObject({ op: z.literal("rename"), block: text, name: text }),
  z.strictObject({ op: z.literal("merge"), block: text, with: z.array(text).min(1).max(1_000) }),
  z.strictObject({ op: z.literal("split"), block: text, at: count }),
  z.strictObject({ op: z.literal("set-info"), block: text, language: text, attributes }),
]);

/** Each kind of message of the protocol; one that lacks a schema or differs from it does not compile. */
const SCHEMAS: Schemas = {
  open: z.strictObject({
    type: z.literal("open"),
    id: count,
    notebook: text.nullable(),
    partition: text.nullable(),
    cursor: z.strictObject({ boot: text, seq: count }).exactOptional(),
  }),
  run: z.strictObject({
    type: z.literal("run"),
    id: count,
    select: text,
    partition: text,
    engine: text.exactOptional(),
  }),
  cancel: z.strictObject({
    type: z.literal("cancel"),
    id: count,
    run: count,
    kill: z.boolean().exactOptional(),
  }),
  kernel: z.strictObject({
    type: z.literal("kernel"),
    id: count,
    notebook: text,
    action: z.enum(["interrupt", "restart"]),
  }),
  table: z.strictObject({
    type: z.literal("table"),
    id: count,
    stream,
    asset: text,
    partition: text,
    offset: count,
    limit: count,
    view,
    version,
  }),
  query: z.strictObject({
    type: z.literal("query"),
    id: count,
    stream,
    notebook: text,
    cell: text,
    partition: text,
    values: z.record(text, z.array(value).max(1_000)),
    limit: count,
    versions: z.record(text, hash).exactOptional(),
    at: z.iso.datetime().exactOptional(),
  }),
  column: z.strictObject({
    type: z.literal("column"),
    id: count,
    asset: text,
    partition: text,
    column: text,
    view,
    version,
  }),
  edit: z.strictObject({ type: z.literal("edit"), id: count, notebook: text, ops: z.array(op).max(1_000) }),
  undo: z.strictObject({ type: z.literal("undo"), id: count, notebook: text }),
  redo: z.strictObject({ type: z.literal("redo"), id: count, notebook: text }),
  save: z.strictObject({ type: z.literal("save"), id: count, notebook: text }),
  trust: z.strictObject({ type: z.literal("trust"), id: count, notebook: text, revision: count }),
  credit: z.strictObject({ type: z.literal("credit"), stream, messages: z.int().min(1).max(1_000) }),
  close: z.strictObject({ type: z.literal("close"), stream }),
};

const message: z.ZodType<UnreadMessage> = z.union(Object.values(SCHEMAS));

/** Null for anything that is no message of the protocol. */
export function readClientMessage(json: string): UnreadMessage | null {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return null;
  }
  return message.safeParse(value).data ?? null;
}
