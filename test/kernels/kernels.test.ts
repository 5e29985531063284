import { spawn } from "node:child_process";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";

import type { KernelSettings, LiveQuery } from "#protocol/kernel-messages.ts";

import { duckdb } from "../../kernel/engines/duckdb.ts";
import { kernelMemory, kernelThreads, runsAtOnce } from "../../kernel/memory.ts";
import { died } from "../../server/kernels/kernel-death.ts";
import { endOf } from "../../server/kernels/kernel-process.ts";
import { Kernels } from "../../server/kernels/kernels.ts";
import { temporaryFolder, until } from "../support/karyon.ts";

/** Its query would take hours. */
const ENDLESS: LiveQuery = {
  cells: [
    {
      name: "endless",
      source: "select count(*) as n from range(1000000000000) a(i)",
      attributes: {},
      values: [],
    },
  ],
  tables: {},
  limit: 10,
};
const QUICK: LiveQuery = {
  ...ENDLESS,
  cells: [{ name: "quick", source: "select 1 as n", attributes: {}, values: [] }],
};

let folder: string;
let kernels: Kernels;

function settings(capBytes: number | null = null): KernelSettings {
  return {
    software: "karyon test",
    build: null,
    notebooks: folder,
    objects: join(folder, "objects"),
    cache: join(folder, "cache"),
    spill: join(folder, "spill"),
    memoryBytes: null,
    capBytes,
    threads: 1,
  };
}

beforeEach(async () => {
  folder = await temporaryFolder("kernels");
  kernels = new Kernels(settings());
});

afterEach(async () => {
  await kernels.close();
  await rm(folder, { recursive: true, force: true });
});

/** Settles when the query has ended, with what it failed with. */
async function ask(notebook: string, query: LiveQuery, signal?: AbortSignal): Promise<unknown> {
  const kernel = await kernels.notebook(notebook);
  try {
    const messages = kernel.query(query, signal ?? new AbortController().signal);
    for (let next = await messages.next(); next.done !== true; next = await messages.next());
    return null;
  } catch (error) {
    return error;
  }
}

async function busy(notebook: string): Promise<void> {
  await until(() => kernels.view(notebook).state === "busy");
}

test("a kernel that cannot start is off, and says why", async () => {
  kernels = new Kernels({ ...settings(), build: "of another Karyon" });
  const told: string[] = [];
  kernels.onChange((notebook) => told.push(kernels.view(notebook).state));
  await expect(kernels.notebook("a.md")).rejects.toThrow("updated");
  expect(kernels.view("a.md")).toMatchObject({
    state: "off",
    death: { message: expect.stringContaining("updated") as string },
  });
  expect(told).toEqual(["starting", "off"]);
});

test("a kernel that comes to hold too much is ended, and says how much of what", async () => {
  // No kernel fits into this.
  kernels = new Kernels(settings(30e6));
  const told: string[] = [];
  kernels.onChange((notebook) => told.push(kernels.view(notebook).state));
  expect(await ask("a.md", ENDLESS)).toMatchObject({
    kind: "memory",
    info: {
      code: "killed",
      message: expect.stringMatching(/^out of memory: the kernel held \d+ MB of 30 MB$/),
    },
  });
  expect(kernels.view("a.md")).toMatchObject({ state: "off", death: { code: "killed" } });
  expect(told).toEqual(expect.arrayContaining(["starting", "busy", "off"]));
});

test.each([
  ["SIGKILL", "the kernel was killed from outside (SIGKILL)"],
  ["SIGSEGV", "the kernel crashed (SIGSEGV)"],
] as const)(
  "a kernel that dies by %s says so, and the next question starts another",
  async (signal, message) => {
    const answer = ask("a.md", ENDLESS);
    await busy("a.md");
    const { pid } = await kernels.notebook("a.md");
    process.kill(pid ?? 0, signal);
    expect(await answer).toMatchObject({ kind: "lost", info: { code: "killed", message } });
    expect(kernels.view("a.md").death?.message).toBe(message);
    expect(await ask("a.md", QUICK)).toBeNull();
    expect(kernels.view("a.md").death).toBeNull();
  },
);

