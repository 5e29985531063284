import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";

import * as z from "zod";

import { WorkspaceError, stopped } from "#protocol/error.ts";
import type { ErrorInfo } from "#protocol/error.ts";
import type { Progress } from "#protocol/record.ts";

const MOST_REDIRECTS = 3;
const MOST_TRIES = 5;
/** The first wait before another try; each next is twice as long. */
const FIRST_WAIT_MS = 1000;
const MOST_PAGES = 100;
/** Of one page of a list of files, which is taken into memory, unpacked. */
const MOST_LISTED_BYTES = 16 * 2 ** 20;

/** Where the hub is, and who asks. */
export interface Hub {
  /** Such as `https://huggingface.co`. */
  readonly endpoint: string;
  readonly token: string | null;
  /** Waits so many milliseconds between two tries. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** A file of a dataset that the hub keeps by its hash. */
export interface HubFile {
  readonly path: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

export interface HubSnapshot {
  readonly repo: string;
  /** Commit. */
  readonly revision: string;
  readonly files: readonly HubFile[];
}

export interface DownloadContext {
  readonly signal: AbortSignal;
  readonly progress: (progress: Progress) => void;
}

const REVISION = z.object({ sha: z.string().regex(/^[0-9a-f]{40,64}$/) });
const TREE = z.array(
  z.object({
    type: z.string(),
    path: z.string(),
    size: z.number().optional(),
    lfs: z.object({ oid: z.string(), size: z.number() }).optional(),
  }),
);
const SHA256 = /^[0-9a-f]{64}$/;

/**
 * The hub that the environment names: KARYON_HF_ENDPOINT or HF_ENDPOINT, and HF_TOKEN.
 *
 * @throws {WorkspaceError} `usage` for what is no address of one
 */
export function hubOf(environment: Readonly<Record<string, string | undefined>>): Hub {
  const named = environment["KARYON_HF_ENDPOINT"] || environment["HF_ENDPOINT"] || "https://huggingface.co";
  if (!URL.canParse(named) || !/^https?:/i.test(named)) {
    const hint = "Write HF_ENDPOINT as https://huggingface.co is written.";
    throw new WorkspaceError({ code: "usage", message: `not the address of a hub: ${named}`, hint });
  }
  return { endpoint: named.replace(/\/+$/, ""), token: environment["HF_TOKEN"] || null, wait };
}

/**
 * The files of a dataset at a branch, tag or commit, as the hub lists them now: those that it keeps by hash.
 *
 * @throws {WorkspaceError} `source` when the hub cannot be reached, or answers otherwise than it should
 */
export async function listDataset(
  hub: Hub,
  repo: string,
  revision: string,
  { signal }: DownloadContext,
): Promise<HubSnapshot> {
  const api = `${hub.endpoint}/api/datasets/${repo}`;
  const at = `${api}/revision/${encodeURIComponent(revision)}`;
  const { sha } = (await ask(hub, at, REVISION, signal)).answer;
  const files: HubFile[] = [];
  let next: string | null = `${api}/tree/${sha}?recursive=true`;
  for (let page = 0; next !== null && page < MOST_PAGES; page++) {
    const found: Answer<typeof TREE> = await ask(hub, next, TREE, signal);
    for (const { type, path, lfs } of found.answer) {
      if (type !== "file" || lfs === undefined || !SHA256.test(lfs.oid)) continue;
      files.push({ path, bytes: lfs.size, sha256: lfs.oid });
    }
    next = found.next;
  }
  return { repo, revision: sha, files };
}

interface Answer<Shape extends z.ZodType> {
  readonly answer: z.output<Shape>;
  /** Where its next page is; null: it is the last. */
  readonly next: string | null;
}

function ask<Shape extends z.ZodType>(
  hub: Hub,
  url: string,
  shape: Shape,
  signal: AbortSignal,
): Promise<Answer<Shape>> {
  return patiently(hub, signal, async () => {
    const response = await follow(hub, url, {}, signal);
    const link = /<(?<url>[^>]+)>;\s*rel="next"/.exec(response.headers.get("link") ?? "")?.groups?.["url"];
    const answer = understood(new URL(url), shape, await textOf(response));
    return { answer, next: link === undefined ? null : new URL(link, url).href };
  });
}

async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MOST_LISTED_BYTES) throw refused(new URL(response.url), "its list of files has no end");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function understood<Shape extends z.ZodType>(url: URL, shape: Shape, text: string): z.output<Shape> {
  try {
    return shape.parse(JSON.parse(text));
  } catch (cause) {
    const hint = "Check HF_ENDPOINT, and whether this network asks for a log-in first.";
    throw new WorkspaceError(refused(url, "it answered no list of files", hint).info, { cause });
  }
}

/**
 * Downloads one file of a snapshot beside its place, goes on where an earlier try stopped, and puts it into its
 * place when size and hash are those that the hub states. A file that is there already and whole is left alone.
 *
 * @returns whether anything was downloaded
 * @throws {WorkspaceError} `source` when it cannot be had, or is not what the hub said
 */
export async function downloadFile(
  hub: Hub,
  snapshot: Pick<HubSnapshot, "repo" | "revision">,
  file: HubFile,
  target: string,
  context: DownloadContext,
): Promise<boolean> {
  const { signal } = context;
  if (await isSame(target, file, signal)) return false;
  const part = `${target}.part`;
  await mkdir(dirname(target), { recursive: true });
  const path = file.path.split("/").map(encodeURIComponent).join("/");
  const url = `${hub.endpoint}/datasets/${snapshot.repo}/resolve/${snapshot.revision}/${path}`;
  await patiently(hub, signal, () => fetchRest(hub, url, part, file, context));
  if (!(await isSame(part, file, signal))) {
    await rm(part, { force: true });
    throw new WorkspaceError({
      code: "source",
      message: `${file.path} is not what the hub says it is: its SHA-256 differs`,
      hint: "Download it again.",
    });
  }
  await rename(part, target);
  return true;
}

/** Whether a file has the size and the hash that the hub states. */
async function isSame(path: string, file: HubFile, signal: AbortSignal): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  if (found?.size !== file.bytes) return false;
  const hash = createHash("sha256");
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash, { signal });
  return hash.digest("hex") === file.sha256;
}

