import { readFile } from "node:fs/promises";

import * as z from "zod";

import { sha256 } from "#notebook/sha256.ts";
import type { CellAnalysis, CellText } from "#protocol/kernel-messages.ts";

import { writeWhole } from "./write-whole.ts";

/** Where analyses are kept from one process to the next, and whose they are. */
export interface AnalysesPlace {
  /** Of the workspace. */
  readonly path: string;
  /** Of all workspaces on this machine. */
  readonly shared: string;
  /** Whether the notebooks are those that come with Karyon: only of them something is kept for all workspaces. */
  readonly shipped: boolean;
  readonly software: string;
  /** Those of another build are not taken. */
  readonly build: string;
}

/** A cell, and what its analysis may depend on beside it. */
export interface AnalysisQuestion {
  readonly cell: CellText;
  /** Names of the module folders. */
  readonly modules: readonly string[];
  /** Hash of the files that cells may be made of; null: they were not looked at. */
  readonly files: string | null;
}

const ANALYSIS: z.ZodType<CellAnalysis> = z.strictObject({
  kind: z.string().nullable(),
  live: z.boolean(),
  external: z.boolean(),
  partitioned: z.boolean(),
  inputs: z.array(z.string()),
  parts: z.record(z.string(), z.string()),
  output: z.enum(["table", "report", "none"]),
  tolerant: z.boolean(),
  light: z.boolean(),
  optional: z.array(z.string()),
  others: z.array(z.strictObject({ asset: z.string(), sample: z.null(), version: z.string() })),
  engine: z.strictObject({ own: z.string(), versions: z.record(z.string(), z.string()) }).nullable(),
  ofText: z.boolean(),
  error: z.null(),
});
const KEPT = z.strictObject({
  software: z.string(),
  build: z.string(),
  analyses: z.record(z.string(), ANALYSIS),
});
/** A file that is larger is none of ours: an analysis takes half a kilobyte. */
const MOST_CHARACTERS = 32 * 2 ** 20;

/**
 * What was found of cells, from one time to the next: to look at one of SQL takes the engine some milliseconds, and to
 * start a kernel for it half a second. Holds those of the cells that there were when the kernel was asked last, and no
 * others. The file may be lost, or be anything: what is not whole and of this build is as if it were not there.
 */
export class KnownAnalyses {
  readonly #place: AnalysesPlace | null;
  #known: Promise<ReadonlyMap<string, CellAnalysis>> | null = null;
  /** What the files hold, as far as that is known. */
  readonly #written = new Map<string, string>();
  #writing: Promise<unknown> = Promise.resolve();

  /** @param place null: in memory alone */
  constructor(place: AnalysesPlace | null = null) {
    this.#place = place;
  }

  /** What is known of each; undefined where nothing is. */
  async look(questions: readonly AnalysisQuestion[]): Promise<readonly (CellAnalysis | undefined)[]> {
    const known = await (this.#known ??= this.#read());
    return questions.map((question) =>
      keysOf(question)
        .map((key) => known.get(key))
        .find((one) => one !== undefined),
    );
  }

  /**
   * Keeps answers in place of all that was known.
   *
   * @param build of the kernel that was asked last: what another build than ours found is for this process alone
   */
  keep(
    answers: readonly (readonly [question: AnalysisQuestion, analysis: CellAnalysis])[],
    build: string | null,
  ): void {
    const known = new Map<string, CellAnalysis>();
    for (const [question, analysis] of answers) {
      const [ofText, ofFiles] = keysOf(question);
      const key = analysis.ofText ? ofText : ofFiles;
      // An error may be one of the moment.
      if (key !== undefined && analysis.error === null) known.set(key, analysis);
    }
    this.#known = Promise.resolve(known);
    if (this.#place?.build === build) this.#write(known, this.#place);
  }

  /** Settles when all is written. */
  async close(): Promise<void> {
    await this.#writing;
  }

  async #read(): Promise<ReadonlyMap<string, CellAnalysis>> {
    if (this.#place === null) return new Map();
    const { path, shared, ...whose } = this.#place;
    const [ours, everyones] = await Promise.all([this.#readFile(path, whose), this.#readFile(shared, whose)]);
    return new Map([...everyones, ...ours]);
  }

  async #readFile(
    path: string,
    { software, build }: Pick<AnalysesPlace, "software" | "build">,
  ): Promise<[string, CellAnalysis][]> {
    try {
      const text = await readFile(path, "utf8");
      if (text.length > MOST_CHARACTERS) return [];
      const kept = KEPT.parse(JSON.parse(text));
      if (kept.software !== software || kept.build !== build) return [];
      this.#written.set(path, text);
      return Object.entries(kept.analyses);
    } catch {
      return [];
    }
  }

  #write(known: ReadonlyMap<string, CellAnalysis>, place: AnalysesPlace): void {
    const { path, shared, shipped, software, build } = place;
    // Whom a cell compares with is a person's name: the file holds none.
    const nobodys = [...known].filter(([, { others }]) => others.every(({ sample }) => sample === null));
    const text = JSON.stringify({ software, build, analyses: Object.fromEntries(nobodys) });
    if (text.length > MOST_CHARACTERS) return;
    for (const file of shipped ? [path, shared] : [path]) {
      if (text === this.#written.get(file)) continue;
      this.#written.set(file, text);
      // Without it the next process takes longer, and that is all.
      this.#writing = this.#writing.then(() => writeWhole(file, text)).catch(() => null);
    }
  }
}

/** Under which an analysis is found that depends on the text alone, and one that depends on everything. */
function keysOf({ cell, modules, files }: AnalysisQuestion): string[] {
  return [[cell], ...(files === null ? [] : [[cell, modules, files]])].map((of) =>
    sha256(JSON.stringify(of)),
  );
}
