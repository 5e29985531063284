import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import type { AnalysisContext } from "../../kernel/cells/cell-type.ts";
import { report } from "../../kernel/cells/report.ts";

test("a template that is not there is not one that cannot be read", async () => {
  const notebooks = await mkdtemp(join(tmpdir(), "karyon-report-"));
  onTestFinished(() => rm(notebooks, { recursive: true }));
  const source = "annotations: matches\ntemplate: mine";
  const cell = { name: "my_report", language: "yaml", attributes: { report: "" }, source };
  const analysed = async (): Promise<unknown> => report.analyse(cell, { notebooks } as AnalysisContext);
  await expect(analysed()).rejects.toMatchObject({
    info: { code: "notebook", message: "no report template: mine.njk", cell: "my_report" },
  });
  await mkdir(join(notebooks, "reports", "mine.njk"), { recursive: true });
  await expect(analysed()).rejects.toMatchObject({
    info: {
      code: "notebook",
      message: `cannot be read: ${join("notebooks", "reports", "mine.njk")}`,
      detail: expect.stringContaining("EISDIR") as string,
      cell: "my_report",
    },
  });
});
