import express from "express";
import type { Express, RequestHandler } from "express";

import { failed, notFound, only, sendError } from "./edge/answer.ts";
import type { OnDefect } from "./edge/answer.ts";
import { assetExport } from "./edge/exports.ts";
import { exportedFile } from "./edge/exported.ts";
import { assetFile } from "./edge/files.ts";
import { refuseRequest } from "./edge/guard.ts";
import { headers } from "./edge/headers.ts";
import type { Limits } from "./edge/limits.ts";
import { entrance, pageFiles } from "./edge/static.ts";
import { tab } from "./edge/tab.ts";
import type { Access } from "./edge/token.ts";
import { upload } from "./edge/uploads.ts";
import { jsonBody, verb } from "./edge/verbs.ts";
import type { WorkspaceApi } from "./workspace-api.ts";

/** What the edge is made of; the WebSocket takes the same. */
export interface EdgeOptions {
  readonly api: WorkspaceApi;
  readonly access: Access;
  /** Absolute path of the built page: `index.html` and its `assets/`. */
  readonly page: string;
  readonly limits: Limits;
  readonly onDefect: OnDefect;
}

/**
 * The HTTP side of the server. Its port is that of the connection a request comes in by, so one application
 * serves several addresses. Every request passes the guard before any route is looked at.
 */
export function createApp({ api, access, page, limits, onDefect }: EdgeOptions): Express {
  const app = express();
  app.disable("x-powered-by").disable("etag").set("query parser", false);
  app.enable("case sensitive routing").enable("strict routing");

  app.use(headers, guard(access));
  app.route("/").get(entrance(page, access)).all(only("GET"));
  app.route("/api/health").get(health).all(only("GET"));
  app
    .route("/api/tabs")
    .post(...jsonBody(limits.bodyBytes), tab(access))
    .all(only("POST"));
  app
    .route("/api/verbs/:verb")
    .post(...jsonBody(limits.bodyBytes), verb(api, onDefect))
    .all(only("POST"));
  app.route("/api/files/:asset/:partition/*name").get(assetFile(api)).all(only("GET"));
  app.route("/api/export/:asset/:partition/:format").get(assetExport(api)).all(only("GET"));
  app.route("/api/exported/:name").get(exportedFile(api)).all(only("GET"));
  app.route("/api/uploads/:user/:name").post(upload(api, limits)).all(only("POST"));
  app.route("/*path").get(pageFiles(page), notFound).all(only("GET"));
  app.use(notFound, failed(onDefect));
  return app;
}

function guard(access: Access): RequestHandler {
  return (request, response, next) => {
    const refusal = refuseRequest(request, access);
    if (refusal === null) {
      next();
      return;
    }
    if (refusal.status === 401) response.set("WWW-Authenticate", access.asks);
    if (refusal.status === 405) response.set("Allow", "GET, HEAD, POST");
    sendError(response, refusal.status, refusal.info);
  };
}

const health: RequestHandler = (_request, response) => {
  response.json({ ok: true });
};
