import { existsSync } from "node:fs";
import { copyFile, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect, onTestFinished, test, vi } from "vitest";

import { errorInfo } from "#protocol/error.ts";

import { makeFolder } from "../../server/make-folder.ts";
import { karyon, temporaryFolder } from "../support/karyon.ts";

test("a workspace that is a file is refused in words", async () => {
  const file = join(await temporaryFolder("place"), "a file");
  await writeFile(file, "");
  const { code, stdout } = await karyon(file, "--json", "ls");
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    error: { code: "asset", message: `not a folder: ${file}/.karyon` },
  });
});

/** Where Linux says of every new folder that it is not there, while the one above it is. */
const NOWHERE = "/proc/karyon";

test.runIf(existsSync("/proc/self"))(
  "a place where no folder can be made is refused in words",
  async () => {
    const workspace = await temporaryFolder("nowhere");
    const refused = {
      error: { code: "asset", message: expect.stringMatching(/no folder .+: \/proc\/karyon$/) },
    };
    const said = async (folder: string, ...words: string[]): Promise<unknown> =>
      JSON.parse((await karyon(folder, "--json", ...words)).stdout);
    expect(await said(NOWHERE, "ls")).toMatchObject(refused);
    const vcf = join(workspace, "genome.vcf");
    const synth = ["synth", "--records", "1000", "--out"];
    expect(await said(workspace, ...synth, `${NOWHERE}/deep/genome.vcf`)).toMatchObject(refused);
    await karyon(workspace, ...synth, vcf);
    const out = ["--out", `${NOWHERE}/deep/welcome.html`];
    expect(await said(workspace, "notebook", "export", "welcome.md", ...out)).toMatchObject(refused);

    onTestFinished(() => void vi.unstubAllEnvs());
    vi.stubEnv("KARYON_OUTPUT_DIR", `${NOWHERE}/users`);
    vi.stubEnv("KARYON_CACHE_DIR", `${NOWHERE}/cache`);
    expect(await said(workspace, "annotate", vcf, "-u", "anna")).toMatchObject(refused);
    expect(await said(workspace, "download-ensembl")).toMatchObject(refused);
    for (const name of ["KARYON_INPUT_DIR", "KARYON_HOME"]) {
      vi.stubEnv(name, `${NOWHERE}/deep`);
      const { code, stderr } = await karyon(workspace, "start", "--no-open", "--no-demo");
      expect([code, stderr]).toEqual([
        1,
        expect.stringContaining(`no folder can be made here: ${NOWHERE}\n`),
      ]);
      vi.stubEnv(name, undefined);
    }
  },
  60_000,
);

test("a folder is made with those above it, and one that is there is left", async () => {
  const folder = await temporaryFolder("made");
  await makeFolder(join(folder, "a/b/c"));
  await makeFolder(join(folder, "a/b"));
  expect(existsSync(join(folder, "a/b/c"))).toBe(true);
  await writeFile(join(folder, "file"), "");
  await symlink(join(folder, "gone"), join(folder, "link"));
  for (const name of ["file", "link"]) {
    await expect(makeFolder(join(folder, name))).rejects.toThrow(`not a folder: ${join(folder, name)}`);
    expect(
      errorInfo(await makeFolder(join(folder, name, "sub")).catch((error: unknown) => error)),
    ).toMatchObject({
      message: expect.stringMatching(/^not a folder: /),
    });
  }
});

test("a folder is made also when the one above it comes to be meanwhile", async () => {
  for (let round = 0; round < 20; round++) {
    const above = join(await temporaryFolder("meanwhile"), "anna");
    // Two runs of a new person's samples do this at once.
    await Promise.all([makeFolder(join(above, "s1")), mkdir(above)]);
    expect(existsSync(join(above, "s1"))).toBe(true);
  }
});

test("what the system refuses is no defect of ours, and says what it is about", () => {
  const full = Object.assign(new Error("ENOSPC: no space left on device, write"), {
    code: "ENOSPC",
    path: "/a/b",
  });
  expect(errorInfo(full)).toMatchObject({ code: "asset", message: "no space is left on the disk: /a/b" });
  const gone = Object.assign(new Error("ENOENT: no such file or directory"), {
    code: "ENOENT",
    path: "/a/b",
  });
  expect(errorInfo(gone)).toMatchObject({ code: "internal" });
});

test("what cannot be copied to a place is told with that place, not with what was to be copied", async () => {
  const file = join(await temporaryFolder("place"), "a file");
  await writeFile(file, "");
  const copied: unknown = await copyFile(file, join(file, "copy")).catch((error: unknown) => error);
  expect(errorInfo(copied).message).toBe(`not a folder: ${join(file, "copy")}`);
});
