import { describe, expect, test } from "vitest";

import { WHOLE } from "#protocol/ids.ts";
import type { PartitionKey } from "#protocol/ids.ts";

import { findEntries } from "../../ui/palette/entries.ts";
import { fuzzy } from "../../ui/palette/fuzzy.ts";
import { asset, cell, notebook, prose, snapshot } from "./views.ts";

describe("the palette", () => {
  const cells = [cell("user_vcf_normalized"), prose("p", "# The file\n\nWords.")];
  const all = snapshot({ notebook: notebook(cells), assets: [asset("user_vcf_normalized")] });
  const labels = (query: string): string[] => findEntries(query, all).map((entry) => entry.label);

  test.each([
    ["uvn", "user_vcf_normalized"],
    ["norm", "user_vcf_normalized"],
    ["@file", "The file"],
    ["#user", "user_vcf_normalized"],
    ["run stale", "Run everything stale"],
    [">undo", "Undo the last change of the notebook"],
    [":li", "Line numbers, or none"],
  ])("%s finds %s first", (query, label) => {
    expect(labels(query)[0]).toBe(label);
  });

  test("words that are too long for a line are cut between words, and say so", () => {
    const long = prose("q", `${"several words ".repeat(4)}of one length, and others`);
    const found = findEntries("@", snapshot({ notebook: notebook([long]) }));
    expect(found[0]?.label).toBe(`${"several words ".repeat(4)}of one…`);
  });

  test.each(["rs699", "chr1:230,710,048"])("%s leads to what is known of that site of the sample", (site) => {
    const ofSample = snapshot({ partition: "anna/genome" as PartitionKey, assets: [asset("hits")] });
    expect(findEntries(site, ofSample)[0]).toMatchObject({
      label: `What is at ${site}`,
      goal: { kind: "trace", asset: null, site },
    });
    expect(findEntries(site, { ...ofSample, partition: WHOLE })).toEqual([]);
    expect(findEntries(`@${site}`, ofSample)).toEqual([]);
  });

  test("letters have their order, starts of words come first", () => {
    expect(fuzzy("zx", "xyz")).toBeNull();
    expect(fuzzy("rs", "run_stale")?.at).toEqual([0, 4]);
  });
});
