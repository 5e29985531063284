import type { IncomingMessage } from "node:http";

import type { ErrorInfo } from "#protocol/error.ts";

import type { Access } from "./token.ts";

/** Why a request is turned away before anything looks at its path. */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 405 | 421;
  readonly info: ErrorInfo;
}

/** The only names under which a browser reaches a server on this machine without asking a name server. */
const HOSTS = ["localhost", "127.0.0.1", "[::1]"];
const METHODS = ["GET", "HEAD", "POST"];
/** Headers with which a proxy says that the person asked for another host: there is none in front of us. */
const PROXY_HEADERS = ["forwarded", "x-forwarded-host", "x-forwarded-server", "x-host", "x-original-host"];
/** `none`: typed, bookmarked or opened by a program. Absent: not a browser, or one without the header. */
const OWN_SITES = ["same-origin", "none"];

/**
 * What every request must pass, whatever its path: a page on the web can make a browser send requests here,
 * and can point a name of its own at this machine, but can choose neither `Host`, nor `Origin`, nor
 * `Sec-Fetch-Site`, nor the secret. Null lets it through; `/` alone passes without a secret, to take the token.
 */
export function refuseRequest(request: IncomingMessage, access: Access): Refusal | null {
  return refuseStranger(request) ?? refuseForgery(request, access) ?? refuseUnknown(request, access);
}

/** As {@link refuseRequest}, for a WebSocket: `Origin` always counts and no path goes without a secret. */
export function refuseUpgrade(request: IncomingMessage, access: Access): Refusal | null {
  if (request.method !== "GET") return methodRefused(request);
  return (
    refuseStranger(request) ??
    refuseForeignOrigin(request, access) ??
    (access.caller(request, port(request)) === null ? NO_SECRET : null)
  );
}

/** The path as sent, without the query and not decoded. */
export function pathOf(request: IncomingMessage): string {
  return (request.url ?? "").split("?", 1)[0] ?? "";
}

/** Port of ours that the request came in by; 0, which no `Host` matches, when the connection is gone. */
export function port(request: IncomingMessage): number {
  return request.socket.localPort ?? 0;
}

/** The secret is missing or dead. */
const NO_SECRET: Refusal = {
  status: 401,
  info: {
    code: "usage",
    message: "this workspace is locked",
    hint: "Open the address with ?token= that Karyon printed when it started.",
  },
};

function refuseStranger(request: IncomingMessage): Refusal | null {
  const hosts = request.headersDistinct["host"] ?? [];
  const suffix = port(request) === 80 ? "" : `:${port(request)}`;
  const ours = HOSTS.map((host) => host + suffix);
  if (hosts.length !== 1 || !ours.includes(hosts[0] ?? "")) return refused(421, "not a host of this server");
  if (PROXY_HEADERS.some((name) => request.headers[name] !== undefined)) {
    return refused(421, "this server takes no requests from a proxy");
  }
  // `GET http://other/ HTTP/1.1` names a second host in the target, `OPTIONS *` names no path.
  return request.url?.startsWith("/") === true ? null : refused(400, "the target of a request is a path");
}

function refuseForgery(request: IncomingMessage, access: Access): Refusal | null {
  const method = request.method ?? "";
  if (!METHODS.includes(method)) return methodRefused(request);
  const safe = method !== "POST";
  if (safe && hasBody(request)) return refused(400, `a ${method} has no body`);
  if (safe && request.headers.origin === undefined) return refuseForeignSite(request);
  return refuseForeignOrigin(request, access);
}

function refuseForeignOrigin(request: IncomingMessage, access: Access): Refusal | null {
  const origins = request.headersDistinct["origin"] ?? [];
  // A browser states its origin on these and never gives a page's script the token: this is a program.
  const program = origins.length === 0 && access.caller(request, port(request)) === "program";
  const own = origins.length === 1 && origins[0] === `http://${request.headers.host ?? ""}`;
  return program || own ? refuseForeignSite(request) : refused(403, "not an origin of this server");
}

function refuseForeignSite(request: IncomingMessage): Refusal | null {
  const site = request.headers["sec-fetch-site"];
  if (site === undefined || OWN_SITES.includes(site)) return null;
  // A link to the workspace may be followed from anywhere: it shows the page or asks for the token.
  const followed =
    request.method === "GET" &&
    pathOf(request) === "/" &&
    request.headers["sec-fetch-mode"] === "navigate" &&
    request.headers["sec-fetch-dest"] === "document";
  return followed ? null : refused(403, "another site may not ask this server");
}

function refuseUnknown(request: IncomingMessage, access: Access): Refusal | null {
  const entrance = pathOf(request) === "/" && request.method !== "POST";
  return entrance || access.caller(request, port(request)) !== null ? null : NO_SECRET;
}

function hasBody(request: IncomingMessage): boolean {
  const length = request.headers["content-length"];
  return request.headers["transfer-encoding"] !== undefined || (length !== undefined && Number(length) !== 0);
}

function methodRefused(request: IncomingMessage): Refusal {
  return refused(405, `method not allowed: ${request.method ?? ""}`);
}

function refused(status: Refusal["status"], message: string): Refusal {
  return { status, info: { code: "usage", message } };
}
