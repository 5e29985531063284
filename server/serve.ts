import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

import { WorkspaceError } from "#protocol/error.ts";

import { LocalApi } from "./api.ts";
import { Automation } from "./automation.ts";
import { buildPage } from "./build-page.ts";
import type { Leases } from "./catalog/leases.ts";
import { verbs } from "./cli/index.ts";
import { lastServer, removeServerFile, runningServer, writeServerFile } from "./cli/server-file.ts";
import { addDemo } from "./demo.ts";
import { addDroppedFiles } from "./dropped-files.ts";
import { listen } from "./listen.ts";
import { openWorkspace } from "./open-workspace.ts";
import { PART_FOLDERS } from "./parts-hash.ts";
import { makeFolder } from "./make-folder.ts";
import { ownNotebooks } from "./own-notebooks.ts";
import { newerParts, newerWords } from "./shipped.ts";
import { sweepUploads } from "./uploads.ts";
import { watchFolder } from "./watch-folder.ts";
import type { WorkspacePaths } from "./workspace-paths.ts";

/** For so long a second server waits for one that is about to answer, or to end. */
const PATIENCE_MS = 10_000;
const RETRY_MS = 100;

export interface ServeOptions {
  readonly software: string;
  readonly port?: number | undefined;
  /** Whether an empty workspace gets the demo genome. */
  readonly demo: boolean;
  readonly dev: boolean;
  /** Says something to whoever started the server. */
  readonly notice: (text: string) => void;
}

export interface Serving {
  /** With the token: for the person who started it, and nobody else. */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves a workspace on this machine until it is closed. */
export async function serve(paths: WorkspacePaths, options: ServeOptions): Promise<Serving> {
  await refuseSecond(paths.home);
  const killed = lastServer(paths.home);
  const own = await ownNotebooks(paths);
  const newer = newerWords(await newerParts(own));
  if (newer !== null) options.notice(`Karyon ships newer versions of ${newer}.`);
  // What cannot be made is said before there is anything that would have to be ended.
  await makeFolder(join(paths.input, "users"));
  const [workspace, page] = await Promise.all([openWorkspace(own, options.software), buildPage(options)]);
  const api = new LocalApi(workspace, verbs);
  const { url, close } = await alone(workspace.catalog.leases, paths.home, async () => {
    await sweepUploads(paths.input);
    await workspace.sessions.openAll();
    const listening = await listen({
      api,
      page: page.directory,
      instance: paths.root,
      onDefect: (id, error) =>
        options.notice(
          `internal error ${id}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        ),
      tabs: join(paths.home, "tabs.json"),
      port: options.port,
      // Where the tabs of a server that was killed look for it.
      preferred: killed?.port,
    });
    const { port, token } = listening;
    writeServerFile(paths.home, { port, token, pid: process.pid });
    return listening;
  }).catch(async (error: unknown) => {
    page.close();
    await workspace.close();
    throw error;
  });

  const automation = new Automation(workspace);
  const tell = (error: unknown): void => options.notice(String(error));
  // Makes the folder, which then can be watched.
  await addDroppedFiles(workspace).catch(tell);
  const watchers = [
    watchFolder(own.notebooks, (names) => {
      if (names.some((name) => isNotebook(name))) {
        void workspace.sessions.look().catch(tell);
      }
      if (names.some((name) => isPart(name))) {
        api.definitionsChanged();
        automation.edited();
      }
    }),
    watchFolder(paths.input, (names) => {
      void addDroppedFiles(workspace)
        .catch(tell)
        .then(() => automation.filesChanged(names.map((name) => join(paths.input, name))))
        .catch(tell);
    }),
  ];
  if (options.demo) void addDemo(workspace, options.notice);
  void automation.start().catch(tell);
  // Both kernels are warm before the first click, also when every cell is known.
  for (const role of ["work", "interactive"] as const) void workspace.kernels.get(role).catch(() => null);

  return {
    url,
    async close() {
      await automation.close();
      for (const watcher of watchers) watcher.close();
      page.close();
      removeServerFile(paths.home);
      await close();
      await workspace.close();
    },
  };
}

/** @throws {WorkspaceError} `busy` when another server has the workspace */
async function refuseSecond(home: string): Promise<void> {
  const other = await runningServer(home);
  if (other === null) return;
  throw new WorkspaceError({
    code: "busy",
    message: `this workspace is served already, on port ${other.port}`,
    hint: "Use that one, or stop it, or give another folder with --workspace.",
  });
}

/**
 * Starts what there is one of in a workspace, until its process ends: of one notebook there is one journal. Of two that
 * start at once the second waits, and finds the first.
 *
 * @throws {WorkspaceError} `busy` when another server has the workspace, also one that does not answer
 */
async function alone<Result>(leases: Leases, home: string, start: () => Promise<Result>): Promise<Result> {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  for (;;) {
    if (leases.take("server", process.pid)) return start();
    await refuseSecond(home);
    if (patience.aborted) throw silent(home);
    await wait(RETRY_MS);
  }
}

function silent(home: string): WorkspaceError {
  const pid = lastServer(home)?.pid;
  return new WorkspaceError({
    code: "busy",
    message: `another server has this workspace and does not answer${pid === undefined ? "" : `: process ${pid}`}`,
    hint: "It may be suspended: go on with it by fg in its terminal, or end it.",
  });
}

/** A file of the notebooks folder itself. */
function isNotebook(name: string): boolean {
  return name.endsWith(".md") && !/[/\\]/.test(name);
}

/** Whether a changed path is a file of a module or a report template, or a folder of them: what a cell may read. */
function isPart(name: string): boolean {
  return (PART_FOLDERS.includes(name) || /[/\\]/.test(name)) && !name.endsWith(".tmp");
}
