import { constants } from "node:fs";
import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { pipeline } from "node:stream/promises";

import type { RequestHandler } from "express";

import { WorkspaceError } from "#protocol/error.ts";
import { assetKey, parsePartition, WHOLE } from "#protocol/ids.ts";
import type { DataVersion, PartitionKey } from "#protocol/ids.ts";
import { withPartition } from "#protocol/partition-name.ts";

import type { WorkspaceApi } from "../workspace-api.ts";

import { notFound } from "./answer.ts";
import { reportHeaders } from "./headers.ts";

/** In place of a partition, for an asset that has none: every real key has a `/`. */
const NO_PARTITION = "-";
const LONGEST_NAME = 1_000;
/** Never through a link, and without waiting on a pipe. Windows knows neither. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * `GET /api/files/:asset/:partition/*name`: one file of an asset's current output, or with `?version=` of another. Asset and partition are
 * percent-encoded, for both may hold a `/`; the partition of an asset without any is `-`. HTML is shown, in a
 * sandbox; anything else is a download, whatever its content looks like.
 */
export function assetFile(
  api: WorkspaceApi,
): RequestHandler<{ asset: string; partition: string; name: string[] }> {
  return async (request, response, next) => {
    const name = fileName(request.params.name);
    const asset = assetKey(request.params.asset);
    const version = versionIn(request.url);
    const key = partition(request.params.partition);
    const file = api.file(asset, key, name, version);
    if (file === null) {
      notFound(request, response, next);
      return;
    }
    const handle = await openWhole(file.path, file.bytes);
    try {
      if (name.endsWith(".html")) {
        reportHeaders(response);
        response.type("text/html; charset=utf-8");
      } else {
        response.attachment(downloadName(name, key)).type("application/octet-stream");
      }
      response.set("Content-Length", String(file.bytes));
      if (request.method === "HEAD" || file.bytes === 0) response.end();
      else await pipeline(handle.createReadStream({ end: file.bytes - 1, autoClose: false }), response);
    } catch (error) {
      // A reader that left is no failure.
      if (!response.destroyed) throw error;
    } finally {
      await handle.close();
    }
  };
}

/** A partition as it stands in a path. */
export function partition(text: string): PartitionKey {
  return text === NO_PARTITION ? WHOLE : parsePartition(text);
}

/** The version that is asked for by its hash; undefined: the one that stands. @throws {WorkspaceError} `usage` */
export function versionIn(url: string): DataVersion | undefined {
  const query = url.indexOf("?");
  const text = query < 0 ? null : new URLSearchParams(url.slice(query + 1)).get("version");
  if (text === null) return undefined;
  if (/^[0-9a-f]{64}$/.test(text)) return text as DataVersion;
  throw new WorkspaceError({
    code: "usage",
    message: "not a data version",
    hint: "Write all 64 digits, as the record of the asset has them.",
  });
}

/** The name inside the output. It is looked up in a record, never joined to a path; this keeps it so. */
function fileName(segments: readonly string[]): string {
  const bad =
    segments.join("/").length > LONGEST_NAME ||
    segments.some((part) => part === "" || part === "." || part === ".." || /[/\\\p{Cc}\p{Cs}]/u.test(part));
  if (!bad) return segments.join("/");
  throw new WorkspaceError({
    code: "usage",
    message: `not the name of a file: ${JSON.stringify(segments.join("/").slice(0, 80))}`,
    hint: "Write the name as the record of the asset lists it.",
  });
}

/** Opens first and asks afterwards, so that what was looked at is what is read. */
async function openWhole(path: string, bytes: number): Promise<FileHandle> {
  const handle = await open(path, OPEN_FLAGS).catch((cause: unknown) => {
    throw damaged(cause);
  });
  const stat = await handle.stat();
  if (stat.isFile() && stat.size === bytes) return handle;
  await handle.close();
  throw damaged(undefined);
}

/** Without the path: what lies where on the disk is nobody's business. */
function damaged(cause: unknown): WorkspaceError {
  const message = "the stored file is gone or was changed from outside";
  return new WorkspaceError({ code: "asset", message, hint: "Materialise the asset again." }, { cause });
}

/**
 * The last part, with the partition that it is of and without what a shell, Windows or a reader of right-to-left marks
 * would take otherwise.
 */
export function downloadName(name: string, key: PartitionKey): string {
  const last = withPartition(name.slice(name.lastIndexOf("/") + 1), key);
  return last.replace(/[\p{Cf}\u2028\u2029<>:"|?*]/gu, "_").replace(/^\.+|[. ]+$/g, "_");
}
