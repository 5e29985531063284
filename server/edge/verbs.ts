import express from "express";
import type { RequestHandler, Response } from "express";

import type { WorkspaceApi } from "../workspace-api.ts";

import { outward, sendError, statusOf } from "./answer.ts";
import type { OnDefect } from "./answer.ts";

/**
 * A body of JSON. `application/json` alone: a form of another site can post text and multipart without
 * asking, this it cannot. Compressed bodies are refused, so that the limit is one of what is read.
 */
export function jsonBody(limit: number): RequestHandler[] {
  return [plainJson, express.json({ limit, inflate: false, strict: true })];
}

const plainJson: RequestHandler = (request, response, next) => {
  if (request.is("application/json") === "application/json") next();
  else sendError(response, 415, { code: "usage", message: "the body of this request is application/json" });
};

/**
 * `POST /api/verbs/:verb`: parameters in, lines of JSON out. Any number of `{"progress": …, "asset": …}`,
 * then one `{"result": …}` or `{"error": ErrorInfo}`. An error before the first line sets the status too.
 * A client that leaves cancels the verb.
 */
export function verb(api: WorkspaceApi, onDefect: OnDefect): RequestHandler<{ verb: string }> {
  return async (request, response) => {
    const abort = new AbortController();
    response.on("close", () => {
      if (!response.writableFinished) abort.abort();
    });
    response.type("application/x-ndjson");
    try {
      const parameters: unknown = request.body;
      const result = await api.verb(request.params.verb, parameters, {
        signal: abort.signal,
        progress: (asset, progress) => progressLine(response, { asset, progress }),
      });
      response.end(line({ result: result ?? null }));
    } catch (error) {
      if (abort.signal.aborted) return;
      const info = outward(error, onDefect);
      if (!response.headersSent) response.status(statusOf(info));
      response.end(line({ error: info }));
    }
  };
}

/** The next progress says it better: a client that reads slowly misses some, and nothing piles up. */
function progressLine(response: Response, message: unknown): void {
  if (response.writableEnded || response.destroyed || response.writableNeedDrain) return;
  response.write(line(message));
}

function line(message: unknown): string {
  return `${JSON.stringify(message)}\n`;
}
