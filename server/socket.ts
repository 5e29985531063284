import { STATUS_CODES } from "node:http";
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";

import { WebSocketServer } from "ws";

import type { EdgeOptions } from "./app.ts";
import { Connection } from "./edge/connection.ts";
import { pathOf, refuseUpgrade } from "./edge/guard.ts";
import { HEADERS } from "./edge/headers.ts";

/** Where the page connects. */
const PATH = "/api/socket";
const GOING_AWAY = 1001;

/** The WebSockets of some servers. */
export interface Sockets {
  /** Takes no more of them and says goodbye to those that are open. */
  close(): void;
}

/** Takes the upgrades of `servers`: each passes the guard before a single byte of WebSocket is spoken. */
export function attachSocket(servers: readonly Server[], options: EdgeOptions): Sockets {
  const { access, limits } = options;
  // In one piece with the rest its type, older than ws, would not let it in.
  const grace = { closeTimeout: limits.closeMs };
  const sockets = new WebSocketServer({
    ...grace,
    noServer: true,
    // Deflate makes tables ten times slower on loopback, and its bombs would have to be bounded.
    perMessageDeflate: false,
    maxPayload: limits.messageBytes,
    maxFragments: limits.fragments,
  });

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on("error", () => socket.destroy());
    const refusal = refuseUpgrade(request, access);
    if (refusal !== null) refuse(socket, refusal.status, refusal.info.message);
    else if (pathOf(request) !== PATH) refuse(socket, 404, "nothing is here");
    else if (sockets.clients.size >= limits.sockets) refuse(socket, 503, "too many connections");
    else sockets.handleUpgrade(request, socket, head, (client) => new Connection(client, options));
  };
  for (const server of servers) server.on("upgrade", upgrade);

  return {
    close: () => {
      for (const server of servers) server.off("upgrade", upgrade);
      for (const client of sockets.clients) client.close(GOING_AWAY, "the workspace is closing");
    },
  };
}

/** Node gives a bare connection here, so the answer is written by hand. */
function refuse(socket: Duplex, status: number, message: string): void {
  const body = `${JSON.stringify({ error: { code: "usage", message } })}\n`;
  const headers = {
    ...HEADERS,
    Connection: "close",
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": String(Buffer.byteLength(body)),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  // Both ends: a client that keeps its half open would keep the connection.
  socket.once("finish", () => socket.destroy());
  socket.end([`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`, ...lines, "", body].join("\r\n"));
}
