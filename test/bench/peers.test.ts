import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { installPeers } from "./peers.ts";

/** A folder of programs: an `apt-get` that notes what it is asked, and ends with `code`, and others. */
function programs(code: number, ...others: readonly string[]): { path: string; asked: () => string } {
  const path = mkdtempSync(join(tmpdir(), "karyon-peers-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  const notes = join(path, "asked");
  writeFileSync(notes, "");
  const script = `#!/bin/sh\necho "$@" >> '${notes}'\nexit ${code}\n`;
  for (const name of ["apt-get", ...others]) writeFileSync(join(path, name), script, { mode: 0o700 });
  return { path, asked: () => readFileSync(notes, "utf8") };
}

test.runIf(process.platform !== "win32")(
  "peers that are missing are installed where that may be",
  async () => {
    const said: string[] = [];
    const say = (line: string): void => void said.push(line);
    const { path, asked } = programs(0, "bcftools");
    await installPeers(["bcftools", "vcfanno", "other"], { say, path, isRoot: false });
    await installPeers(["bcftools", "other"], { say, path, isRoot: true });
    expect([asked(), said]).toEqual(["", []]);
    await installPeers(["bcftools", "vcfanno", "other"], { say, path, isRoot: true });
    expect(asked()).toBe("update\ninstall --yes --no-install-recommends vcfanno tabix\n");
    expect(said).toEqual(["installing vcfanno, tabix"]);
  },
);

test.runIf(process.platform !== "win32")("what cannot be installed is told, and ends nothing", async () => {
  const said: string[] = [];
  const { path } = programs(100);
  await installPeers(["bcftools"], { say: (line) => said.push(line), path, isRoot: true });
  expect(said).toEqual([
    "installing bcftools, tabix",
    expect.stringMatching(/^not installed: .*apt-get update/),
  ]);
});
