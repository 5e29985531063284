import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { beforeAll, expect, onTestFinished, test } from "vitest";

import type { RunView } from "#protocol/view.ts";

import {
  addressOf,
  childrenOf,
  endOf,
  karyon,
  karyonJson,
  startKaryon,
  temporaryFolder,
  until,
} from "../support/karyon.ts";
import { startServer } from "../support/server.ts";

const NOTEBOOK = `# Scripts

\`\`\`ts numbers kernel
console.log("counting");
return [{n: 1}, {n: 2}] as {n: number}[];
\`\`\`

\`\`\`js doubled kernel
(await numbers.rows()).map(({n}) => ({n: n * 2}))
\`\`\`

\`\`\`js endless kernel
while (true) {}
\`\`\`
`;

let workspace: string;
let notebook: string;

beforeAll(async () => {
  workspace = await temporaryFolder("script");
  notebook = join(workspace, "notebooks", "it.md");
  await mkdir(join(workspace, "notebooks"), { recursive: true });
  await writeFile(notebook, NOTEBOOK);
});

const make = (asset: string): ReturnType<typeof karyon> =>
  karyon(workspace, "asset", "materialize", "--select", asset);

test("a script of a notebook that is not trusted does not run, by whatever way", async () => {
  const { code, stderr } = await make("doubled");
  expect(code).toBe(1);
  expect(stderr).toContain("not trusted");
});

test("a trusted one is made with what it reads, and again only when its meaning changed", async () => {
  await karyon(workspace, "notebook", "trust", "it.md");
  expect((await make("doubled")).code).toBe(0);
  const run = await karyonJson<RunView>(workspace, "run", "show", "1");
  expect(run.steps.map(({ asset, state }) => `${asset} ${state}`)).toEqual(["numbers done", "doubled done"]);
  await writeFile(notebook, NOTEBOOK.replace("return [{n: 1}", "// one\n  return [ {n: 1}"));
  await karyon(workspace, "notebook", "trust", "it.md");
  expect((await karyonJson<{ status: object }>(workspace, "why", "doubled")).status).toEqual({
    state: "fresh",
  });
});

test("one that never ends is stopped with its process, and leaves nothing", async () => {
  const child = startKaryon(workspace, "asset", "materialize", "--select", "endless");
  let said = "";
  child.stderr?.on("data", (text: string) => (said += text));
  const ended = endOf(child);
  await until(() => said.includes("running the script"));
  child.kill("SIGINT");
  expect((await ended).code).toBe(130);
  expect((await karyonJson<{ status: object }>(workspace, "why", "endless")).status).toMatchObject({
    state: "missing",
  });
});

test("one that never ends goes with its server when that is killed", async () => {
  const server = startServer(workspace);
  const gone = endOf(server);
  await addressOf(server);
  const child = startKaryon(workspace, "asset", "materialize", "--select", "endless");
  let said = "";
  child.stderr?.on("data", (text: string) => (said += text));
  const asked = endOf(child);
  await until(() => said.includes("running the script"));
  const kernels = await childrenOf(server);
  // Where there is no /proc nothing says which they are.
  if (process.platform === "linux") expect(kernels).not.toEqual([]);
  onTestFinished(() => {
    for (const kernel of kernels) if (isAlive(kernel)) process.kill(kernel, "SIGKILL");
  });
  server.kill("SIGKILL");
  await Promise.all([gone, asked]);
  await until(() => !kernels.some((kernel) => isAlive(kernel)));
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
