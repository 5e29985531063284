/** An exported notebook for tests: made by the command, taken apart, and opened in a browser without a network. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";

import { tableFromIPC } from "apache-arrow";
import type { Table } from "apache-arrow";
import type { Page } from "playwright-core";
import { onTestFinished } from "vitest";

import type { ExportedNotebook, ExportedTable } from "#protocol/exported.ts";

import { openContext } from "../support/chromium.ts";
import { karyon, karyonJson, temporaryFolder } from "../support/karyon.ts";

/** A workspace with one notebook, `it.md`, trusted as one that was written here, whose assets are made. */
export async function workspaceWith(notebook: string, made: readonly string[]): Promise<string> {
  const workspace = await temporaryFolder("export");
  await mkdir(`${workspace}/notebooks`);
  await writeFile(`${workspace}/notebooks/it.md`, notebook);
  const commands = [
    ["notebook", "trust", "it.md"],
    ...made.map((asset) => ["asset", "materialize", "--select", asset]),
  ];
  for (const words of commands) {
    const { code, stderr } = await karyon(workspace, ...words);
    if (code !== 0) throw new Error(stderr);
  }
  return workspace;
}

export interface ExportedFile {
  readonly path: string;
  readonly text: string;
  readonly notebook: ExportedNotebook;
}

export async function exported(workspace: string, ...words: readonly string[]): Promise<ExportedFile> {
  const out = `${workspace}/out-${Math.random().toString(36).slice(2)}.html`;
  const result = await karyonJson<{ error?: unknown }>(
    workspace,
    "notebook",
    "export",
    "it.md",
    "--out",
    out,
    ...words,
  );
  if (result.error !== undefined) throw new Error(JSON.stringify(result.error));
  const text = await readFile(out, "utf8");
  return { path: out, text, notebook: notebookIn(text) };
}

export function notebookIn(text: string): ExportedNotebook {
  const json = /<script type="application\/json" id="karyon-notebook">([^<]*)<\/script>/.exec(text)?.[1];
  return JSON.parse(json ?? "") as ExportedNotebook;
}

/** Bytes of a block as they were before they were packed. */
export function blockIn(text: string, id: string): Buffer {
  const packed = new RegExp(`id="${id}">([^<]*)</script>`).exec(text)?.[1];
  return gunzipSync(Buffer.from(packed ?? "", "base64"));
}

export function tableIn(text: string, table: ExportedTable | undefined): Table {
  return tableFromIPC((table?.blocks ?? []).map(({ id }) => blockIn(text, id))[0]);
}

export interface Opened {
  readonly page: Page;
  /** Every address that was asked for but the file itself and what it makes in its own memory. */
  readonly requests: string[];
  readonly problems: string[];
  /** What the browser itself found fault with, as its policy stopped something. */
  readonly complaints: string[];
}

/** Opens a file from disk in a browser whose every request is logged, and refused. */
export async function opened(path: string): Promise<Opened> {
  const context = await openContext({ viewport: { width: 1280, height: 900 } });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const requests: string[] = [];
  const problems: string[] = [];
  const complaints: string[] = [];
  context.on("request", (request) => {
    if (request.url() !== `file://${path}` && !/^(?:blob|data):/.test(request.url())) {
      requests.push(request.url());
    }
  });
  // What the policy of the file stops is asked of nobody, though it is told of as a request.
  context.on("requestfailed", (request) => {
    if (request.failure()?.errorText !== "csp") return;
    const at = requests.indexOf(request.url());
    if (at >= 0) requests.splice(at, 1);
  });
  await context.route(
    (url) => !/^(?:file|blob|data):$/.test(url.protocol),
    (route) => route.abort(),
  );
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("dialog", (dialog) => {
    problems.push(dialog.message());
    void dialog.dismiss();
  });
  await page.goto(`file://${path}`);
  return { page, requests, problems, complaints };
}
