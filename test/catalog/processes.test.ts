import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { expect, onTestFinished, test } from "vitest";

import { Processes } from "../../server/catalog/processes.ts";
import { temporaryFolder } from "../support/karyon.ts";

const SWEEPER = fileURLToPath(new URL("sweeping-process.ts", import.meta.url));

test("who joins while others sweep is there, and stays", { timeout: 60_000 }, async () => {
  const folder = await temporaryFolder("processes");
  for (let number = 0; number < 2; number++) {
    const sweeper = spawn(process.execPath, ["--import", "tsx", SWEEPER, folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(() => void sweeper.kill("SIGKILL"));
    await once(sweeper.stdout, "data");
  }
  for (let round = 0; round < 1_000; round++) {
    const processes = new Processes(folder);
    const id = processes.join();
    // As long as it takes to remove what was looked at before.
    for (const until = performance.now() + 1; performance.now() < until;);
    expect(new Processes(folder).lives(id)).toBe(true);
    processes.close();
    // Neither its file, nor a journal of who looked at it.
    expect(readdirSync(folder)).toEqual([]);
  }
});
