import type { RequestHandler } from "express";

import * as z from "zod";

import { WorkspaceError } from "#protocol/error.ts";

import type { Together } from "../uploads.ts";
import type { WorkspaceApi } from "../workspace-api.ts";

import { sendError } from "./answer.ts";
import { pathOf } from "./guard.ts";
import type { Limits } from "./limits.ts";

const TYPE = "application/octet-stream";

/**
 * `POST /api/uploads/:user/:name`: the bytes of a genome file, kept in the input folder of a user. Answers with the partition
 * that it became and with what its head states. Of several files that are one sample each is sent with `?together=UUID`
 * and `&sample=NAME`, and the last of them with `&last`: then all of them become a partition. `application/octet-stream` alone, which a form of another site
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
    const together = readTogether(new URLSearchParams(request.url.slice(pathOf(request).length)));
    try {
      const uploaded = await api.upload(
        {
          user,
          name,
          mostBytes: limits.uploadBytes,
          ...(together === undefined ? {} : { together }),
        },
        request as AsyncIterable<Uint8Array>,
        abort.signal,
      );
      response.status(201).json(uploaded);
    } catch (error) {
      if (!abort.signal.aborted) throw error;
    }
  };
}

const TOGETHER = z.strictObject({ together: z.uuid(), sample: z.string(), last: z.string().optional() });

/** @throws {WorkspaceError} `usage` for a question that is none */
function readTogether(query: URLSearchParams): Together | undefined {
  if (query.size === 0) return undefined;
  const { success, data } = TOGETHER.safeParse(Object.fromEntries(query));
  if (!success) throw new WorkspaceError({ code: "usage", message: "not one of several files of a sample" });
  return { id: data.together, sample: data.sample, last: data.last !== undefined };
}
