import type { RequestHandler, Response } from "express";

const UNUSED_FEATURES = "camera display-capture geolocation hid microphone midi payment serial usb";

/**
 * On every answer, the refusals included. The policy is that of data: it may load, run and be framed by
 * nothing. The page and the report loosen it; nothing else does, and no answer carries a CORS header.
 */
export const HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy": policy({
    "default-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
  }),
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Permissions-Policy": UNUSED_FEATURES.split(" ")
    .map((feature) => `${feature}=()`)
    .join(", "),
  "Cache-Control": "no-store",
};

export const headers: RequestHandler = (_request, response, next) => {
  response.set(HEADERS);
  next();
};

/**
 * Policy of the page: its own scripts, and modules that it makes itself (`blob:`), which is how the cells of a
 * trusted notebook run: neither `eval` nor inline scripts are let in for them, and a `blob:` address is of this
 * origin alone, made by a script that runs already. Inline styles stay, because the editor sets positions so.
 * `host` is the request's, already known to be ours: `'self'` does not mean a WebSocket to all browsers. A policy has
 * no way to write an IPv6 address, so there it must do.
 */
export function pageHeaders(response: Response, host: string): void {
  response.set(
    "Content-Security-Policy",
    policy({
      "default-src": "'none'",
      "script-src": "'self' blob:",
      "style-src": "'self' 'unsafe-inline'",
      "connect-src": host.startsWith("[") ? "'self'" : `'self' ws://${host}`,
      "img-src": "'self' data:",
      "font-src": "'self'",
      "worker-src": "'self'",
      "frame-src": "'self'",
      "base-uri": "'none'",
      "form-action": "'none'",
      "frame-ancestors": "'none'",
    }),
  );
}

/** The page that asks for the token: a style, and nothing else. */
export function lockedHeaders(response: Response): void {
  response.set(
    "Content-Security-Policy",
    `${HEADERS["Content-Security-Policy"] ?? ""}; style-src 'unsafe-inline'`,
  );
}

/**
 * A report is one file with everything inside it. The sandbox gives it an origin of its own, so that its
 * script can reach neither the page nor this server, and `default-src` leaves it no network at all. Its
 * links to PubMed open outside the sandbox: inside it those sites would lack their own storage and fail.
 *
 * An origin of its own is foreign to this server too, and Firefox then loads only what says that anybody may load it.
 * Nobody else can: another site is refused before (`guard.ts`), and `frame-ancestors` keeps the report in our page.
 */
export function reportHeaders(response: Response): void {
  response.set("Cross-Origin-Resource-Policy", "cross-origin");
  response.set(
    "Content-Security-Policy",
    policy({
      sandbox: "allow-scripts allow-popups allow-popups-to-escape-sandbox",
      "default-src": "'none'",
      "script-src": "'unsafe-inline'",
      "style-src": "'unsafe-inline'",
      "img-src": "data:",
      "font-src": "data:",
      "base-uri": "'none'",
      "form-action": "'none'",
      "frame-ancestors": "'self'",
    }),
  );
}

function policy(directives: Readonly<Record<string, string>>): string {
  return Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join("; ");
}
