import { mkdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { join } from "node:path";

import { WebSocket } from "ws";
import { onTestFinished } from "vitest";

import { decodeFrame } from "#protocol/frame.ts";
import type { ClientMessage, ServerMessage } from "#protocol/messages.ts";

import type { Limits } from "../../server/edge/limits.ts";
import { listen } from "../../server/listen.ts";
import type { Listening } from "../../server/listen.ts";

import { TinyWorkspace } from "./tiny-workspace.ts";

export interface Edge extends Listening {
  readonly workspace: TinyWorkspace;
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  readonly origin: string;
  /** What a browser sends after it has exchanged the token. */
  readonly cookie: string;
  /** The defects that the server reported, by id. */
  readonly defects: Map<string, unknown>;
}

export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  /** Every byte, as it came. */
  readonly raw: string;
}

/** A server with a workspace behind it, both gone when the test has finished. */
export async function startEdge(limits: Partial<Limits> = {}): Promise<Edge> {
  const workspace = new TinyWorkspace();
  const page = join(workspace.folder, "page");
  mkdirSync(join(page, "assets"), { recursive: true });
  writeFileSync(
    join(page, "index.html"),
    '<!doctype html><script type="module" src="/assets/a-1.js"></script>',
  );
  writeFileSync(join(page, "assets", "a-1.js"), "export {};");
  const defects = new Map<string, unknown>();
  const onDefect = (id: string, error: unknown): void => {
    defects.set(id, error);
  };
  // A slow machine takes longer than that for a test that counts what it is told.
  const patient = { aliveMs: 600_000, ...limits };
  const listening = await listen({
    api: workspace,
    page,
    onDefect,
    limits: patient,
    instance: workspace.folder,
  });
  onTestFinished(async () => {
    await listening.close();
    workspace.remove();
  });
  const host = `127.0.0.1:${listening.port}`;
  const entered = await send(
    listening.port,
    `GET /?token=${listening.token} HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
  );
  const cookie = entered.headers.get("set-cookie")?.split(";")[0] ?? "";
  return { ...listening, workspace, host, origin: `http://${host}`, cookie, defects };
}

/** Sends bytes as they are and reads until the answer is whole or the server closes. */
export function send(port: number, request: string | Buffer, address = "127.0.0.1"): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port });
    let raw = "";
    socket.setEncoding("latin1");
    socket.on("error", reject);
    socket.on("data", (chunk: string) => {
      raw += chunk;
      if (whole(raw)) socket.destroy();
    });
    socket.on("close", () => resolve(parse(raw)));
    socket.write(request);
  });
}

/** A request of a signed-in page, but for what `changes` says; a header of null is left out. */
export function request(
  edge: Edge,
  target: string,
  changes: Readonly<Record<string, string | null>> = {},
  { method = "GET", body = "" }: { method?: string; body?: string } = {},
): Promise<Answer> {
  const headers: Record<string, string | null> = {
    Host: edge.host,
    Cookie: edge.cookie,
    ...(method === "GET" ? {} : { Origin: edge.origin }),
    ...(body === ""
      ? {}
      : { "Content-Type": "application/json", "Content-Length": `${Buffer.byteLength(body)}` }),
    ...changes,
  };
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    value === null ? [] : [`${name}: ${value}`],
  );
  return send(edge.port, [`${method} ${target} HTTP/1.1`, ...lines, "", body].join("\r\n"));
}

/** A WebSocket client that keeps what it was sent. */
export class Client {
  readonly socket: WebSocket;
  readonly messages: ServerMessage[] = [];
  readonly frames: { stream: number; sequence: number; message: Uint8Array }[] = [];
  #waiting: (() => void)[] = [];
  #closed: number | null = null;

