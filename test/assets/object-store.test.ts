import { chmod, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { beforeEach, describe, expect, test } from "vitest";

import { objectPath, store, verify } from "../../kernel/assets/object-store.ts";
import { temporaryFolder } from "../support/karyon.ts";

let folder: string;
let objects: string;

beforeEach(async () => {
  folder = await temporaryFolder("objects");
  objects = join(folder, "objects");
});

async function staged(name: string, text: string): Promise<void> {
  await writeFile(join(folder, name), text);
}

test("a stored file lies under the hash of its content, and nobody may write it", async () => {
  await staged("a.txt", "abc");
  const [file] = await store(folder, ["a.txt"], objects);
  // SHA-256 of "abc", FIPS 180-4 appendix.
  expect(file).toEqual({
    name: "a.txt",
    hash: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    bytes: 3,
  });
  const path = objectPath(objects, file?.hash ?? "");
  expect(await readFile(path, "utf8")).toBe("abc");
  expect((await stat(path)).mode & 0o777).toBe(0o400);
  await expect(stat(join(folder, "a.txt"))).rejects.toThrow("ENOENT");
});

test("the same content is kept once, under both names", async () => {
  await staged("a.txt", "same");
  await staged("b.txt", "same");
  const files = await store(folder, ["a.txt", "b.txt"], objects);
  expect(files.map(({ name }) => name)).toEqual(["a.txt", "b.txt"]);
  expect(files[0]?.hash).toBe(files[1]?.hash);
});

test("an index that was stored before for another file is not older than the file that it is stored with", async () => {
  const path = async (names: readonly string[]): Promise<string[]> =>
    (await store(folder, names, objects)).map(({ hash }) => objectPath(objects, hash));
  await staged("a.vcf.gz.tbi", "index");
  const [index = ""] = await path(["a.vcf.gz.tbi"]);
  await utimes(index, 1000, 1000);
  await staged("b.vcf.gz", "another file");
  await staged("b.vcf.gz.tbi", "index");
  const [file = "", same] = await path(["b.vcf.gz", "b.vcf.gz.tbi"]);
  expect(same).toBe(index);
  expect((await stat(index)).mtimeMs).toBeGreaterThanOrEqual((await stat(file)).mtimeMs);
});

describe("what reads a staged file while it is stored", () => {
  test("finds it where it was staged", async () => {
    await staged("a.txt", "abc");
    const reading = new Promise((resolve) => setImmediate(resolve)).then(() =>
      readFile(join(folder, "a.txt"), "utf8"),
    );
    const [file] = await store(folder, ["a.txt"], objects, reading);
    expect(await reading).toBe("abc");
    expect(await readFile(objectPath(objects, file?.hash ?? ""), "utf8")).toBe("abc");
  });

  test("stores nothing when it fails", async () => {
    await staged("a.txt", "abc");
    const reading = Promise.reject(new Error("no such column"));
    await expect(store(folder, ["a.txt"], objects, reading)).rejects.toThrow("no such column");
    await expect(stat(objects)).rejects.toThrow("ENOENT");
  });
});

describe("an object is verified before it is read", () => {
  test("one that was changed on disk is refused, also after it was read", async () => {
    await staged("a.txt", "before");
    const [file] = await store(folder, ["a.txt"], objects);
    const path = objectPath(objects, file?.hash ?? "");
    expect(await verify(objects, file?.hash ?? "")).toBe(path);
    await chmod(path, 0o600);
    await writeFile(path, "after!");
    await expect(verify(objects, file?.hash ?? "")).rejects.toThrow(
      /stored file [0-9a-f]{12} was changed on disk/,
    );
  });

  test("one that this process stored, and that was removed since, is gone", async () => {
    await staged("a.txt", "to be removed");
    const [file] = await store(folder, ["a.txt"], objects);
    await rm(objectPath(objects, file?.hash ?? ""));
    await expect(verify(objects, file?.hash ?? "")).rejects.toThrow(/stored file [0-9a-f]{12} is gone/);
  });

  test("one that is gone is refused, and says what to do", async () => {
    await expect(verify(objects, "0".repeat(64))).rejects.toMatchObject({
      info: { message: "stored file 000000000000 is gone", hint: expect.stringContaining("Materialise") },
    });
  });
});
