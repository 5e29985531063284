import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, test } from "vitest";

test("a link that leads nowhere, as an editor leaves one beside a file, is no source", async () => {
  const folder = await mkdtemp(join(tmpdir(), "karyon-cache-"));
  await mkdir(join(folder, "below"));
  await writeFile(join(folder, "below/a.ts"), "1");
  await symlink("somebody@somewhere.1", join(folder, "below/.#a.ts"));
  await utimes(join(folder, "below/a.ts"), 4e9, 4e9);
  const place = new URL("../../start/cache.js", import.meta.url).href;
  const { newestChange } = (await import(place)) as { newestChange: (path: string) => number };
  expect(newestChange(folder)).toBe(4e12);
  await rm(folder, { recursive: true });
});
