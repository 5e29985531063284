import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * Bytes that a process holds and that the system cannot take back: without pages of files, such as Parquet that is
 * mapped. Null where nobody says so, and for a process that is gone.
 */
export async function heldMemory(pid: number): Promise<number | null> {
  if (process.platform === "linux") {
    const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
    const kilobytes = [...status.matchAll(/^(?:RssAnon|RssShmem|VmSwap):\s+(\d+) kB$/gm)];
    return kilobytes.length === 0
      ? null
      : kilobytes.reduce((sum, [, count]) => sum + Number(count) * 1024, 0);
  }
  if (process.platform === "win32") return null;
  const { stdout } = await run("ps", ["-o", "rss=", "-p", String(pid)]).catch(() => ({ stdout: "" }));
  const kilobytes = Number.parseInt(stdout, 10);
  return Number.isNaN(kilobytes) ? null : kilobytes * 1024;
}
