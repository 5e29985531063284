import { createServer } from "node:http";
import type { Server } from "node:http";

import { WorkspaceError } from "#protocol/error.ts";

import { createApp } from "./app.ts";
import type { EdgeOptions } from "./app.ts";
import { LIMITS } from "./edge/limits.ts";
import type { Limits } from "./edge/limits.ts";
import { Tabs } from "./edge/tabs.ts";
import { Access } from "./edge/token.ts";
import { attachSocket } from "./socket.ts";

const FIRST_PORT = 4747;
const PORTS_TRIED = 200;
/** How often Node looks for connections that are too slow. */
const CHECK_MS = 1_000;
/** Why `::1` is not to be had on a machine without IPv6. */
const NO_IPV6 = ["EADDRNOTAVAIL", "EAFNOSUPPORT", "EINVAL"];

export interface ListenOptions extends Pick<EdgeOptions, "api" | "page" | "onDefect"> {
  /** What tells this workspace from others, such as its folder: part of the cookie's name, as a hash. */
  readonly instance: string;
  /** The port and no other; without it the first free one from 4747 up. */
  readonly port?: number | undefined;
  /** Taken before others when it is free and `port` is not given. */
  readonly preferred?: number | undefined;
  /** Absolute path of what keeps the tabs over a restart; without it they are forgotten with the server. */
  readonly tabs?: string;
  readonly limits?: Partial<Limits>;
}

export interface Listening {
  readonly port: number;
  /** For a browser, once: `http://127.0.0.1:PORT/?token=…`. Never to be logged. */
  readonly url: string;
  /** For a program on this machine, as `Authorization: Bearer`. Never to be logged. */
  readonly token: string;
  /** Ends every request and socket; settles when the port is free. */
  readonly close: () => Promise<void>;
}

/**
 * Serves a workspace on this machine and to no other: on 127.0.0.1 and ::1, on the same port.
 *
 * @throws {WorkspaceError} `usage` for a port that is none or not ours to take, `busy` when it is taken
 */
export async function listen(options: ListenOptions): Promise<Listening> {
  const access = new Access(options.instance, new Tabs(options.tabs ?? null));
  const edge: EdgeOptions = { ...options, access, limits: { ...LIMITS, ...options.limits } };
  const app = createApp(edge);
  const servers = await bind(options, () => httpServer(edge.limits).on("request", app));
  const sockets = attachSocket(servers, edge);
  const port = portOf(servers[0]);
  return {
    port,
    url: `http://127.0.0.1:${port}/?token=${access.token}`,
    token: access.token,
    close: async () => {
      sockets.close();
      await Promise.all(servers.map((server) => shut(server)));
    },
  };
}

function httpServer(limits: Limits): Server {
  const server = createServer({
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: Math.min(CHECK_MS, limits.headersMs),
    // The guard answers a missing Host itself.
    requireHostHeader: false,
  });
  server.maxConnections = limits.connections;
  // By default Node drops the 2001st header and those after it, in silence: one of them may be a second Host.
  server.maxHeadersCount = 0;
  return server;
}

async function bind(
  { port, preferred }: Pick<ListenOptions, "port" | "preferred">,
  create: () => Server,
): Promise<Server[]> {
  if (port !== undefined) return bindPort(port, create);
  const usual = Array.from({ length: PORTS_TRIED }, (_, n) => FIRST_PORT + n);
  for (const candidate of preferred === undefined ? usual : [preferred, ...usual]) {
    try {
      return await bindPort(candidate, create);
    } catch (error) {
      if (!(error instanceof WorkspaceError) || error.info.code !== "busy") throw error;
    }
  }
  throw new WorkspaceError({
    code: "busy",
    message: `no free port from ${FIRST_PORT} to ${FIRST_PORT + PORTS_TRIED - 1}`,
    hint: "Choose one with --port.",
  });
}

/** Both addresses or neither: whoever held the other one would be sent what is meant for us. */
async function bindPort(port: number, create: () => Server): Promise<Server[]> {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new WorkspaceError({
      code: "usage",
      message: `not a port: ${port}`,
      hint: "Choose 1024 to 65535.",
    });
  }
  const four = create();
  const six = create();
  try {
    await started(four, "127.0.0.1", port);
    try {
      await started(six, "::1", port);
      return [four, six];
    } catch (error) {
      if (NO_IPV6.includes(codeOf(error))) return [four];
      await shut(four);
      throw error;
    }
  } catch (error) {
    if (codeOf(error) === "EADDRINUSE") {
      const hint = "Choose another with --port, or none to take the first free one.";
      throw new WorkspaceError({ code: "busy", message: `port in use: ${port}`, hint }, { cause: error });
    }
    if (codeOf(error) === "EACCES") {
      const hint = "Choose 1024 to 65535.";
      throw new WorkspaceError(
        { code: "usage", message: `port not allowed: ${port}`, hint },
        { cause: error },
      );
    }
    throw error;
  }
}

function started(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port, exclusive: true, ipv6Only: host === "::1" }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

/** Upgraded connections are closed by their sockets; the rest is cut. */
function shut(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function portOf(server: Server | undefined): number {
  const address = server?.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
