import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

import type { Browser, BrowserContext, BrowserContextOptions } from "playwright-core";

/** Names under which systems install Chromium or its like. */
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const PLACES = [
  ...(process.env["PATH"] ?? "").split(delimiter),
  "/Applications/Google Chrome.app/Contents/MacOS",
  "/Applications/Chromium.app/Contents/MacOS",
];

/** Started so, Chromium asks nobody on the network for anything, and runs as root in a container too. */
export const CHROMIUM_ARGUMENTS: readonly string[] = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * Path of the browser for tests: `$KARYON_CHROMIUM`, else one that the system has, else the one that comes with
 * an npm package (glibc Linux on x64).
 *
 * @throws when there is none: a browser test is never skipped
 */
export async function chromiumPath(): Promise<string> {
  const named = process.env["KARYON_CHROMIUM"];
  if (named !== undefined && named !== "") return named;
  for (const place of PLACES) {
    for (const name of [...NAMES, "Google Chrome", "Chromium"]) {
      const path = join(place, name);
      if (place !== "" && existsSync(path)) return path;
    }
  }
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Error("no browser for the tests: install Chromium, or name one in KARYON_CHROMIUM");
  }
  const { default: chromium } = await import("@sparticuz/chromium");
  return chromium.executablePath();
}

/** The browser for tests, started. Whoever opens it closes it. */
export async function openBrowser(): Promise<Browser> {
  const { chromium } = await import("playwright-core");
  return chromium.launch({ executablePath: await chromiumPath(), args: [...CHROMIUM_ARGUMENTS] });
}

let shared: Promise<Browser> | null = null;

/**
 * A profile of its own in one browser for all tests of this process: to start a browser takes longer than many a test.
 * Whoever opens it closes it; the browser ends with the process.
 */
export async function openContext(options: BrowserContextOptions): Promise<BrowserContext> {
  const known = await shared?.catch(() => null);
  if (known?.isConnected() === true) return known.newContext(options);
  shared = openBrowser();
  return (await shared).newContext(options);
}

// As a program, it says where the browser is, or fails.
if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(`${await chromiumPath()}\n`);
