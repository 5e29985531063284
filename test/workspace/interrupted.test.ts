import { spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

import { endOf, temporaryFolder, until } from "../support/karyon.ts";

const ENTRY = fileURLToPath(new URL("../../server/cli/karyon.js", import.meta.url));

test.each([
  ["Ctrl C", "SIGINT"],
  ["the end of a terminal", "SIGHUP"],
] as const)(
  "%s, which reaches every process of a command, leaves nothing half-written",
  async (_what, signal) => {
    const workspace = await temporaryFolder("interrupted");
    const out = join(workspace, "genomes");
    // Of a group of its own, as a shell starts a command.
    const command = spawn(
      process.execPath,
      [
        ENTRY,
        "--workspace",
        workspace,
        "synth",
        "--records",
        "100000000",
        "--out",
        join(out, "large.vcf.gz"),
      ],
      { detached: true, stdio: "pipe", env: { ...process.env, NODE_OPTIONS: "" } },
    );
    const ended = endOf(command);
    await until(async () => (await readdir(out).catch(() => [])).some((name) => name.endsWith(".tmp")));
    if (command.pid !== undefined) process.kill(-command.pid, signal);
    const { code, stderr } = await ended;
    expect([code, stderr]).toEqual([130, expect.stringContaining("karyon: stopped")]);
    expect(await readdir(out)).toEqual([]);
  },
);
