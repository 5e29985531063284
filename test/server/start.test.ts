import { rm } from "node:fs/promises";

import { expect, onTestFinished, test } from "vitest";

import { start } from "../../server/cli/start.ts";
import { runningServer } from "../../server/cli/server-file.ts";
import { workspacePaths } from "../../server/workspace-paths.ts";
import { temporaryFolder } from "../support/karyon.ts";

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
