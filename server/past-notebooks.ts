import { statSync } from "node:fs";
import { chmod, mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";

import { parse } from "#notebook/parse.ts";
import { sha256 } from "#notebook/sha256.ts";
import type { ObjectHash, PartitionKey, RunId } from "#protocol/ids.ts";
import type { StoredFile } from "#protocol/record.ts";

import type { Catalog } from "./catalog/catalog.ts";
import { loadDefinitions } from "./definitions.ts";
import type { Definitions } from "./definitions.ts";
import type { Kernel } from "./kernels/kernel.ts";
import { KnownAnalyses } from "./known-analyses.ts";
import { objectPath } from "./runs/published-tree.ts";
import { writeWhole } from "./write-whole.ts";

/** What the notebooks said when a run was made from them. Modules that are folders are those of now. */
export interface PastDefinitions extends Definitions {
  readonly run: RunId;
}

/** What is needed of a workspace. */
interface Surroundings {
  readonly catalog: Catalog;
  /** Karyon's own folder. */
  readonly home: string;
  readonly notebooks: string;
  readonly kernel: Pick<Kernel, "request">;
  readonly isTrusted: (text: string) => boolean;
}

/**
 * The texts of notebooks beside what was made from them: stored files under the hash of their content, which go with
 * the partition whose run kept them when no other did.
 */
export class PastNotebooks {
  readonly #around: Surroundings;
  readonly #analyses = new KnownAnalyses();
  /** The last that was asked for: a page that shows a time asks for it again and again. */
  #last: { readonly run: RunId; readonly definitions: Promise<PastDefinitions | null> } | null = null;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** Keeps the texts that a run is made from. */
  async keep(run: RunId, partition: PartitionKey, texts: ReadonlyMap<string, string>): Promise<void> {
    const files: StoredFile[] = [];
    for (const [name, text] of texts) files.push(await storeText(name, text, this.#around.home));
    this.#around.catalog.append({ type: "notebooks_kept", run, partition, files });
  }

  /** What the notebooks said at a time (ISO 8601, UTC); null when that was not kept. */
  async at(until: string): Promise<PastDefinitions | null> {
    const kept = this.#around.catalog.notebooksAt(until);
    if (kept === null) return null;
    if (this.#last?.run !== kept.run) {
      const definitions = this.#read(kept.run, kept.files);
      this.#last = { run: kept.run, definitions };
      // A failure (a kernel that could not start) is not remembered.
      definitions.catch(() => (this.#last = null));
    }
    return this.#last.definitions;
  }

  /** Has what is read beside the texts, the modules of now and what is trusted, read again. */
  forget(): void {
    this.#last = null;
  }

  async #read(run: RunId, files: readonly StoredFile[]): Promise<PastDefinitions | null> {
    const { home, notebooks, kernel, isTrusted } = this.#around;
    const texts = await Promise.all(
      files.map(async ({ name, hash }) => {
        const text = await readFile(objectPath(home, hash), "utf8").catch(() => null);
        return text === null || sha256(text) !== hash ? null : { name, text };
      }),
    );
    const standing = texts.flatMap((one) => {
      if (one === null) return [];
      const untrusted = isTrusted(one.text) ? null : { changed: null };
      return [
        {
          notebook: parse(one.name, one.text),
          standing: { revision: 0, canUndo: false, canRedo: false, untrusted },
        },
      ];
    });
    // Without one of them the others would read what nothing defines.
    if (standing.length < files.length) return null;
    return { ...(await loadDefinitions(notebooks, standing, kernel, this.#analyses)), run };
  }
}

async function storeText(name: string, text: string, home: string): Promise<StoredFile> {
  const hash = sha256(text) as ObjectHash;
  const path = objectPath(home, hash);
  const bytes = Buffer.byteLength(text);
  if (statSync(path, { throwIfNoEntry: false })?.size !== bytes) {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeWhole(path, text);
    await chmod(path, 0o400);
  }
  return { name, hash, bytes };
}
