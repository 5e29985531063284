import { z } from "zod";

import type { ClientMessage } from "#protocol/messages.ts";

/** A {@link ClientMessage} whose asset and partition are still text: a wrong one is worth a reply. */
export type UnreadMessage = Unread<ClientMessage>;

type Unread<Message> = Message extends unknown
  ? { readonly [Field in keyof Message]: Field extends "type" ? Message[Field] : Plain<Message[Field]> }
  : never;
type Plain<Value> = Value extends string ? string : Value;

type Schemas = {
  readonly [Type in ClientMessage["type"]]: z.ZodType<Extract<UnreadMessage, { type: Type }>>;
};

const count = z.int().nonnegative();
const stream = z.int().min(0).max(0xffff_ffff);
const text = z.string().max(10_000);

/** Each kind of message of the protocol; one that lacks a schema or differs from it does not compile. */
const SCHEMAS: Schemas = {
  open: z.strictObject({
    type: z.literal("open"),
    id: count,
    notebook: text.nullable(),
    partition: text.nullable(),
  }),
  run: z.strictObject({ type: z.literal("run"), id: count, select: text, partition: text }),
  cancel: z.strictObject({ type: z.literal("cancel"), id: count, run: count }),
  table: z.strictObject({
    type: z.literal("table"),
    id: count,
    stream,
    asset: text,
    partition: text,
    offset: count,
    limit: count,
  }),
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
