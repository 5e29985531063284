import { createHmac } from "node:crypto";

import type { DataVersion, PartitionKey, RunId } from "#protocol/ids.ts";
import { dimensions, WHOLE } from "#protocol/ids.ts";

/** A partition that anything was ever written down of, and how many times it was added. */
export interface NamedPartition {
  readonly key: PartitionKey;
  readonly incarnation: number;
}

/** Hexadecimal digits of a hash in a name. */
const DIGITS = 16;
/** A name of one character is part of too many others. */
const LEAST_CHARACTERS = 2;

/**
 * What leaves the workspace instead of what is a person's: hashes with a key that stays here. The same sample has the same
 * one as long as it is there; added again after it was erased, another.
 */
export class Names {
  /** Of all that this workspace tells. */
  readonly namespace: string;
  readonly #salt: string;
  readonly #incarnations: ReadonlyMap<PartitionKey, number>;
  readonly #persons: ReadonlySet<string>;

  constructor(salt: string, partitions: readonly NamedPartition[]) {
    this.#salt = salt;
    this.#incarnations = new Map(partitions.map(({ key, incarnation }) => [key, incarnation]));
    const names = partitions.flatMap(({ key }) => Object.values(dimensions(key)));
    this.#persons = new Set(
      names.filter((name) => name.length >= LEAST_CHARACTERS).map((name) => plain(name)),
    );
    this.namespace = `karyon-${this.#hash("workspace")}`;
  }

  /** `user_vcf_normalized`, `user_vcf_normalized/p-0123456789abcdef`. */
  dataset(asset: string, partition: PartitionKey): string {
    return partition === WHOLE ? this.word(asset) : `${this.word(asset)}/${this.#partition(partition)}`;
  }

  /** Of the content of a table: whoever has the same genome could tell it by the hash alone. */
  version(version: DataVersion): string {
    return this.#hash(JSON.stringify(["version", version]));
  }

  /** A name of an asset or a column; a user or a sample in it is a hash. */
  word(text: string): string {
    if (this.#persons.size === 0) return text;
    const parts = text.split(/([^\p{L}\p{N}]+)/u);
    // Words stand at even places, what is between them at odd ones.
    for (let length = parts.length; length > 0; length -= 2) {
      for (let from = 0; from + length <= parts.length; from += 2) {
        const found = parts.slice(from, from + length).join("");
        if (!this.#persons.has(plain(found))) continue;
        const before = parts.slice(0, from).join("");
        const after = parts.slice(from + length).join("");
        return `${this.word(before)}n-${this.#hash(`name ${plain(found)}`)}${this.word(after)}`;
      }
    }
    return text;
  }

  /** Of a run, or of a step in it: a UUID of version 8, which is what one makes it. */
  uuid(run: RunId, asset: string | null = null, partition: PartitionKey = WHOLE): string {
    const hex = createHmac("sha256", this.#salt)
      .update(JSON.stringify(["run", run, asset, partition]))
      .digest("hex");
    const variant = "89ab"[Number.parseInt(hex[16] ?? "0", 16) % 4];
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }

  #partition(key: PartitionKey): string {
    return `p-${this.#hash(JSON.stringify(["partition", key, this.#incarnations.get(key) ?? 0]))}`;
  }

  #hash(text: string): string {
    return createHmac("sha256", this.#salt).update(text).digest("hex").slice(0, DIGITS);
  }
}

/** As two spellings of one name have it in common. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "_");
}
