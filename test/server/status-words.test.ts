import { expect, test } from "vitest";

import { assetKey } from "#protocol/ids.ts";
import type { StaleCause } from "#protocol/record.ts";

import { causesText } from "../../server/cli/format.ts";

function software(asset: string, detail: string): StaleCause {
  return { kind: "software", asset: assetKey(asset), detail };
}

test("a change of software is told once, behind what else changed, with some of what it made", () => {
  const made = ["normalized", "modules/a", "modules/b", "modules/c", "report"];
  const causes: StaleCause[] = [
    ...made.map((asset) => software(asset, "karyon 0.1.0 → 0.2.0")),
    software("normalized", "duckdb 1.5.5 → 1.5.6"),
    { kind: "code", asset: assetKey("modules/a"), detail: "variants.csv changed" },
  ];
  expect(causesText(causes, assetKey("page"))).toBe(
    "modules/a: variants.csv changed; " +
      "karyon 0.1.0 → 0.2.0, which made normalized, modules/a, modules/b and 2 more; " +
      "duckdb 1.5.5 → 1.5.6, which made normalized",
  );
});

test("what an asset itself was made by is told without naming it again", () => {
  const causes = ["normalized", "report"].map((asset) => software(asset, "karyon 0.1.0 → 0.2.0"));
  expect(causesText(causes, assetKey("report"))).toBe("karyon 0.1.0 → 0.2.0, which made normalized");
  expect(causesText(causes.slice(1), assetKey("report"))).toBe("karyon 0.1.0 → 0.2.0");
});
