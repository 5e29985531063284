import type { RequestHandler } from "express";

import type { WorkspaceApi } from "../workspace-api.ts";

import { sendError } from "./answer.ts";
import type { Limits } from "./limits.ts";

const TYPE = "application/octet-stream";

/**
 * `POST /api/uploads/:user/:name`: the bytes of a VCF, kept in the input folder of a user. Answers with the partition
 * that it became and with what its head states. `application/octet-stream` alone, which a form of another site
 * cannot send without asking; `Origin` was checked before. A client that leaves leaves nothing behind.
 */
export function upload(api: WorkspaceApi, limits: Limits): RequestHandler<{ user: string; name: string }> {
  return async (request, response) => {
    const encoding = request.headers["content-encoding"];
    if (request.headers["content-type"] !== TYPE || (encoding !== undefined && encoding !== "identity")) {
      sendError(response, 415, { code: "usage", message: `the body of an upload is ${TYPE}` });
      return;
    }
    if (Number(request.headers["content-length"] ?? 0) > limits.uploadBytes) {
      sendError(response, 413, { code: "usage", message: "the file is too large" });
      return;
    }
    const abort = new AbortController();
    response.on("close", () => {
      if (!response.writableFinished) abort.abort();
    });
    const { user, name } = request.params;
    try {
      const uploaded = await api.upload(
        { user, name, mostBytes: limits.uploadBytes },
        request as AsyncIterable<Uint8Array>,
        abort.signal,
      );
      response.status(201).json(uploaded);
    } catch (error) {
      if (!abort.signal.aborted) throw error;
    }
  };
}
