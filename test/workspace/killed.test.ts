import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

import { beforeAll, beforeEach, expect, test } from "vitest";

import type { RunView } from "#protocol/view.ts";

import type { AnnotateResult } from "../../server/cli/annotate-result.ts";
import {
  addressOf,
  endOf,
  karyon,
  karyonJson,
  startKaryon,
  temporaryFolder,
  until,
} from "../support/karyon.ts";
import { startServer } from "../support/server.ts";

let workspace: string;
let genome: string;

beforeAll(async () => {
  const folder = await temporaryFolder("genome");
  genome = join(folder, "genome.vcf.gz");
  await karyon(folder, "synth", "--records", "150000", "--seed", "5", "--out", genome);
});
beforeEach(async () => {
  workspace = await temporaryFolder("killed");
});

/** Whether the variants are being read: the step is staged, and nothing of it is kept. */
const reading = (): boolean =>
  existsSync(join(workspace, ".karyon/staging")) &&
  existsSync(join(workspace, ".karyon/staging/1-user_vcf_normalized"));

/** Folders of the work of reading, of kernels that are there or were. */
function ofReading(): string[] {
  const spill = join(workspace, ".karyon/spill");
  return existsSync(spill) ? readdirSync(spill).filter((name) => name.startsWith("vcf-")) : [];
}

async function everyObject(): Promise<{ name: string; hash: string }[]> {
  const objects = join(workspace, ".karyon/objects");
  const folders = await readdir(objects).catch(() => []);
  const files = await Promise.all(
    folders.map(async (folder) => (await readdir(join(objects, folder))).map((file) => join(folder, file))),
  );
  return Promise.all(
    files.flat().map(async (file) => ({
      name: file.replace(/[/\\]/, ""),
      hash: createHash("sha256")
        .update(await readFile(join(objects, file)))
        .digest("hex"),
    })),
  );
}

test("a run that is killed leaves nothing half-written, is called interrupted, and can be run again", async () => {
  const child = startKaryon(workspace, "annotate", genome, "-u", "anna");
  const ended = endOf(child);
  await until(() => ofReading().length > 0);
  child.kill("SIGKILL");
  await ended;

  expect(existsSync(join(workspace, "data/output/users/anna/genome/user_vcf_normalized.parquet"))).toBe(
    false,
  );
  for (const { name, hash } of await everyObject()) expect(hash).toBe(name);
  const why = await karyonJson<{ status: { state: string } }>(
    workspace,
    "why",
    "user_vcf_normalized",
    "anna/genome",
  );
  expect(why.status.state).not.toBe("fresh");

  expect((await karyonJson<RunView>(workspace, "run", "show", "1")).state).toBe("interrupted");
  expect(await readdir(join(workspace, ".karyon/staging"))).toEqual([]);

  const again = await karyonJson<AnnotateResult>(workspace, "annotate", genome, "-u", "anna");
  expect(again).toMatchObject({ state: "done", records: { read: 150_000 } });
  expect(ofReading()).toEqual([]);
});

test("a kernel that dies under a step is replaced, and the step is made", async () => {
  const child = startKaryon(workspace, "--json", "annotate", genome, "-u", "anna");
  const ended = endOf(child);
  await until(reading);
  const children = await readFile(`/proc/${child.pid}/task/${child.pid}/children`, "utf8").catch(() => null);
  // Without /proc there is no portable way to find the kernel's process.
  if (children === null) return void child.kill();
  let killed = 0;
  for (const pid of children.trim().split(/\s+/)) {
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (command.includes("kernel/kernel.js")) killed += Number(process.kill(Number(pid), "SIGKILL"));
  }
  expect(killed).toBeGreaterThan(0);
  const { code, stdout } = await ended;
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ state: "done", records: { read: 150_000 } });
});

test("an interrupted command stops its work, writes that down, and exits with 130", async () => {
  const child = startKaryon(workspace, "annotate", genome, "-u", "anna");
  const ended = endOf(child);
  await until(reading);
  child.kill("SIGINT");
  expect((await ended).code).toBe(130);
  const run = await karyonJson<RunView>(workspace, "run", "show", "1");
  expect(run.state).toBe("cancelled");
  expect(run.steps.find(({ asset }) => asset === "user_vcf_normalized")?.state).toBe("cancelled");
  expect(await readdir(join(workspace, ".karyon/staging"))).toEqual([]);
});

test("a command whose server is killed says so, and where to look", async () => {
  const server = startServer(workspace);
  await addressOf(server);
  const ended = endOf(startKaryon(workspace, "--json", "annotate", genome, "-u", "anna"));
  await until(() => ofReading().length > 0);
  server.kill("SIGKILL");
  const { code, stdout } = await ended;
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toEqual({
    error: {
      code: "killed",
      message: "the workspace's server ended before it answered",
      hint: "See karyon run list for what became of the run.",
    },
  });
});
