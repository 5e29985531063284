import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { assetKey, parsePartition, WHOLE } from "#protocol/ids.ts";
import type { RunView } from "#protocol/view.ts";

import type { LoggedEvent } from "../../server/catalog/events.ts";
import { eventLine } from "../../server/cli/log.ts";
import { VCF } from "../support/genome.ts";
import { until } from "../support/karyon.ts";
import { Asking, NOTEBOOK } from "./asking.ts";

let here: Asking;

beforeEach(async () => {
  here = await Asking.open();
});

afterEach(() => here.close());

describe("what would be run", () => {
  test("is said with its cause and what it took the last time, and nothing is run", async () => {
    await here.make("doubled");
    await here.edit("select 1", "select 3");
    const planned = await here.ask<{
      steps: { asset: string; status: object; seconds: number }[];
      reads: object;
      unknown: number;
    }>("plan", { select: "doubled or endless" });
    expect(planned.steps.map(({ asset }) => asset)).toEqual(["numbers", "doubled", "endless"]);
    expect(planned.steps[1]?.status).toMatchObject({ state: "stale", causes: [{ asset: "numbers" }] });
    expect(planned.steps[0]?.seconds).toBeGreaterThan(0);
    expect(planned.unknown).toBe(1);
    const read = here.workspace.catalog.versions.headRecord(assetKey("numbers"), WHOLE)?.bytes;
    expect(planned.reads).toEqual({ bytes: read, isPartial: false });
    expect(here.workspace.catalog.runs(10)).toHaveLength(1);
    const { assets } = await here.ask<{ assets: { asset: string; rows: number | null }[] }>("ls", {
      select: "+doubled",
    });
    expect(assets).toMatchObject([
      { asset: "numbers", rows: 1 },
      { asset: "doubled", rows: 1 },
    ]);
  });

  test("is chosen by the state that it is in now, also when nobody has looked at it since", async () => {
    const anna = parsePartition("anna/a");
    await writeFile(join(here.workspace.paths.root, "a.vcf"), VCF);
    here.workspace.setPartition(anna, { vcf: join(here.workspace.paths.root, "a.vcf") });
    await here.edit(
      NOTEBOOK,
      `\`\`\`yaml file source=vcf
\`\`\`

\`\`\`yaml filters config
min_qual: 0
\`\`\`

\`\`\`yaml called normalise
source: file
filters: filters
\`\`\`
`,
    );
    await here.make("called", anna);
    const stale = async (verb: "plan" | "ls"): Promise<string[] | undefined> => {
      type Answer = Partial<Record<"assets" | "steps", { asset: string }[]>>;
      const { assets, steps } = await here.ask<Answer>(verb, { select: "stale", partition: anna });
      return (assets ?? steps)?.map(({ asset }) => asset);
    };
    await here.edit("min_qual: 0", "min_qual: 1");
    expect(await stale("plan")).toEqual(["called"]);
    await here.edit("min_qual: 1", "min_qual: 2");
    await here.make("called", anna);
    await here.edit("min_qual: 2", "min_qual: 3");
    expect(await stale("ls")).toEqual(["called"]);
    await here.edit("min_qual: 3", "min_qual: 4");
    await here.make("called", anna);
    await here.edit("min_qual: 4", "min_qual: 5");
    const { steps } = await here.ask<RunView>("asset-materialize", { select: "stale", partition: anna });
    expect(steps).toMatchObject([{ asset: "called", state: "done" }]);
  });

  test("of an asset with partitions needs one, and a list without one has them all", async () => {
    const keys = ["anna/a", "ben/b"].map((key) => parsePartition(key));
    for (const key of keys) here.workspace.setPartition(key, { vcf: "a.vcf" });
    await here.edit(
      NOTEBOOK,
      `${NOTEBOOK}\n\`\`\`yaml file source=vcf\n\`\`\`\n\n\`\`\`yaml called normalise\nsource: file\n\`\`\`\n`,
    );
    await expect(here.ask("plan", { select: "called" })).rejects.toThrow("a partition is needed");
    const places = async (select: string): Promise<string[]> => {
      const { assets } = await here.ask<{ assets: { asset: string; partition: string }[] }>("ls", { select });
      return assets.map(({ asset, partition }) => `${asset} ${partition}`);
    };
    expect(await places("numbers or called")).toEqual(["numbers ", "called anna/a", "called ben/b"]);
    expect(await places("kind:normalise")).toEqual(["called anna/a", "called ben/b"]);
  });

  test("holds nothing that is read when it is there and is not made for this", async () => {
    const anna = parsePartition("anna/a");
    here.workspace.setPartition(anna, {});
    await here.edit(
      NOTEBOOK,
      `${NOTEBOOK}
\`\`\`yaml file source=vcf
\`\`\`

\`\`\`yaml files export
source: file
variants: numbers
annotations: doubled
ensembl: endless
\`\`\`
`,
    );
    const { steps } = await here.ask<{ steps: { asset: string }[] }>("plan", {
      select: "+files",
      partition: anna,
    });
    expect(steps.map(({ asset }) => asset)).toEqual(["numbers", "doubled", "files"]);
  });
});

describe("a run", () => {
  test("is stopped, read and run again by its number", async () => {
    const started = await here.workspace.startRun("numbers or endless", WHOLE);
    await until(() => started.progress.has(assetKey("endless")));
    expect(await here.ask<RunView>("run-cancel", { id: started.id })).toMatchObject({ state: "cancelled" });
    await expect(here.ask("run-cancel", { id: started.id })).rejects.toThrow("run 1 has ended: cancelled");

    const { events } = await here.ask<{ events: LoggedEvent[] }>("run-log", { id: started.id });
    expect(events.map((event) => eventLine(event).replace(/^\S+  \S+  /, ""))).toEqual([
      "run started  run 1, numbers or endless, 2 steps",
      expect.stringMatching(/^notebooks kept  run 1, as it found them: one\.md/),
      "step started  numbers",
      expect.stringMatching(/^materialised  numbers: 1 row, /),
      "step started  endless",
      "step cancelled  endless",
      "run ended  run 1 cancelled",
    ]);
    await here.edit("range(1000000000000)", "range(10)");
    const again = await here.ask<RunView>("run-retry", { id: started.id });
    expect(again.steps.map(({ asset, state }) => `${asset} ${state}`)).toEqual(["endless done"]);
    await expect(here.ask("run-log", { id: 99 })).rejects.toThrow("no such run: 99");
  });
});
