import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { textChanges, twinChanges } from "./semantic-diff.ts";

const ROOT = fileURLToPath(new URL("../golden/", import.meta.url));

/**
 * Compares files with the folder `test/golden/NAME`, and says what differs: each file, and below it what became of
 * its values or of the text that is seen. An absent folder is written, save in CI; a difference leaves the new files
 * in `NAME-changed` to look at.
 */
export async function changedFromGolden(
  name: string,
  files: Readonly<Record<string, string>>,
): Promise<string[]> {
  const golden = join(ROOT, name);
  const expected = await Promise.all(Object.keys(files).map((file) => readOrNull(join(golden, file))));
  if (expected.every((text) => text === null) && process.env["CI"] === undefined) {
    await writeAll(golden, files);
    return [];
  }
  const changed = Object.entries(files).flatMap(([file, text], at) => {
    const before = expected[at] ?? "";
    return text === before ? [] : [file, ...changesOf(file, before, text).map((line) => `  ${line}`)];
  });
  await rm(`${golden}-changed`, { recursive: true, force: true });
  if (changed.length > 0) await writeAll(`${golden}-changed`, files);
  return changed;
}

function changesOf(file: string, before: string, after: string): string[] {
  if (before === "") return ["+ the whole file"];
  if (file.endsWith(".json")) return twinChanges(JSON.parse(before), JSON.parse(after));
  const changes = textChanges(before, after);
  return changes.length === 0 ? ["markup alone"] : changes;
}

async function readOrNull(path: string): Promise<string | null> {
  return readFile(path, "utf8").catch(() => null);
}

async function writeAll(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [file, text] of Object.entries(files)) {
    const path = join(folder, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
}