  constructor(edge: Edge, headers: Readonly<Record<string, string>> = {}) {
    const options = { headers: { Origin: edge.origin, Cookie: edge.cookie, ...headers } };
    this.socket = new WebSocket(`ws://${edge.host}/api/socket`, options);
    this.socket.binaryType = "arraybuffer";
    this.socket.on("error", () => {});
    this.socket.on("close", (code) => {
      this.#closed = code;
      this.#wake();
    });
    this.socket.on("message", (data, isBinary) => {
      if (isBinary) this.frames.push(decodeFrame(data as ArrayBuffer));
      else this.messages.push(JSON.parse(Buffer.from(data as ArrayBuffer).toString()) as ServerMessage);
      this.#wake();
    });
    this.socket.on("open", () => this.#wake());
    onTestFinished(() => this.socket.terminate());
  }

  async opened(): Promise<this> {
    await this.until(() => this.socket.readyState !== WebSocket.CONNECTING);
    return this;
  }

  send(...messages: ClientMessage[]): void {
    for (const message of messages) this.socket.send(JSON.stringify(message));
  }

  /** Settles when `condition` holds. @throws when the socket closes first */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (this.#closed !== null) throw new Error(`socket closed: ${this.#closed}`);
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
  }

  /** The answer to a request, once it has come. */
  async reply(id: number): Promise<Extract<ServerMessage, { type: "reply" }>> {
    const find = (): ServerMessage | undefined =>
      this.messages.find((m) => m.type === "reply" && m.id === id);
    await this.until(() => find() !== undefined);
    return find() as Extract<ServerMessage, { type: "reply" }>;
  }

  async end(stream: number): Promise<Extract<ServerMessage, { type: "end" }>> {
    const find = (): ServerMessage | undefined =>
      this.messages.find((m) => m.type === "end" && m.stream === stream);
    await this.until(() => find() !== undefined);
    return find() as Extract<ServerMessage, { type: "end" }>;
  }

  /** Close code, once the server has closed. */
  async closed(): Promise<number> {
    while (this.#closed === null) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
    return this.#closed;
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}

/** A connection whose WebSocket handshake is done by hand, to send bytes that no client library would. */
export async function rawSocket(edge: Edge): Promise<Socket> {
  const socket = connect({ host: "127.0.0.1", port: edge.port });
  onTestFinished(() => {
    socket.destroy();
  });
  socket.on("error", () => {});
  socket.write(upgrade(edge));
  await new Promise<void>((resolve) => {
    socket.once("data", () => resolve());
  });
  return socket;
}

/** The upgrade request of a signed-in page, but for what `changes` says. */
export function upgrade(
  edge: Edge,
  changes: Readonly<Record<string, string | null>> = {},
  target = "/api/socket",
): string {
  const headers: Record<string, string | null> = {
    Host: edge.host,
    Origin: edge.origin,
    Cookie: edge.cookie,
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    ...changes,
  };
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    value === null ? [] : [`${name}: ${value}`],
  );
  return [`GET ${target} HTTP/1.1`, ...lines, "", ""].join("\r\n");
}

function whole(raw: string): boolean {
  const { headers, body, status } = parse(raw);
  if (!raw.includes("\r\n\r\n")) return false;
  if ([101, 204, 303].includes(status)) return true;
  if (headers.get("transfer-encoding") === "chunked") return raw.endsWith("\r\n0\r\n\r\n");
  return body.length >= Number(headers.get("content-length") ?? Infinity);
}

function parse(raw: string): Answer {
  const [head = "", ...rest] = raw.split("\r\n\r\n");
  const [first = "", ...lines] = head.split("\r\n");
  const headers = new Map(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const sent = rest.join("\r\n\r\n");
  const body = headers.get("transfer-encoding") === "chunked" ? unchunk(sent) : sent;
  return { status: Number(first.split(" ")[1] ?? 0), headers, body, raw };
}

function unchunk(sent: string): string {
  let text = "";
  for (let at = 0; ;) {
    const line = sent.indexOf("\r\n", at);
    const size = Number.parseInt(sent.slice(at, line), 16);
    if (line < 0 || !(size > 0)) return text;
    text += sent.slice(line + 2, line + 2 + size);
    at = line + 2 + size + 2;
  }
}
