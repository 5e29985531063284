import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { expect, test } from "vitest";

const START = new URL("../../start/", import.meta.url).href;
const PROGRAM = `
  import { built } from "${START}built.js";
  import { nameSourcePlaces } from "${START}source-places.js";
  nameSourcePlaces();
  const { stackOf } = await import(await built("test/start/programs/defect.ts"));
  const unsaid = new Error();
  unsaid.name = Symbol();
  console.log(JSON.stringify([stackOf(null), stackOf(99), new Error("here").stack, unsaid.stack]));
`;

test("the stack of an error names places in the sources of what was built, and leaves others as they are", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", PROGRAM]);
  const [own, native, elsewhere, unsaid] = JSON.parse(stdout) as string[];
  const source = new URL("programs/defect.ts", import.meta.url).href;
  expect(own?.split("\n").slice(0, 3)).toEqual([
    "TypeError: no row",
    `    at keyOf (${source}:7:27)`,
    `    at stackOf (${source}:13:5)`,
  ]);
  expect(native).toMatch(/^RangeError: .*\n {4}at Number\.toString \(<anonymous>\)\n/);
  expect(native).toContain(`    at keyOf (${source}:8:14)`);
  expect(elsewhere).toMatch(/^Error: here\n {4}at /);
  expect(unsaid).toMatch(/^Error\n {4}at /);
});
