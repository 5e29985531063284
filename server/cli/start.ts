import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";

import { serve } from "../serve.ts";
import { SOFTWARE } from "../software.ts";
import { setting, workspacePaths } from "../workspace-paths.ts";
import { portOf } from "./port-of.ts";
import { visible } from "./visible.ts";

/**
 * Tables pass through as buffers, which V8 takes for a heap that grows: left to itself it marks all that lives after
 * every few of them, which is two thirds of the work of handing a table on. Up to four times as much may come before.
 */
const HEAP_GROWTH = "--heap-growing-percent=300";

export interface StartOptions {
  readonly workspace?: string;
  readonly port?: number;
  readonly open: boolean;
  readonly demo: boolean;
  readonly dev?: boolean;
}

/** `karyon start`: serves until it is interrupted. Prints one line, which is the way in. */
export async function start(options: StartOptions, signal: AbortSignal): Promise<void> {
  setFlagsFromString(HEAP_GROWTH);
  const wanted = setting("port");
  const port = options.port ?? (wanted === undefined ? undefined : portOf(wanted));
  const paths = workspacePaths(options.workspace);
  // Heard from here on: to start takes seconds.
  const stopped = aborted(signal);
  const server = await serve(paths, {
    software: SOFTWARE,
    demo: options.demo,
    dev: options.dev === true,
    port,
    notice: (text) => process.stderr.write(`${visible(text)}\n`),
  });
  if (!signal.aborted) {
    process.stdout.write(`Karyon is at ${server.url}\n`);
    if (options.open && process.env["CI"] === undefined) openBrowser(server.url, paths.home);
  }
  await stopped;
  await server.close();
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

/**
 * Opens the page by way of a private file: on the command line of another program the token would be seen by
 * every user of this machine. Without a desktop nothing happens; the printed line is enough.
 */
function openBrowser(url: string, home: string): void {
  const [command, ...rest] =
    process.platform === "darwin"
      ? ["open"]
      : process.platform === "win32"
        ? ["cmd", "/c", "start", ""]
        : ["xdg-open"];
  const noDesktop =
    process.platform === "linux" && !process.env["DISPLAY"] && !process.env["WAYLAND_DISPLAY"];
  if (command === undefined || noDesktop) return;
  const file = join(home, "open.html");
  writeFileSync(file, `<!doctype html><meta http-equiv="refresh" content="0;url=${url}">\n`, { mode: 0o600 });
  const child = spawn(command, [...rest, file], { stdio: "ignore", detached: true });
  child.on("error", () => {});
  child.unref();
}
