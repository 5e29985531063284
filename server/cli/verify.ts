import { readFile, stat } from "node:fs/promises";
import { basename, resolve } from "node:path";

import * as z from "zod";

import { insideScript } from "#notebook/exported-file.ts";
import { sha256 } from "#notebook/sha256.ts";
import { WorkspaceError } from "#protocol/error.ts";
import type { ExportedNotebook } from "#protocol/exported.ts";

import { RUNTIME_SCRIPT } from "../build-page.ts";
import { checkAgainst, checkReport } from "../export/verify-against.ts";
import type { Check } from "../export/verify-file.ts";
import { isExportedNotebook, verifyFile } from "../export/verify-file.ts";
import { checkRows } from "../export/verify-rows.ts";
import { commandGroup, defineVerb } from "./verb.ts";
import type { AnyVerb, VerbScope } from "./verb.ts";

const FILE = z.strictObject({ file: z.string() });

interface Verified {
  readonly file: string;
  readonly kind: "notebook" | "report";
  readonly seal: string | null;
  readonly whole: boolean;
  readonly checks: readonly Check[];
}

export const reportVerify: AnyVerb = defineVerb<z.output<typeof FILE>, Verified>({
  name: "report-verify",
  parameters: FILE,
  declare(program, ask) {
    commandGroup(program, "report", "exported notebooks and reports: files that stand on their own")
      .command("verify <file>")
      .description(
        "check the marks and the data of a file; where there is a workspace, its records and its rows too",
      )
      .action((file: string) => ask({ file: resolve(file) }));
  },
  run: ({ file }, scope) => verify(file, scope),
  runAlone: ({ file }) => verify(file, null),
  failed: ({ whole }) => !whole,
  print: ({ file, kind, whole, checks, seal }) =>
    [
      ...checkLines(checks),
      whole
        ? `${basename(file)} is a whole ${kind}: ${checks.filter(({ state }) => state === "ok").length} checks passed.`
        : `${basename(file)} is not what was exported.`,
      ...(seal === null ? [] : [`Seal ${seal.slice(0, 16)}.`]),
    ].join("\n"),
});

const SIGNS: Readonly<Record<Check["state"], string>> = {
  ok: "✓",
  failed: "✗",
  "not-checked": "–",
};

/** What was found, a line each; of what is as it should be only where there is something to say. */
export function checkLines(checks: readonly Check[]): string[] {
  return checks
    .filter(({ state, found }) => state !== "ok" || found !== "")
    .map(({ what, state, found }) => `${SIGNS[state]} ${what}: ${found}`);
}

async function verify(path: string, scope: VerbScope | null): Promise<Verified> {
  const file = await bytesOf(path);
  const alone: Check = {
    what: "the materialisations it is made of",
    state: "not-checked",
    found: "there is no workspace here",
  };
  if (!isExportedNotebook(file)) {
    const check = scope === null ? alone : checkReport(file, scope.workspace.catalog);
    return { file: path, kind: "report", seal: null, whole: check.state === "ok", checks: [check] };
  }
  const { notebook, seal, checks } = verifyFile(file);
  const against =
    scope === null
      ? [alone]
      : [
          ...checkAgainst(notebook, scope.workspace.catalog),
          ...(await checkRows(file, path, notebook, scope)),
        ];
  const all = [...checks, await scriptCheck(notebook), ...against];
  const whole = all.every(({ state }) => state !== "failed");
  return { file: path, kind: "notebook", seal, whole, checks: all };
}

async function bytesOf(path: string): Promise<Buffer> {
  const refusal = {
    code: "usage",
    message: `cannot read ${basename(path)}`,
    hint: "Name an exported HTML file.",
  } as const;
  // What a device or a pipe gives may have no end.
  if ((await stat(path).catch(() => null))?.isFile() !== true) throw new WorkspaceError(refusal);
  return readFile(path).catch((cause: unknown) => {
    throw new WorkspaceError(refusal, { cause });
  });
}

/** Whoever changes the script and every hash with it changes what is shown: here the script is known. */
async function scriptCheck({ runtime, software }: ExportedNotebook): Promise<Check> {
  const what = "the script is that of this Karyon";
  const own = await readFile(RUNTIME_SCRIPT, "utf8").catch(() => null);
  if (own !== null && sha256(insideScript(own)) === runtime.script) return { what, state: "ok", found: "" };
  return { what, state: "not-checked", found: `it is of another build (${software}): compare the seal` };
}
