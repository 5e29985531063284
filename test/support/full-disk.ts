import { execFileSync } from "node:child_process";

/**
 * While `use` runs, no file of this process grows beyond so many bytes: as on a full disk, a write that reaches the
 * limit is cut short, and the next one fails. Linux alone.
 */
export async function withFullDisk(bytes: number, use: () => Promise<void>): Promise<void> {
  // Without it, the signal ends the process.
  const ignore = (): void => undefined;
  process.on("SIGXFSZ", ignore);
  limitFiles(String(bytes));
  try {
    await use();
  } finally {
    limitFiles("unlimited");
    process.off("SIGXFSZ", ignore);
  }
}

function limitFiles(bytes: string): void {
  execFileSync("/bin/sh", ["-c", `prlimit --pid ${process.pid} --fsize=${bytes}:`]);
}
