import { afterEach, beforeEach, expect, test } from "vitest";

import { cronProblem, lastTime, nextTime } from "../../server/session/cron.ts";
import { automationView, policyProblem } from "../../server/session/policy.ts";

const ZONE = process.env["TZ"];
const NOW = new Date("2026-11-28T12:00:00Z");

beforeEach(() => {
  process.env["TZ"] = "Europe/Berlin";
});
afterEach(() => {
  if (ZONE === undefined) delete process.env["TZ"];
  else process.env["TZ"] = ZONE;
});

const next = (expression: string, after: string): string | undefined =>
  nextTime(expression, new Date(after))?.toISOString();
const last = (expression: string, until: string): string | undefined =>
  lastTime(expression, new Date(until))?.toISOString();

test.each([
  ["0 3 * * *", "2026-11-28T12:00:00Z", "2026-11-29T02:00:00.000Z"],
  ["0 3 * * mon", "2026-11-28T12:00:00Z", "2026-11-30T02:00:00.000Z"],
  ["*/15 8-9 * * *", "2026-11-28T07:50:00Z", "2026-11-28T08:00:00.000Z"],
  ["0 0 29 2 *", "2026-11-28T12:00:00Z", "2028-02-28T23:00:00.000Z"],
  ["@daily", "2026-11-28T12:00:00Z", "2026-11-28T23:00:00.000Z"],
  // The night in which two o'clock is left out, and that in which it comes twice.
  ["30 2 * * *", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00.000Z"],
  ["30 2 * * *", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00.000Z"],
  ["30 2 * * *", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00.000Z"],
])("%s after %s is %s", (expression, after, time) => {
  expect(next(expression, after)).toBe(time);
});

test("the last time is up to and with now, to the millisecond", () => {
  expect(last("0 3 * * *", "2026-11-28T02:00:00.000Z")).toBe("2026-11-28T02:00:00.000Z");
  expect(last("0 3 * * *", "2026-11-28T01:59:59.999Z")).toBe("2026-11-27T02:00:00.000Z");
  expect(last("0 3 * * *", "2026-11-28T02:00:00.001Z")).toBe("2026-11-28T02:00:00.000Z");
});

test.each([
  ["0 3 * *", "five"],
  ["61 3 * * *", "invalid value for minute: 61"],
  ["* * * * * *", "5 parts"],
  ["0 0 30 2 *", "never comes"],
  ["", "five"],
  ["x y z a b", "illegal characters"],
])("%j is refused in words", (expression, words) => {
  expect(cronProblem(expression, NOW)).toContain(words);
  expect(policyProblem(`cron ${expression}`, NOW)?.message).toContain(`not a time to be made at`);
});

test.each([undefined, "manual", "lazy", "eager", "cron 0 3 * * *"])("auto=%s is a way to be made", (word) => {
  expect(policyProblem(word, NOW)).toBeNull();
});

test("another word is refused with what was meant", () => {
  expect(policyProblem("eagr", NOW)).toMatchObject({
    message: "not a way to be made: auto=eagr",
    hint: "Write eager if that is what you mean.",
  });
  expect(policyProblem("", NOW)?.hint).toContain("manual, lazy, eager");
});

test("a cell tells how it is made, and when next; what is observed from outside is not made", () => {
  const of = (auto: string, external = false): unknown =>
    automationView(
      { cell: { language: "sql", attributes: { auto }, source: "" }, external, error: null },
      NOW,
    );
  expect(of("cron 0 3 * * *")).toEqual({ policy: "cron 0 3 * * *", next: "2026-11-29T02:00:00.000Z" });
  expect([of("lazy"), of("manual"), of("eager", true)]).toEqual([{ policy: "lazy" }, null, null]);
});
