import { randomUUID } from "node:crypto";

import type { ErrorRequestHandler, RequestHandler, Response } from "express";

import { errorInfo, WorkspaceError } from "#protocol/error.ts";
import type { ErrorCode, ErrorInfo } from "#protocol/error.ts";

/** Told of a defect of ours: what the client sees of it is the id. The caller logs it. */
export type OnDefect = (id: string, error: unknown) => void;

const STATUS: Readonly<Record<ErrorCode, number>> = {
  memory: 507,
  usage: 400,
  notebook: 422,
  source: 422,
  module: 422,
  asset: 422,
  check: 422,
  engine: 500,
  cancelled: 503,
  killed: 503,
  busy: 409,
  internal: 500,
};

/** Sentences for what express and its body parser refuse: their own quote the request. */
const REFUSED: Readonly<Record<number, string>> = {
  400: "not a request that this server reads",
  413: "the body of the request is too large",
  415: "the body of the request is not plain application/json",
};

/** What a client may know of an error: never a stack, and of a defect only an id. */
export function outward(error: unknown, onDefect: OnDefect): ErrorInfo {
  const info = errorInfo(error);
  if (info.code !== "internal") return info;
  const id = randomUUID().slice(0, 8);
  onDefect(id, error);
  return { code: "internal", message: `internal error ${id}`, hint: "Look for this id in the server's log." };
}

export function statusOf(info: ErrorInfo): number {
  return STATUS[info.code];
}

/** One line of JSON, so that a client which reads lines reads this too. */
export function sendError(response: Response, status: number, info: ErrorInfo): void {
  // What is left of the body of a refused request is not waited for.
  if (!response.req.complete) response.set("Connection", "close");
  response
    .status(status)
    .type("application/json")
    .send(`${JSON.stringify({ error: info })}\n`);
}

export const notFound: RequestHandler = (_request, response) => {
  sendError(response, 404, { code: "usage", message: "nothing is here" });
};

/** Last of a route: its other methods. */
export function only(method: "GET" | "POST"): RequestHandler {
  return (request, response) => {
    response.set("Allow", method === "GET" ? "GET, HEAD" : method);
    sendError(response, 405, { code: "usage", message: `method not allowed: ${request.method}` });
  };
}

export function failed(onDefect: OnDefect): ErrorRequestHandler {
  return (error: unknown, _request, response, _next) => {
    if (response.headersSent) {
      // Half an answer must not look like a whole one.
      outward(error, onDefect);
      response.destroy();
      return;
    }
    const refused = error instanceof WorkspaceError ? undefined : refusedStatus(error);
    if (refused !== undefined) {
      const message = REFUSED[refused] ?? "not a request that this server takes";
      sendError(response, refused, { code: "usage", message });
      return;
    }
    const info = outward(error, onDefect);
    sendError(response, statusOf(info), info);
  };
}

/** Status of an error that express or its body parser made for a bad request; undefined for any other. */
function refusedStatus(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("status" in error) || typeof error.status !== "number") return undefined;
  return error.status >= 400 && error.status < 500 ? error.status : undefined;
}
