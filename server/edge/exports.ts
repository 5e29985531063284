import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import type { RequestHandler } from "express";

import { WorkspaceError } from "#protocol/error.ts";
import { assetKey } from "#protocol/ids.ts";
import { EXPORT_FORMATS } from "#protocol/kernel-messages.ts";
import type { ExportFormat } from "#protocol/kernel-messages.ts";
import type { TableView } from "#protocol/messages.ts";

import type { WorkspaceApi } from "../workspace-api.ts";

import { tableView } from "./client-message.ts";
import { downloadName, partition, versionIn } from "./files.ts";

const TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: "text/csv; charset=utf-8",
  tsv: "text/tab-separated-values; charset=utf-8",
  parquet: "application/vnd.apache.parquet",
  arrow: "application/vnd.apache.arrow.stream",
};

/**
 * `GET /api/export/:asset/:partition/:format`: an asset's table as a download: `csv`, `tsv`, `parquet` or `arrow`. Asset
 * and partition as in `/api/files`; `?view=` is a table's view as JSON, percent-encoded; `?version=` a version
 * that need not stand. It is read as fast as the
 * client reads, and a client that leaves stops it. What fails before the first byte is answered with its status.
 */
export function assetExport(
  api: WorkspaceApi,
): RequestHandler<{ asset: string; partition: string; format: string }> {
  return async (request, response) => {
    const asset = assetKey(request.params.asset);
    const place = {
      asset,
      partition: partition(request.params.partition),
      format: format(request.params.format),
    };
    const view = readView(request.url);
    const version = versionIn(request.url);
    const abort = new AbortController();
    response.on("close", () => abort.abort());
    const name = downloadName(`${asset}.${place.format}`, place.partition);
    if (request.method === "HEAD") {
      response.attachment(name).type(TYPES[place.format]).end();
      return;
    }
    const asked = api.export(
      {
        ...place,
        ...(view === null ? {} : { view }),
        ...(version === undefined ? {} : { version }),
      },
      abort.signal,
    );
    const bytes = asked[Symbol.asyncIterator]();
    try {
      const first = await bytes.next();
      response.attachment(name).type(TYPES[place.format]);
      await pipeline(Readable.from(from(first, bytes), { objectMode: false }), response);
    } catch (error) {
      // A reader that left is no failure.
      if (!response.destroyed) throw error;
    }
  };
}

async function* from(
  first: IteratorResult<Uint8Array>,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    for (let next = first; next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

function format(text: string): ExportFormat {
  const found = EXPORT_FORMATS.find((one) => one === text);
  if (found !== undefined) return found;
  throw new WorkspaceError({
    code: "usage",
    message: `no such format: ${JSON.stringify(text.slice(0, 20))}`,
    hint: `There are ${EXPORT_FORMATS.join(", ")}.`,
  });
}

function readView(url: string): TableView | null {
  const query = url.indexOf("?");
  const text = query < 0 ? null : new URLSearchParams(url.slice(query + 1)).get("view");
  if (text === null) return null;
  try {
    return tableView.parse(JSON.parse(text));
  } catch (cause) {
    throw new WorkspaceError(
      {
        code: "usage",
        message: "not a view of a table",
        hint: "Send the view as the page sends it, as JSON.",
      },
      { cause },
    );
  }
}
