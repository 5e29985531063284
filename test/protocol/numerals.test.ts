import { expect, test } from "vitest";

import { bytes, count, counted, duration, signed, timeLeft } from "#protocol/numerals.ts";

test.each([
  [count(4_257_537), "4,257,537"],
  [count(-3n), "−3"],
  [counted(1, "study", "studies"), "1 study"],
  [counted(0, "study", "studies"), "0 studies"],
  [counted(1024, "variant"), "1,024 variants"],
  [signed(0.5), "+0.50"],
  [signed(-1.54), "−1.54"],
  [signed(0), "0.00"],
  [signed(0.125), "+0.125"],
  [signed(1234), "+1,234.00"],
  [signed(0.1 + 0.2), "+0.30"],
  [signed(-0.0001), "0.00"],
  [signed(Number.NaN), "NaN"],
  [bytes(1), "1 byte"],
  [bytes(980), "980 bytes"],
  [bytes(1200), "1.2 kB"],
  [bytes(4_900_000), "4.9 MB"],
  [bytes(61_000_000), "61 MB"],
  [bytes(999_700), "1.0 MB"],
  [bytes(1_250_000_000), "1.3 GB"],
  [duration(0.006), "6 ms"],
  [duration(4.9), "4.9 s"],
  [duration(59.7), "1 min"],
  [duration(252), "4 min 12 s"],
  [duration(3840), "1 h 4 min"],
  [timeLeft(0.13), "≈ 1 s left"],
  [timeLeft(4.9), "≈ 5 s left"],
  [timeLeft(252), "≈ 4 min 12 s left"],
])("a number reads %s", (is, wanted) => expect(is).toBe(wanted));
