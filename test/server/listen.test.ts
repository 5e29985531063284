import { mkdir } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";

import { expect, onTestFinished, test } from "vitest";

import { runningServer, writeServerFile } from "../../server/cli/server-file.ts";
import { listen } from "../../server/listen.ts";
import type { ListenOptions, Listening } from "../../server/listen.ts";
import { workspacePaths } from "../../server/workspace-paths.ts";
import { freePort } from "../support/free-port.ts";
import { karyon, temporaryFolder } from "../support/karyon.ts";
import { TinyWorkspace } from "./tiny-workspace.ts";

async function start(changes: Partial<ListenOptions> = {}): Promise<Listening> {
  const workspace = new TinyWorkspace();
  onTestFinished(() => workspace.remove());
  const listening = await listen({
    api: workspace,
    page: workspace.folder,
    instance: workspace.folder,
    onDefect: () => {},
    ...changes,
  });
  onTestFinished(() => listening.close());
  return listening;
}

async function taken(host: string, answer: (socket: Socket) => void = () => {}): Promise<number> {
  const server: Server = createServer(answer).listen(0, host);
  onTestFinished(() => {
    server.close();
  });
  await new Promise((resolve) => {
    server.once("listening", resolve);
  });
  return (server.address() as AddressInfo).port;
}

test("each server takes a free port from 4747 up", async () => {
  const first = await start();
  const second = await start();
  expect(first.port).toBeGreaterThanOrEqual(4747);
  // Other servers run beside this test: which ports they have changes meanwhile.
  expect(second.port).toBeGreaterThanOrEqual(4747);
  expect(second.port).not.toBe(first.port);
  expect(first.url).toBe(`http://127.0.0.1:${first.port}/?token=${first.token}`);
});

test.each(["127.0.0.1", "::1"])("a given port that another program has on %s is refused", async (host) => {
  const port = await taken(host);
  await expect(start({ port })).rejects.toMatchObject({
    info: {
      code: "busy",
      message: `port in use: ${port}`,
      hint: expect.stringContaining("--port") as string,
    },
  });
});

test.each([0, -1, 65_536, 1.5, Number.NaN])("%d is no port", async (port) => {
  await expect(start({ port })).rejects.toMatchObject({ info: { code: "usage" } });
});

test("a port is free again when close has settled", async () => {
  const port = await freePort();
  const listening = await start({ port });
  await listening.close();
  expect((await start({ port })).port).toBe(port);
});

test("every start has its own token of 256 bits", async () => {
  const tokens = [(await start()).token, (await start()).token];
  expect(new Set(tokens).size).toBe(2);
  for (const token of tokens) expect(Buffer.from(token, "base64url")).toHaveLength(32);
});

test("who took the port of a server that was killed, and says nothing, is no server", async () => {
  const home = await temporaryFolder("silent");
  writeServerFile(home, { port: await taken("127.0.0.1"), token: "t", pid: process.pid });
  expect(await runningServer(home, 100)).toBeNull();
});

test("who took that port and ends each connection at once is none either: a command does the work itself", async () => {
  const root = await temporaryFolder("closing");
  const { home } = workspacePaths(root, {});
  await mkdir(home);
  const port = await taken("127.0.0.1", (socket) => socket.end());
  writeServerFile(home, { port, token: "t", pid: process.pid });
  const ended = await Promise.all(["log", "log", "log"].map((word) => karyon(root, word)));
  expect(ended.map(({ code }) => code)).toEqual([0, 0, 0]);
});

test.each([{ port: 99_999 }, { token: "two\nlines" }])(
  "a file of a server that cannot be is none: %o",
  async (off) => {
    const home = await temporaryFolder("off");
    writeServerFile(home, { port: 4747, token: "t", pid: process.pid, ...off });
    expect(await runningServer(home, 100)).toBeNull();
  },
);
