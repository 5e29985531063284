import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtemp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { testFolder } from "./test-folder.ts";

const ENTRY = fileURLToPath(new URL("../../server/cli/karyon.js", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A new folder for one test. It goes when all tests have ended. */
export function temporaryFolder(name: string): Promise<string> {
  return mkdtemp(join(testFolder(), `karyon-${name}-`));
}

/** Starts the command line as a person does, in a process of its own. */
export function startKaryon(workspace: string, ...words: readonly string[]): ChildProcess {
  const environment = { ...process.env, NODE_OPTIONS: "" };
  return spawn(process.execPath, [ENTRY, "--workspace", workspace, ...words], {
    env: environment,
    stdio: "pipe",
  });
}

/** Runs a command to its end. */
export function karyon(workspace: string, ...words: readonly string[]): Promise<Ended> {
  return endOf(startKaryon(workspace, ...words));
}

/** Runs a command with `--json`; what it printed as a value, whatever its exit code. */
export async function karyonJson<T>(workspace: string, ...words: readonly string[]): Promise<T> {
  const { stdout, stderr } = await karyon(workspace, "--json", ...words);
  if (stdout.trim() === "") throw new Error(stderr);
  return JSON.parse(stdout) as T;
}

/** The address that a started server prints. @throws what it said when it ends without one */
export function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    server.stdout?.on("data", (text: string) => {
      said += text;
      const address = /Karyon is at (\S+)\n/.exec(said)?.[1];
      if (address !== undefined) resolve(address);
    });
    void endOf(server).then(({ stdout, stderr }) => reject(new Error(`${stdout}${stderr}`)));
  });
}

/** Numbers of the processes that one started; none where there is no `/proc`. */
export async function childrenOf({ pid }: { readonly pid?: number | undefined }): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  return children.split(/\s+/).flatMap((child) => (child === "" ? [] : [Number(child)]));
}

export function endOf(child: ChildProcess): Promise<Ended> {
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, stdout, stderr })));
}

/** Settles when `condition` holds; asked often, and given up by the test's own time limit. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}
