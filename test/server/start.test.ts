import { mkdir, readdir, rm, rmdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { start } from "../../server/cli/start.ts";
import { lastServer, runningServer } from "../../server/cli/server-file.ts";
import { serve } from "../../server/serve.ts";
import { workspacePaths } from "../../server/workspace-paths.ts";
import { addressOf, endOf, startKaryon, temporaryFolder, until } from "../support/karyon.ts";
import { startServer } from "../support/server.ts";

const QUIET = { software: "karyon test", demo: false, dev: false };

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

test("of two servers that start at once over one workspace one serves it", async () => {
  const workspace = await temporaryFolder("start");
  onTestFinished(() => rm(workspace, { recursive: true }));
  const addresses = [startServer(workspace), startServer(workspace)].map((server) => addressOf(server));
  const ended = await Promise.allSettled(addresses);
  expect(ended.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  const refused = ended.find(({ status }) => status === "rejected");
  expect(refused).toMatchObject({
    reason: { message: expect.stringContaining("is served already") as string },
  });
});

test("beside a server that is suspended no second one serves the workspace", async () => {
  const workspace = await temporaryFolder("start");
  onTestFinished(() => rm(workspace, { recursive: true }));
  const first = startServer(workspace);
  await addressOf(first);
  first.kill("SIGSTOP");
  try {
    const second = serve(workspacePaths(workspace), { ...QUIET, notice: () => {} });
    await expect(second).rejects.toThrow(`has this workspace and does not answer: process ${first.pid}`);
  } finally {
    first.kill("SIGCONT");
  }
});

test("a server whose terminal is closed ends as one that is asked to", async () => {
  const workspace = await temporaryFolder("start");
  onTestFinished(() => rm(workspace, { recursive: true }));
  const server = startServer(workspace);
  const ended = endOf(server);
  await addressOf(server);
  server.kill("SIGHUP");
  expect((await ended).code).toBe(130);
  expect(lastServer(workspacePaths(workspace).home)).toBeNull();
});

test("who waits for a server that is suspended is told, and goes on waiting", async () => {
  const workspace = await temporaryFolder("start");
  onTestFinished(() => rm(workspace, { recursive: true }));
  const server = startServer(workspace);
  await addressOf(server);
  const made = startKaryon(
    workspace,
    "synth",
    "--records",
    "3000000",
    "--out",
    join(workspace, "large.vcf.gz"),
  );
  const ended = endOf(made);
  let said = "";
  made.stderr?.on("data", (text: string) => (said += text));
  await until(() => said !== "");
  server.kill("SIGSTOP");
  await until(() => said.includes(`the server does not answer: process ${server.pid}`));
  server.kill("SIGCONT");
  expect((await ended).code).toBe(0);
});

test("what had arrived of a file when a server was killed is gone when the next one starts", async () => {
  const workspace = await temporaryFolder("start");
  onTestFinished(() => rm(workspace, { recursive: true }));
  const paths = workspacePaths(workspace);
  const folder = join(paths.input, "users", "anna");
  await mkdir(join(folder, ".upload-1"), { recursive: true });
  await writeFile(join(folder, ".upload-1", "genome.vcf"), "half of it");
  await writeFile(join(folder, "whole.vcf"), "");
  const server = await serve(paths, { ...QUIET, notice: () => {} });
  await server.close();
  expect(await readdir(folder)).toEqual(["whole.vcf"]);
});

test.runIf(process.platform === "linux")(
  "a file of the input folder that cannot be read is told of, and keeps no server from starting",
  async () => {
    const workspace = await temporaryFolder("start");
    onTestFinished(() => rm(workspace, { recursive: true }));
    const paths = workspacePaths(workspace);
    const folder = join(paths.input, "users", "anna");
    await mkdir(folder, { recursive: true });
    // A file whose bytes the system does not give.
    await symlink("/proc/self/mem", join(folder, "genome.txt"));
    const notices: string[] = [];
    const server = await serve(paths, { ...QUIET, notice: (text) => void notices.push(text) });
    await server.close();
    expect(notices.join()).toContain(`${join(folder, "genome.txt")}: the disk fails`);
  },
);

test("an input folder that cannot be looked at is told of, and ends no server", async () => {
  const workspace = await temporaryFolder("start");
  onTestFinished(() => rm(workspace, { recursive: true }));
  const paths = workspacePaths(workspace);
  const notices: string[] = [];
  const server = await serve(paths, { ...QUIET, notice: (text) => void notices.push(text) });
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
