import { appendFileSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { sha256 } from "#notebook/sha256.ts";

import { SHIPPED_NOTEBOOKS } from "./workspace-paths.ts";
import { writeWhole } from "./write-whole.ts";

/** Hashes that are kept over a restart, the latest seen: a year of editing, in less than 2 MB. */
const MOST_KEPT = 25_000;

/**
 * Which texts of notebooks may run: those that come with Karyon, those that were written on a page of this
 * workspace, and those that its person trusted. What counts is the whole text, by its SHA-256, never its name or
 * anything in it: a text that another program wrote is trusted only when it was here before.
 *
 * Kept in the workspace's own folder: `trusted/hashes`, a line of hex each, and beside it the last trusted text of
 * each notebook, to tell what a change was.
 */
export class Trust {
  readonly #folder: string;
  /** In the order in which they were last seen. */
  #known: Set<string> | null = null;

  /** @param home Karyon's own folder in the workspace */
  constructor(home: string) {
    this.#folder = join(home, "trusted");
  }

  has(text: string): boolean {
    return this.#hashes().has(sha256(text));
  }

  /** A kill right after this does not lose it. */
  add(text: string): void {
    const hash = sha256(text);
    const known = this.#hashes();
    const isNew = !known.delete(hash);
    known.add(hash);
    if (!isNew) return;
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      appendFileSync(join(this.#folder, "hashes"), `${hash}\n`, { mode: 0o600 });
    } catch {
      // Not written, it holds until the end of this process, and is asked for again after it.
    }
  }

  /** The last text under a name that was trusted; null when none was. */
  async lastTrusted(path: string): Promise<string | null> {
    return readFile(join(this.#folder, path), "utf8").catch(() => null);
  }

  /** Keeps a trusted text as the last one of a name. */
  async remember(path: string, text: string): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await writeWhole(join(this.#folder, path), text);
  }

  /** Forgets hashes that were not seen for long. */
  async close(): Promise<void> {
    const known = [...(this.#known ?? [])];
    if (known.length <= MOST_KEPT) return;
    await writeWhole(join(this.#folder, "hashes"), `${known.slice(-MOST_KEPT).join("\n")}\n`).catch(
      () => null,
    );
  }

  #hashes(): Set<string> {
    this.#known ??= new Set([...shippedHashes(), ...this.#written()]);
    return this.#known;
  }

  #written(): string[] {
    try {
      return readFileSync(join(this.#folder, "hashes"), "utf8")
        .split("\n")
        .filter((line) => line !== "");
    } catch {
      return [];
    }
  }
}

function shippedHashes(): string[] {
  return readdirSync(SHIPPED_NOTEBOOKS)
    .filter((name) => name.endsWith(".md"))
    .map((name) => sha256(readFileSync(join(SHIPPED_NOTEBOOKS, name), "utf8")));
}
