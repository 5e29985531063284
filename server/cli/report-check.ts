import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";

import * as z from "zod";

import { WorkspaceError } from "#protocol/error.ts";
import { counted } from "#protocol/numerals.ts";

import { checkContract, parseTwin, reportChanges } from "../export/check-report.ts";
import type { ReportChange, Twin } from "../export/check-report.ts";
import type { Check } from "../export/verify-file.ts";
import { checkLines } from "./verify.ts";
import { commandGroup, defineVerb } from "./verb.ts";
import type { AnyVerb } from "./verb.ts";

const PARAMETERS = z.strictObject({ file: z.string(), golden: z.string().optional() });

interface Checked {
  readonly file: string;
  readonly checks: readonly Check[];
  /** What is different from the golden report; null when none was named. */
  readonly changes: readonly ReportChange[] | null;
}

const CHANGE_SIGNS: Readonly<Record<ReportChange["change"], string>> = {
  added: "+",
  removed: "−",
  changed: "~",
};
/** Changes that are listed; the rest is counted. */
const LISTED = 50;

export const reportCheck: AnyVerb = defineVerb<z.output<typeof PARAMETERS>, Checked>({
  name: "report-check",
  parameters: PARAMETERS,
  declare(program, ask) {
    commandGroup(program, "report", "exported notebooks and reports: files that stand on their own")
      .command("check <file>")
      .description(
        "whether a report keeps its promises, and what it says otherwise than one known to be right",
      )
      .option("--golden <file>", "the report, or its .json, that it is to say the same as")
      .action((file: string, { golden }: { golden?: string }) =>
        ask({ file: resolve(file), ...(golden === undefined ? {} : { golden: resolve(golden) }) }),
      );
  },
  run: (parameters) => checkFile(parameters),
  runAlone: (parameters) => checkFile(parameters),
  failed: ({ checks, changes }) => !isKept(checks) || (changes ?? []).length > 0,
  print: ({ file, checks, changes }) =>
    [
      ...checkLines(checks),
      ...(changes ?? [])
        .slice(0, LISTED)
        .map(({ module, row, change, what }) => `${CHANGE_SIGNS[change]} ${module} ${row}: ${what}`),
      ...((changes ?? []).length > LISTED ? [`… and ${(changes ?? []).length - LISTED} more`] : []),
      `${basename(file)} ${isKept(checks) ? "keeps what a report promises" : "does not keep what a report promises"}${
        changes === null
          ? "."
          : changes.length === 0
            ? ", and says what the golden one says."
            : `; ${counted(changes.length, "row")} other than in the golden one.`
      }`,
    ].join("\n"),
});

function isKept(checks: readonly Check[]): boolean {
  return checks.every(({ state }) => state !== "failed");
}

async function checkFile({ file, golden }: z.output<typeof PARAMETERS>): Promise<Checked> {
  const twin = await twinOf(file);
  const html = await readFile(withEnding(file, "html"), "utf8").catch(() => null);
  return {
    file,
    checks: checkContract(twin, html),
    changes: golden === undefined ? null : reportChanges(await twinOf(golden), twin),
  };
}

/** What a report says, as data: it lies beside the page under the same name. */
async function twinOf(file: string): Promise<Twin> {
  const path = withEnding(file, "json");
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new WorkspaceError(
      {
        code: "usage",
        message: `cannot read ${basename(path)}`,
        hint: "Name a report that has its .json beside it.",
      },
      { cause },
    );
  });
  return parseTwin(text, basename(path));
}

function withEnding(file: string, ending: "html" | "json"): string {
  return file.replace(/\.(?:html|json)$/i, `.${ending}`);
}