test.runIf(process.platform !== "win32")(
  "what a process said last is read, also when it comes after its end",
  async () => {
    const child = spawn("sh", ["-c", "{ sleep 0.2; echo heap out of memory >&2; } & exit 134"], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    let words = "";
    child.stderr.on("data", (text: Buffer) => (words += text.toString()));
    const { code, signal } = await endOf(child);
    expect(died(code, signal, words).kind).toBe("memory");
  },
);

test.runIf(process.platform !== "win32")(
  "whoever a process leaves behind keeps nobody waiting for its end",
  async () => {
    const child = spawn("sh", ["-c", "sleep 60 & echo $!; exit 7"], { stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.on("data", (pid: Buffer) => onTestFinished(() => void process.kill(Number(pid))));
    expect(await endOf(child)).toEqual({ code: 7, signal: null });
  },
);

test("a kernel of another build than who starts it is refused, and gone", async () => {
  kernels = new Kernels({ ...settings(), build: "of before an update" });
  await expect(kernels.notebook("a.md")).rejects.toMatchObject({
    info: { code: "asset", message: "Karyon was updated after this was started" },
  });
  await kernels.close();
  expect(await readdir(join(folder, "spill")).catch(() => [])).toEqual([]);
});

test("a kernel that is ended leaves nothing of what it spilled", async () => {
  const spilled = (): Promise<string[]> => readdir(join(folder, "spill"));
  expect(await ask("a.md", QUICK)).toBeNull();
  const { pid } = await kernels.notebook("a.md");
  expect(await spilled()).toContainEqual(expect.stringContaining(`-${pid}-`));
  await kernels.kill("a.md");
  expect(await spilled()).not.toContainEqual(expect.stringContaining(`-${pid}-`));
  expect(await ask("a.md", QUICK)).toBeNull();
  await kernels.close();
  expect(await spilled()).toEqual([]);
});

test("a restart ends what a notebook computes, and nothing of another", async () => {
  const here = ask("a.md", ENDLESS);
  const stop = new AbortController();
  const there = ask("b.md", ENDLESS, stop.signal);
  await Promise.all([busy("a.md"), busy("b.md")]);
  const before = (await kernels.notebook("a.md")).pid;
  await kernels.restart("a.md");
  expect(await here).toMatchObject({ kind: "asked", info: { message: "the kernel was restarted" } });
  expect((await kernels.notebook("a.md")).pid).not.toBe(before);
  expect(kernels.view("a.md")).toMatchObject({ state: "idle", death: null });
  expect(kernels.view("b.md").state).toBe("busy");
  stop.abort();
  await there;
});

test("a kernel that is ended to stop what nothing interrupts has not died", async () => {
  const numbers = join(folder, "numbers.parquet");
  const connection = await duckdb.open({ spillDirectory: join(folder, "spill") });
  await connection.sink("select i::integer as n from range(20000) a(i)", numbers);
  connection.close();
  const others = "cross join (select n as m from numbers) as b cross join (select n as o from numbers) as c";
  const source = `select sum(n + m * o) as s from numbers as a ${others}`;
  const cell = { name: "endless", source, attributes: { engine: "polars" }, values: [] };
  const stop = new AbortController();
  const answer = ask("a.md", { cells: [cell], tables: { numbers }, limit: 10 }, stop.signal);
  const kernel = await kernels.notebook("a.md");
  // Before Polars begins it would stop by itself.
  await until(() => (kernel.heldBytes ?? 0) > 300e6);
  const other = new AbortController();
  const beside = kernels.stream("a.md", (one) => one.query(ENDLESS, other.signal)).next();
  await until(() => kernel.working === 2);
  stop.abort();
  expect(await answer).toMatchObject({ kind: "unstoppable", info: { message: /ended to stop/ } });
  expect(kernels.view("a.md").death).toBeNull();
  // What was asked beside it is asked of the next.
  await until(() => kernels.view("a.md").state === "busy");
  expect((await kernels.notebook("a.md")).working).toBe(1);
  other.abort();
  await expect(beside).rejects.toMatchObject({ info: { code: "cancelled" } });
  expect(await ask("a.md", QUICK)).toBeNull();
});

test("an interrupt stops what a kernel computes, and the kernel lives on", async () => {
  const answers = [ask("a.md", ENDLESS), ask("a.md", ENDLESS)];
  await busy("a.md");
  const { pid } = await kernels.notebook("a.md");
  kernels.interrupt("a.md");
  for (const answer of answers) expect(await answer).toMatchObject({ info: { code: "cancelled" } });
  expect((await kernels.notebook("a.md")).pid).toBe(pid);
});

test("queries that are overtaken stop in the engine: of a hundred, one is left", async () => {
  const kernel = await kernels.notebook("a.md");
  const answers: Promise<unknown>[] = [];
  let last = new AbortController();
  for (let count = 0; count < 100; count++) {
    last.abort();
    last = new AbortController();
    answers.push(ask("a.md", ENDLESS, last.signal));
    await Promise.resolve();
  }
  await Promise.all(answers.slice(0, -1));
  expect(kernel.working).toBe(1);
  last.abort();
  await Promise.all(answers);
  expect([kernel.working, kernel.alive]).toEqual([0, true]);
});

test("a notebook's kernel that nobody asks ends after a while; the one that makes assets stays", async () => {
  kernels = new Kernels(settings(), 50);
  await kernels.get("work");
  expect(await ask("a.md", QUICK)).toBeNull();
  await until(() => kernels.view("a.md").state === "off");
  expect(kernels.view("a.md").death).toBeNull();
  expect((await kernels.get("work")).alive).toBe(true);
});

test("the kernel that makes assets is there again before it is asked for", async () => {
  const first = await kernels.get("work");
  first.kill();
  await until(() => !first.alive);
  const second = await kernels.get("work");
  expect([second.alive, second.pid === first.pid]).toEqual([true, false]);
});

test.each([
  ["FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory", "memory"],
  ["terminate called after throwing an instance of 'std::bad_alloc'", "memory"],
  ["memory allocation of 8589934592 bytes failed", "memory"],
  ["free(): invalid pointer", "lost"],
])("a kernel that aborts with %s is %s", (words, kind) => {
  const death = died(null, "SIGABRT", words);
  expect(death.kind).toBe(kind);
  expect(death.info.message).toMatch(/the kernel crashed \(SIGABRT\)$/);
});

const NOTHING_SET = { capBytes: null, memoryBytes: null, threads: null };

describe("how many kernels make assets at once", () => {
  const machine = { totalBytes: 64e9, engineBytes: 48e9, threads: 16 };

  test.each([
    ["four on a large machine", {}, {}, 4],
    ["one for each processor of a small one", {}, { threads: 2 }, 2],
    ["no more than there are threads for", { threads: 1 }, {}, 1],
    ["one where two would spill", {}, { totalBytes: 4e9, engineBytes: 3e9 }, 1],
    ["one where others hold the memory", {}, { engineBytes: 1e9 }, 1],
    ["as many as are said", { runsAtOnce: 7 }, {}, 7],
    ["as many as fit with what each may hold", { capBytes: 15e9 }, {}, 2],
    ["as many as fit with what each of their engines may hold", { memoryBytes: 16e9 }, {}, 1],
  ])("is %s", (_what, given, part, runs) => {
    expect(runsAtOnce({ ...NOTHING_SET, runsAtOnce: null, ...given }, { ...machine, ...part })).toBe(runs);
  });

  test("is said by the first, and each has its share", () => {
    const shared = { ...NOTHING_SET, runsAtOnce: 4 };
    expect(kernelMemory(shared, machine)).toEqual({ capBytes: 9.6e9, engineBytes: 7.68e9 });
    expect(kernelMemory({ ...shared, capBytes: 20e9 }, machine).capBytes).toBe(20e9);
    expect(kernelMemory(shared, { ...machine, engineBytes: 8e9 }).engineBytes).toBe(2e9);
  });
});

describe("the memory of a kernel", () => {
  const machine = { totalBytes: 10e9, engineBytes: 7.5e9, threads: 8 };

  test.each([
    ["three fifths of the machine, its engine four fifths of that", {}, 6e9, 4.8e9],
    ["as much as is said, its engine less", { capBytes: 1e9 }, 1e9, 0.8e9],
    ["as much as its engine is given and some more", { memoryBytes: 8e9 }, 10e9, 8e9],
    ["never less for the engine than is said, while it fits", { capBytes: 2e9, memoryBytes: 1e9 }, 2e9, 1e9],
    ["no more for the engine than fits", { capBytes: 1e9, memoryBytes: 2e9 }, 1e9, 0.8e9],
  ])("is %s", (_what, given, capBytes, engineBytes) => {
    expect(kernelMemory({ ...NOTHING_SET, ...given }, machine)).toEqual({
      capBytes,
      engineBytes,
    });
  });

  test.each([
    ["as before, when the engine itself had none left, with a quarter of the threads", "threads", 4.8e9, 2],
    ["half for the engine, when the kernel held too much, with as few threads", "memory", 2.4e9, 2],
  ] as const)("is, for what did not fit, %s", (_what, sparing, engineBytes, threads) => {
    const settingsOf = { ...NOTHING_SET, sparing };
    expect(kernelMemory(settingsOf, machine)).toEqual({ capBytes: 6e9, engineBytes });
    expect(kernelThreads(settingsOf, 8)).toBe(threads);
    expect(kernelThreads({ ...settingsOf, threads: 1 }, 8)).toBe(1);
  });

  test("leaves an engine on a full machine what is free", () => {
    const full = { ...machine, engineBytes: 1e9 };
    expect(kernelMemory(NOTHING_SET, full).engineBytes).toBe(1e9);
  });
});

test("what a cell is made of holds the code that carries it out", async () => {
  const kernel = await kernels.notebook("a.md");
  const cells = [
    { name: "query", language: "sql", attributes: { asset: "" }, source: "select 1 as n" },
    { name: "all", language: "yaml", attributes: { modules: "" }, source: "{}" },
  ];
  const reply = await kernel.request({ type: "analyse", cells, modules: [] });
  const code =
    reply !== null && "analyses" in reply ? reply.analyses.map(({ parts }) => parts["karyon"]) : [];
  const version: unknown = expect.stringMatching(/^test\+[0-9a-f]{12}$/);
  expect(code).toEqual([version, version]);
  expect(code[0]).not.toBe(code[1]);
});
