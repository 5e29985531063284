import { join } from "node:path";

import express from "express";
import type { RequestHandler } from "express";

import { WorkspaceError } from "#protocol/error.ts";

import { pathOf, port } from "./guard.ts";
import { lockedHeaders, pageHeaders } from "./headers.ts";
import { LOCKED_PAGE } from "./locked.ts";
import type { Access } from "./token.ts";

/** Files that the bundler names by their content live under this path and never change. */
const HASHED = "/assets/";

/**
 * `/`: takes the token from the address and gives a cookie for it, shows the page to whoever has the cookie,
 * and to anyone else how to get one.
 */
export function entrance(directory: string, access: Access): RequestHandler {
  return (request, response, next) => {
    const query = new URLSearchParams(request.url.slice(pathOf(request).length));
    const tokens = query.getAll("token");
    if (tokens.length > 0) {
      if (tokens.length > 1 || !access.opens(tokens[0] ?? "")) {
        lockedHeaders(response);
        response.status(403).type("html").send(LOCKED_PAGE);
        return;
      }
      query.delete("token");
      const rest = query.toString();
      // The target starts with a path of our own, so no query can send the browser elsewhere.
      response.set("Set-Cookie", access.cookie(port(request)));
      response
        .status(303)
        .set("Location", rest === "" ? "/" : `/?${rest}`)
        .end();
      return;
    }
    if (access.caller(request, port(request)) === null) {
      lockedHeaders(response);
      response.status(401).set("WWW-Authenticate", access.asks).type("html").send(LOCKED_PAGE);
      return;
    }
    pageHeaders(response, request.headers.host ?? "");
    response.sendFile(join(directory, "index.html"), { cacheControl: false, etag: false }, (error) => {
      if (error !== undefined && error !== null) next(response.headersSent ? error : notBuilt(error));
    });
  };
}

/** The other files of the built page. What is not there falls through. */
export function pageFiles(directory: string): RequestHandler {
  return express.static(directory, {
    index: false,
    redirect: false,
    dotfiles: "ignore",
    cacheControl: false,
    setHeaders: (response) => {
      const { req: request } = response;
      pageHeaders(response, request.headers.host ?? "");
      const hashed = pathOf(request).startsWith(HASHED);
      response.setHeader("Cache-Control", hashed ? "private, max-age=31536000, immutable" : "no-cache");
    },
  });
}

function notBuilt(cause: Error): WorkspaceError {
  const message = "the page is not built: no index.html";
  return new WorkspaceError(
    { code: "asset", message, hint: "Build the page, then load this again." },
    { cause },
  );
}
