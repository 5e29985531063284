import { WorkspaceError } from "#protocol/error.ts";

import type { Conversion } from "./fixed-width.ts";

const NANOSECONDS = 1000n;
const LARGEST_INT64 = 2n ** 63n - 1n;

/** DECIMAL of up to 4 digits: 16 bits to the 128 of Arrow. */
export const decimal16: Conversion = widened(2, (input, output, count) => {
  const values = new Int16Array(input.buffer, input.byteOffset, count);
  const words = wordsOf(output, 4 * count);
  for (let i = 0; i < count; i++) write128(words, 4 * i, values[i] ?? 0, (values[i] ?? 0) >> 31);
});

/** DECIMAL of up to 9 digits: 32 bits to the 128 of Arrow. */
export const decimal32: Conversion = widened(4, (input, output, count) => {
  const values = new Int32Array(input.buffer, input.byteOffset, count);
  const words = wordsOf(output, 4 * count);
  for (let i = 0; i < count; i++) write128(words, 4 * i, values[i] ?? 0, (values[i] ?? 0) >> 31);
});

/** DECIMAL of up to 18 digits: 64 bits to the 128 of Arrow. */
export const decimal64: Conversion = widened(8, (input, output, count) => {
  const halves = new Int32Array(input.buffer, input.byteOffset, 2 * count);
  const words = wordsOf(output, 4 * count);
  for (let i = 0; i < count; i++) write128(words, 4 * i, halves[2 * i] ?? 0, halves[2 * i + 1] ?? 0);
});

/** UHUGEINT: 128 bits without a sign to the 256 of Arrow, the only decimal that holds its upper half. */
export const unsigned128: Conversion = {
  inputWidth: 16,
  outputWidth: 32,
  convert(input, output, count) {
    for (let i = 0; i < count; i++) {
      output.set(input.subarray(16 * i, 16 * (i + 1)), 32 * i);
      output.fill(0, 32 * i + 16, 32 * (i + 1));
    }
  },
};

/**
 * INTERVAL: months, days and microseconds to months, days and nanoseconds.
 *
 * @throws {WorkspaceError} `engine` where the time part is longer than 292 years and has no nanoseconds in 64 bits
 */
export const interval: Conversion = {
  inputWidth: 16,
  outputWidth: 16,
  convert(input, output, count) {
    output.set(input);
    const halves = new BigInt64Array(output.buffer, output.byteOffset, 2 * count);
    for (let i = 0; i < count; i++) {
      const nanoseconds = (halves[2 * i + 1] ?? 0n) * NANOSECONDS;
      if (nanoseconds > LARGEST_INT64 || nanoseconds < -LARGEST_INT64) {
        throw new WorkspaceError({
          code: "engine",
          message: `interval too long for a table: ${nanoseconds / NANOSECONDS} microseconds`,
          hint: "Cast it to VARCHAR.",
        });
      }
      halves[2 * i + 1] = nanoseconds;
    }
  },
};

function widened(inputWidth: number, convert: Conversion["convert"]): Conversion {
  return { inputWidth, outputWidth: 16, convert };
}

function wordsOf(bytes: Uint8Array, count: number): Int32Array {
  return new Int32Array(bytes.buffer, bytes.byteOffset, count);
}

/** Writes 64 bits, given as two words, and their sign as two more. */
function write128(words: Int32Array, at: number, low: number, high: number): void {
  words[at] = low;
  words[at + 1] = high;
  words[at + 2] = high >> 31;
  words[at + 3] = high >> 31;
}
