import { join } from "node:path";

import { LocalApi } from "./api.ts";
import { Automation } from "./automation.ts";
import { buildPage } from "./build-page.ts";
import { verbs } from "./cli/index.ts";
import { lastServer, removeServerFile, runningServer, writeServerFile } from "./cli/server-file.ts";
import { addDemo } from "./demo.ts";
import { addDroppedFiles } from "./dropped-files.ts";
import { listen } from "./listen.ts";
import { openWorkspace } from "./open-workspace.ts";
import { PART_FOLDERS } from "./parts-hash.ts";
import { makeFolder } from "./make-folder.ts";
import { ownNotebooks } from "./own-notebooks.ts";
import { sweepUploads } from "./uploads.ts";
import { watchFolder } from "./watch-folder.ts";
import type { WorkspacePaths } from "./workspace-paths.ts";
import { WorkspaceError } from "#protocol/error.ts";

export interface ServeOptions {
  readonly software: string;
  readonly port?: number;
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
  const other = await runningServer(paths.home);
  if (other !== null) {
    throw new WorkspaceError({
      code: "busy",
      message: `this workspace is served already, on port ${other.port}`,
      hint: "Use that one, or stop it, or give another folder with --workspace.",
    });
  }
  const killed = lastServer(paths.home);
  const own = await ownNotebooks(paths);
  // What cannot be made is said before there is anything that would have to be ended.
  await makeFolder(join(paths.input, "users"));
  await sweepUploads(paths.input);
  const [workspace, page] = await Promise.all([openWorkspace(own, options.software), buildPage(options)]);
  await workspace.sessions.openAll();
  const api = new LocalApi(workspace, verbs);
  const { url, port, token, close } = await listen({
    api,
    page: page.directory,
    instance: paths.root,
    onDefect: (id, error) =>
      options.notice(
        `internal error ${id}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      ),
    tabs: join(paths.home, "tabs.json"),
    ...(options.port === undefined ? {} : { port: options.port }),
    // Where the tabs of a server that was killed look for it.
    ...(killed === null ? {} : { preferred: killed.port }),
  });
  writeServerFile(paths.home, { port, token, pid: process.pid });

  const automation = new Automation(workspace);
  // Makes the folder, which then can be watched.
  await addDroppedFiles(workspace);
  const watchers = [
    watchFolder(own.notebooks, (names) => {
      if (names.some((name) => isNotebook(name))) {
        void workspace.sessions.look().catch((error: unknown) => options.notice(String(error)));
      }
      if (names.some((name) => isPart(name))) {
        api.definitionsChanged();
        automation.edited();
      }
    }),
    watchFolder(paths.input, () => {
      void addDroppedFiles(workspace).catch((error: unknown) => options.notice(String(error)));
    }),
  ];
  if (options.demo) void addDemo(workspace, options.notice);
  void automation.start().catch((error: unknown) => options.notice(String(error)));
  // Both kernels are warm before the first click, also when every cell is known.
  for (const role of ["work", "interactive"] as const) void workspace.kernels.get(role).catch(() => null);

  return {
    url,
    async close() {
      automation.close();
      for (const watcher of watchers) watcher.close();
      page.close();
      removeServerFile(paths.home);
      await close();
      await workspace.close();
    },
  };
}

/** A file of the notebooks folder itself. */
function isNotebook(name: string): boolean {
  return name.endsWith(".md") && !/[/\\]/.test(name);
}

/** A file of a module or a report template, or a folder of them that is another: what a cell may read. */
function isPart(name: string): boolean {
  return (PART_FOLDERS.includes(name) || /[/\\]/.test(name)) && !name.endsWith(".tmp");
}
