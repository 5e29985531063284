import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline } from "node:stream/promises";

import type { RequestHandler } from "express";

import { WHOLE } from "#protocol/ids.ts";

import type { WorkspaceApi } from "../workspace-api.ts";

import { notFound } from "./answer.ts";
import { downloadName } from "./files.ts";

/** A file name that the export itself makes: no folder, nothing hidden. */
const NAME = /^[^./\\\p{Cc}\p{Cs}][^/\\\p{Cc}\p{Cs}]{0,240}\.html$/u;
/** Never through a link, and without waiting on a pipe. Windows knows neither. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** `GET /api/exported/:name`: a notebook that was exported, to be kept. It is never shown here: its scripts are its own. */
export function exportedFile(api: WorkspaceApi): RequestHandler<{ name: string }> {
  return async (request, response, next) => {
    const { name } = request.params;
    const handle = NAME.test(name) ? await open(api.exported(name), OPEN_FLAGS).catch(() => null) : null;
    if (handle === null) {
      notFound(request, response, next);
      return;
    }
    try {
      const stat = await handle.stat();
      if (!stat.isFile()) {
        notFound(request, response, next);
        return;
      }
      response.attachment(downloadName(name, WHOLE)).type("application/octet-stream");
      response.set("Content-Length", String(stat.size));
      if (request.method === "HEAD" || stat.size === 0) response.end();
      else await pipeline(handle.createReadStream({ end: stat.size - 1, autoClose: false }), response);
    } catch (error) {
      // A reader that left is no failure.
      if (!response.destroyed) throw error;
    } finally {
      await handle.close();
    }
  };
}
