import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";

import { expect, test } from "vitest";

import { measure, treeBytes } from "./measure.ts";

const hasProc = existsSync("/proc/self/status");

/** A program that holds 64 MiB of its own, and says so. */
const HOLDER = 'globalThis.held = Buffer.alloc(64 * 2 ** 20, 1); process.stdout.write("held");';

test("a program that is not installed is missing, not fast", async () => {
  expect(await measure("no-such-program-of-karyon", [], { keepOutput: false })).toEqual({ missing: true });
});

test("exit code, output and the end of standard error are kept", async () => {
  const script = 'process.stdout.write("out"); process.stderr.write("no such file"); process.exitCode = 3;';
  const measured = await measure(process.execPath, ["-e", script], { keepOutput: true });
  expect(measured).toMatchObject({ exitCode: 3, output: "out", complaint: "no such file" });
});

test.runIf(hasProc)("memory of a child of the child counts", async () => {
  const script = `const { spawn } = require("node:child_process");
    const child = spawn(process.execPath, ["-e", ${JSON.stringify(`${HOLDER} setInterval(() => {}, 1000);`)}]);
    child.stdout.once("data", () => process.stdout.write(String(child.pid)));
    process.stdin.once("data", () => { child.kill(); process.exit(); });`;
  const parent = spawn(process.execPath, ["-e", script], { stdio: ["pipe", "pipe", "inherit"] });
  const [pid] = await once(parent.stdout, "data");
  const child = treeBytes(Number(pid)) ?? 0;
  expect(child).toBeGreaterThan(64 * 2 ** 20);
  expect(treeBytes(parent.pid ?? 0)).toBeGreaterThan(child);
  parent.stdin.end("stop");
  await once(parent, "exit");
});
