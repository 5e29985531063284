import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect, onTestFinished, test } from "vitest";

import { cellsOf, serialise } from "#notebook/notebook.ts";
import { parse } from "#notebook/parse.ts";

import { Sessions } from "../../server/sessions.ts";

const ENTRY = fileURLToPath(new URL("./typing-process.ts", import.meta.url));
const TEXT = "# T\n\n```sql a\n0\n```\n\nThe end.\n";

/** Lets a process type until it has said `enough` numbers, kills it, and answers with the last it said. */
async function typeAndKill(folder: string, home: string, enough: number): Promise<number> {
  const child = spawn(process.execPath, ["--import", "tsx", ENTRY, folder, home], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    if (said.split("\n").length > enough) child.kill("SIGKILL");
  });
  await once(child, "close");
  return Number(said.trim().split("\n").at(-1));
}

test("whatever was answered is there after a kill at any time, and the file is whole", async () => {
  const root = mkdtempSync(join(tmpdir(), "karyon-killed-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const [folder, home] = [join(root, "notebooks"), join(root, ".karyon")];
  mkdirSync(folder);
  for (const enough of [1, 40, 300, 1_500]) {
    rmSync(home, { recursive: true, force: true });
    writeFileSync(join(folder, "one.md"), TEXT);
    const last = await typeAndKill(folder, home, enough);
    const file = readFileSync(join(folder, "one.md"), "utf8");
    expect([file.startsWith("# T\n\n```sql a\n"), file.endsWith("\n```\n\nThe end.\n")]).toEqual([
      true,
      true,
    ]);

    const sessions = new Sessions(folder, home);
    await sessions.openAll();
    const session = await sessions.session("one.md");
    // One more may have been written down before its number could be said.
    const [cell] = cellsOf(parse("one.md", session.text));
    const number = Number.parseInt(cell?.source ?? "", 10);
    expect(number).toBeGreaterThanOrEqual(last);
    expect(session.text).toBe(TEXT.replace("\n0\n", `\n${number}\n${"x".repeat(number % 97)}\n`));
    expect(serialise(session.notebook)).toBe(session.text);
    while (session.standing.canUndo) await session.dispatch({ type: "undo" });
    expect(session.text).toBe(TEXT);
    await sessions.close();
    expect(readFileSync(join(folder, "one.md"), "utf8")).toBe(TEXT);
    expect(readdirSync(folder)).toEqual(["one.md"]);
  }
});
