import { gunzipSync } from "node:zlib";

import { expect, test } from "vitest";

import { BgzfWriter } from "../../kernel/bgzf/bgzf-writer.ts";
import { Random } from "../../kernel/synth/random.ts";

/** The empty block of SAMv1 §4.1.2. */
const END_OF_FILE = "1f8b08040000000000ff0600424302001b0003000000000000000000";

/** Writes the parts and returns the whole file. */
async function bgzf(parts: readonly Uint8Array[]): Promise<Buffer> {
  const out: Uint8Array[] = [];
  const writer = new BgzfWriter(async (bytes) => void out.push(bytes));
  for (const part of parts) await writer.write(part);
  await writer.end();
  const whole = Buffer.concat(out);
  expect(writer.bytes).toBe(whole.length);
  return whole;
}

/** Sizes of the blocks by their own headers, and of what each holds. */
function blocks(file: Buffer): { size: number; input: number }[] {
  const found = [];
  for (let at = 0; at < file.length;) {
    expect(file.subarray(at, at + 4).toString("hex")).toBe("1f8b0804");
    expect(file.subarray(at + 12, at + 14).toString()).toBe("BC");
    const size = file.readUInt16LE(at + 16) + 1;
    found.push({ size, input: file.readUInt32LE(at + size - 4) });
    at += size;
  }
  return found;
}

function noise(length: number): Uint8Array {
  const random = new Random(7, "noise");
  return Uint8Array.from({ length }, () => random.below(256));
}

test("an empty file is the end-of-file block alone", async () => {
  expect((await bgzf([])).toString("hex")).toBe(END_OF_FILE);
});

test("parts of any size inflate to the bytes that were written, in order", async () => {
  const text = Buffer.from(Array.from({ length: 60_000 }, (_, line) => `line ${line}\n`).join(""));
  const parts = [
    text.subarray(0, 1),
    text.subarray(1, 65_281),
    text.subarray(65_281, 65_281),
    text.subarray(65_281),
  ];
  const file = await bgzf(parts);
  expect(gunzipSync(file).equals(text)).toBe(true);
  expect(file.subarray(-28).toString("hex")).toBe(END_OF_FILE);
  const sizes = blocks(file).map(({ input }) => input);
  expect(sizes.slice(0, -2).every((size) => size === 65_280)).toBe(true);
  expect(sizes.reduce((sum, size) => sum + size)).toBe(text.length);
});

test("bytes that cannot be compressed stay within the 64 KiB of a block", async () => {
  const bytes = noise(200_000);
  const file = await bgzf([bytes]);
  expect(gunzipSync(file).equals(bytes)).toBe(true);
  expect(blocks(file).map(({ input }) => input)).toEqual([65_280, 65_280, 65_280, 4_160, 0]);
});

test("the caller's buffer may be reused after a write", async () => {
  const buffer = new Uint8Array(100_000).fill(65);
  const out: Uint8Array[] = [];
  const writer = new BgzfWriter(async (bytes) => void out.push(bytes));
  await writer.write(buffer);
  buffer.fill(66);
  await writer.write(buffer);
  await writer.end();
  expect(gunzipSync(Buffer.concat(out)).toString()).toBe("A".repeat(100_000) + "B".repeat(100_000));
});

test("a failure to hand bytes on reaches whoever writes", async () => {
  const writer = new BgzfWriter(() => Promise.reject(new Error("disk full")));
  await writer.write(noise(100_000));
  await expect(writer.end()).rejects.toThrow("disk full");
});
