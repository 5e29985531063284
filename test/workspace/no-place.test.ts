import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect, test } from "vitest";

import { errorInfo } from "#protocol/error.ts";

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
