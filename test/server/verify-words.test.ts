import { expect, test } from "vitest";

import { verifyEnsembl } from "../../server/cli/ensembl.ts";

const { print } = verifyEnsembl as unknown as { readonly print: (result: unknown) => string };
const last = (...states: readonly string[]): string | undefined =>
  print({
    folder: "/cache",
    files: states.map((state, at) => ({ file: `${at}.parquet`, bytes: 7, state })),
  })
    .split("\n")
    .at(-1);

test("whole is said of what was held against a list, and of nothing else", () => {
  expect(last("whole", "whole")).toBe("All 2 files in /cache are whole.");
  expect(last("whole", "unlisted")).toBe(
    "Of 1 of 2 files in /cache nothing says what they are to hold: their ends are there, and the rest could not be checked.",
  );
  expect(last("whole", "cut off")).toMatch(/^Mend it with karyon download-ensembl/);
});
