import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { expect, test } from "vitest";

import { VERSION } from "../../server/software.ts";

const ENTRY = fileURLToPath(new URL("../../server/cli/karyon.js", import.meta.url));

/** What `karyon --version` prints on a Node that says it is of a version. */
function onNode(version: string): Promise<{ stdout: string; stderr: string; code?: number }> {
  const versions = `{ value: { ...process.versions, node: ${JSON.stringify(version)} } }`;
  const preload = `data:text/javascript,Object.defineProperty(process, "versions", ${versions})`;
  const words = ["--import", preload, ENTRY, "--version"];
  return promisify(execFile)(process.execPath, words).catch((error) => error);
}

test.each(["16.20.2", "18.20.8", "20.18.3", "21.7.3", "22.11.0"])(
  "Node %s is refused in words",
  async (version) => {
    expect(await onNode(version)).toMatchObject({
      code: 1,
      stdout: "",
      stderr: `karyon: Node ${version} is too old\n  Install Node 22.12 or newer, or 20.19.\n`,
    });
  },
);

test.each(["20.19.0", "22.12.0", "23.0.0", "24.0.0", "26.12.1"])("Node %s is not", async (version) => {
  expect(await onNode(version)).toEqual({ stdout: `${VERSION}\n`, stderr: "" });
});