async function fetchRest(
  hub: Hub,
  url: string,
  part: string,
  file: HubFile,
  { signal, progress }: DownloadContext,
): Promise<void> {
  const before = (await stat(part).catch(() => null))?.size ?? 0;
  if (before === file.bytes) return;
  const from = before < file.bytes ? before : 0;
  const response = await request(hub, url, from > 0 ? { Range: `bytes=${from}-` } : {}, signal);
  // A server that does not know ranges sends everything.
  const isRest = response.status === 206;
  const out = await open(part, isRest ? "a" : "w");
  try {
    let bytes = isRest ? from : 0;
    for await (const chunk of response.body ?? []) {
      // Not `write`: what there is no room for on the disk it leaves out, and says so by a number alone.
      await out.writeFile(chunk);
      bytes += chunk.length;
      if (bytes > file.bytes) throw new WorkspaceError(longer(file));
      progress({ phase: `downloading ${file.path}`, bytes, totalBytes: file.bytes });
    }
    await out.sync();
    if (bytes < file.bytes) throw new Passing(`${file.path} ended after ${bytes} of ${file.bytes} bytes`);
  } finally {
    await out.close();
  }
}

/** A failure that another try may not meet. */
class Passing extends Error {}

async function patiently<T>(hub: Hub, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      const isPassing = error instanceof Passing || error instanceof TypeError;
      if (!isPassing) throw error;
      if (tries === MOST_TRIES) throw unreachable(hub, error);
      await hub.wait(FIRST_WAIT_MS * 2 ** (tries - 1), signal);
    }
  }
}

function request(
  hub: Hub,
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Response> {
  return patiently(hub, signal, () => follow(hub, url, headers, signal));
}

/** Follows redirects by hand: the token is for the hub alone, and never leaves an encrypted connection. */
async function follow(
  hub: Hub,
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Response> {
  const home = new URL(hub.endpoint);
  let at = new URL(url);
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    if (at.protocol !== "https:" && at.protocol !== home.protocol) throw refused(at, "not encrypted");
    const own = at.origin === home.origin && hub.token !== null;
    const response = await fetch(at, {
      headers: { ...headers, ...(own ? { Authorization: `Bearer ${hub.token}` } : {}) },
      redirect: "manual",
      signal,
    });
    const { status } = response;
    if (status === 200 || status === 206) return response;
    await response.body?.cancel();
    const location = response.headers.get("location");
    if (status >= 300 && status < 400 && location !== null) {
      at = new URL(location, at);
      continue;
    }
    if (status === 429 || status >= 500) throw new Passing(`${at.host} answered ${status}`);
    throw status === 401 || status === 403
      ? refused(at, `it answered ${status}`, "Set HF_TOKEN to a token that may read this dataset.")
      : refused(at, `it answered ${status}`);
  }
  throw refused(at, `more than ${MOST_REDIRECTS} redirects`);
}

function refused(
  url: URL,
  why: string,
  hint = "Check the name of the dataset and HF_ENDPOINT.",
): WorkspaceError {
  return new WorkspaceError({
    code: "source",
    message: `cannot be had from ${url.host}: ${url.pathname}: ${why}`,
    hint,
  });
}

function unreachable({ endpoint }: Hub, cause: unknown): WorkspaceError {
  const detail = cause instanceof Error ? `${cause.message}${causeOf(cause)}` : String(cause);
  return new WorkspaceError(
    {
      code: "source",
      message: `${new URL(endpoint).host} cannot be reached, or is not well`,
      hint: "Run it again when there is a connection: it goes on where it stopped.",
      detail,
    },
    { cause },
  );
}

function causeOf({ cause }: Error): string {
  return cause instanceof Error ? `: ${cause.message}` : "";
}

function longer({ path, bytes }: HubFile): ErrorInfo {
  return {
    code: "source",
    message: `${path} is longer than the ${bytes} bytes that the hub says`,
    hint: "Download it again.",
  };
}

function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(stopped());
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", stop, { once: true });
  });
}

/** Where a file of a snapshot goes in a folder: its last name, which may not lead anywhere else. */
export function placeIn(folder: string, { path }: HubFile): string | null {
  const name = path.split("/").at(-1) ?? "";
  return /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name) ? join(folder, name) : null;
}
