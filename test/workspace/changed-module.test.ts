import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { beforeAll, describe, expect, test } from "vitest";

import type { RunView } from "#protocol/view.ts";

import type { AnnotateResult } from "../../server/cli/annotate-result.ts";
import { karyon, karyonJson } from "../support/karyon.ts";
import { SAMPLE, annotatedWorkspace, whyOf } from "./annotated-workspace.ts";

let workspace: string;
let genome: string;

beforeAll(async () => {
  ({ workspace, genome } = await annotatedWorkspace());
});

describe("a changed module", () => {
  test("makes exactly its downstream stale, is named as the cause, and leaves the variants alone", async () => {
    const file = join(workspace, "notebooks/modules/coronary/variants.csv");
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replace(/,-1\.3,risk,/, ",-1.25,risk,"));
    const cause = [{ kind: "code", asset: "modules/coronary", detail: "variants.csv changed" }];
    expect(await whyOf(workspace, "user_longevity_report", SAMPLE)).toEqual({
      state: "stale",
      causes: cause,
    });
    expect(await whyOf(workspace, "hf_annotators_dataset")).toEqual({ state: "stale", causes: cause });
    expect(await whyOf(workspace, "modules/vo2max")).toEqual({ state: "fresh" });
    expect(await whyOf(workspace, "user_vcf_normalized", SAMPLE)).toEqual({ state: "fresh" });

    const run = await karyonJson<RunView>(
      workspace,
      "asset",
      "materialize",
      "--select",
      "user_longevity_report",
      "--partition",
      SAMPLE,
    );
    expect(run.steps.map(({ asset, state }) => `${asset} ${state}`)).toEqual([
      "modules/coronary done",
      "hf_annotators_dataset done",
      "user_hf_module_annotations done",
      "user_longevity_report done",
    ]);
    expect(await whyOf(workspace, "user_longevity_report", SAMPLE)).toEqual({ state: "fresh" });
  });

  test("that says the same in other words makes nothing below it stale", async () => {
    const file = join(workspace, "notebooks/modules/vo2max/module_spec.yaml");
    await appendFile(file, "\n# a remark\n");
    const run = await karyonJson<RunView>(
      workspace,
      "job",
      "run",
      "annotate_and_report_job",
      "--partition",
      SAMPLE,
    );
    expect(run.steps.map(({ asset, state, reason }) => `${asset} ${state} ${reason ?? ""}`.trim())).toEqual([
      "modules/vo2max done",
      "hf_annotators_dataset skipped unchanged",
      "user_hf_module_annotations skipped unchanged",
      "user_longevity_report skipped unchanged",
    ]);
  });

  test("that is broken fails alone: the others are annotated, and the report says why it was not read", async () => {
    const file = join(workspace, "notebooks/modules/superhuman/variants.csv");
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replace(/\n(rs\d+),/, "\nrsNaN,"));
    const result = await karyonJson<AnnotateResult>(workspace, "annotate", genome, "-u", "anna");
    await writeFile(file, text);
    expect(result.state).toBe("done");
    const broken = result.modules.find(({ name }) => name === "superhuman");
    expect(broken).toMatchObject({ status: "failed", reason: expect.stringContaining("variants.csv:2") });
    expect(result.modules.filter(({ status }) => status === "annotated")).toHaveLength(4);
    const report = await readFile(
      join(workspace, "data/output/users/anna/genome/reports/longevity_report.html"),
      "utf8",
    );
    expect(report).toContain("Superhuman");
    await writeFile(file, "");
    const again = await karyonJson<AnnotateResult>(workspace, "annotate", genome, "-u", "anna");
    await writeFile(file, text);
    expect(again.modules.find(({ name }) => name === "superhuman")?.reason).toContain("no usable row");
    await karyon(workspace, "annotate", genome, "-u", "anna");
  });
});

test("a choice of modules is a change of that sample alone", async () => {
  const some = await karyonJson<AnnotateResult>(
    workspace,
    "annotate",
    genome,
    "-u",
    "boris",
    "-m",
    "Coronary",
    "-m",
    "vo2max",
  );
  expect(some.modules.map(({ name }) => name)).toEqual(["vo2max", "coronary"]);
  expect(await whyOf(workspace, "user_hf_module_annotations", SAMPLE)).toEqual({ state: "fresh" });
});
