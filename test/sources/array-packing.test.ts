/** Files of arrays as they are packed, and those that are broken. */
import { gzipSync } from "node:zlib";

import { describe, expect, test } from "vitest";

import { sha256 } from "#notebook/sha256.ts";

import { ingested, of23andMe, zipOf } from "../support/array-file.ts";

describe("files that cannot be read", () => {
  test("one that is cut off names the last line that was whole", async () => {
    const packed = gzipSync(
      of23andMe(Array.from({ length: 90_000 }, (_, n) => [`rs${n}`, "1", n + 1, "AG"])),
    );
    const error: unknown = await ingested(packed.subarray(0, packed.length / 2)).catch((one: unknown) => one);
    expect(error).toMatchObject({
      info: {
        code: "source",
        message: expect.stringMatching(/^file is damaged after line \d+: the text is cut off$/) as string,
        at: expect.stringMatching(/genome\.txt:\d+$/) as string,
      },
    });
  });

  test.each([
    ["no calls", of23andMe([]), "the file has no records"],
    ["no readable call", of23andMe([["rs1", "1", "?", "AA"]]), "no line of the file holds a call"],
    ["no names of columns", "rs1\t1\t100\tA\tG\n", "no line names the columns"],
  ])("one with %s says so", async (_, text, message) => {
    await expect(ingested(text)).rejects.toThrow(message);
  });
});

describe("a zip", () => {
  const text = of23andMe(Array.from({ length: 90_000 }, (_, n) => [`rs${n + 1}`, "1", n + 1, "AG"]));

  test.each([0, 8] as const)("of one file of calls is read as that (method %i)", async (method) => {
    const others = { "__MACOSX/._genome.txt": "x", "terms.pdf": "PDF", "folder/": "" };
    const zip = zipOf({ ...others, "folder/genome.txt": text }, method);
    const { summary, rows } = await ingested(zip, "genome.zip");
    expect(rows).toHaveLength(90_000);
    expect(summary.source).toMatchObject({ name: "genome.zip", bytes: zip.length, sha256: sha256(zip) });
  });

  test.each([
    ["several files", zipOf({ "a.txt": text, "b.txt": text }), "the zip holds 2 files: a.txt, b.txt"],
    ["none", zipOf({ "terms.pdf": "PDF" }), "the zip holds no genome file: terms.pdf"],
    [
      "a half of one",
      zipOf({ "a.txt": text }).subarray(0, 1000),
      "the zip is cut off: its list of files is missing",
    ],
    [
      "bytes that changed",
      changed(zipOf({ "a.txt": text }, 0)),
      /file is damaged after line \d+: the text is broken/,
    ],
    [
      "a password",
      locked(zipOf({ "a.txt": text })),
      "the zip is locked, or packed in another way than most: a.txt",
    ],
  ])("of %s is refused in words", async (_, zip, message) => {
    await expect(ingested(zip, "genome.zip")).rejects.toThrow(message);
  });

  function changed(zip: Buffer): Buffer {
    const other = Buffer.from(zip);
    other.write("G", zip.indexOf("\tAG\n") + 1);
    return other;
  }

  function locked(zip: Buffer): Buffer {
    const other = Buffer.from(zip);
    other.writeUInt16LE(1, zip.lastIndexOf("PK\u0001\u0002") + 8);
    return other;
  }
});
