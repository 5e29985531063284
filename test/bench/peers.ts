import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

/** Program → packages of Debian with it, and with what makes its input. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  bcftools: ["bcftools", "tabix"],
  vcfanno: ["vcfanno", "tabix"],
};

export interface Installing {
  readonly say: (line: string) => void;
  /** Folders of programs, as in `PATH`. */
  readonly path?: string;
  /** Whether packages may be installed. */
  readonly isRoot?: boolean;
}

/** Installs the peers that are missing, where this is Debian and we may; without one its rows say that it is. */
export async function installPeers(
  programs: Iterable<string>,
  { say, path = process.env["PATH"] ?? "", isRoot = process.getuid?.() === 0 }: Installing,
): Promise<void> {
  const missing = [...programs].filter((program) => !isOnPath(program, path));
  const packages = [...new Set(missing.flatMap((program) => PACKAGES[program] ?? []))];
  if (packages.length === 0 || !isRoot || !isOnPath("apt-get", path)) return;
  say(`installing ${packages.join(", ")}`);
  const run = promisify(execFile);
  const env = { ...process.env, PATH: path, DEBIAN_FRONTEND: "noninteractive" };
  try {
    await run("apt-get", ["update"], { env });
    await run("apt-get", ["install", "--yes", "--no-install-recommends", ...packages], { env });
  } catch (error) {
    say(`not installed: ${String(error)}`);
  }
}

function isOnPath(program: string, path: string): boolean {
  return path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
