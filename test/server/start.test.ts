import { rm, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { start } from "../../server/cli/start.ts";
import { runningServer } from "../../server/cli/server-file.ts";
import { serve } from "../../server/serve.ts";
import { workspacePaths } from "../../server/workspace-paths.ts";
import { temporaryFolder, until } from "../support/karyon.ts";

test.each([
  ["before it starts", (stop: () => void, run: () => Promise<void>) => (stop(), run())],
  [
    "while it starts",
    (stop: () => void, run: () => Promise<void>) => {
      const running = run();
      stop();
      return running;
    },
  ],
])("a server that is asked to stop %s stops", async (_when, act) => {
  const workspace = await temporaryFolder("start");
  onTestFinished(() => rm(workspace, { recursive: true }));
  const asked = new AbortController();
  const options = { workspace, open: false, demo: false };
  await act(
    () => asked.abort(),
    () => start(options, asked.signal),
  );
  expect(await runningServer(workspacePaths(workspace).home)).toBeNull();
});

test("an input folder that cannot be looked at is told of, and ends no server", async () => {
  const workspace = await temporaryFolder("start");
  onTestFinished(() => rm(workspace, { recursive: true }));
  const paths = workspacePaths(workspace);
  const notices: string[] = [];
  const options = { software: "karyon test", demo: false, dev: false };
  const server = await serve(paths, { ...options, notice: (text) => void notices.push(text) });
  try {
    const users = join(paths.input, "users");
    await rmdir(users);
    await writeFile(users, "no folder");
    await until(() => notices.some((text) => text.includes(`not a folder: ${users}`)));
    expect(await runningServer(paths.home)).not.toBeNull();
  } finally {
    await server.close();
  }
});
