import { createPublicKey, randomBytes, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";

import * as z from "zod";

import { writeWhole } from "../write-whole.ts";

const CHALLENGE_BYTES = 32;
/** More tabs than a person has open; the oldest are forgotten. */
const MOST_TABS = 64;
/** A P-256 public key: 91 bytes of DER (SPKI), base64url. */
const KEY = /^[\w-]{122}$/;
const FILE: z.ZodType<string[]> = z.array(z.string().regex(KEY)).max(MOST_TABS);

/**
 * The tabs that may come back after the server was started anew, by their public keys. A tab makes its key pair
 * itself, cannot read the private half, and loses it when it is closed: neither the file of public keys nor what
 * crosses the wire is of use to anyone else. A signature holds for one start of the server and one origin, so that
 * a program that took the port in between learns nothing that it could pass on.
 */
export class Tabs {
  /** Random at every start; what a tab signs. */
  readonly challenge: string = randomBytes(CHALLENGE_BYTES).toString("base64url");
  readonly #file: string | null;
  #keys: readonly string[];
  /** One after the other: what is written last is what is known last. */
  #writing: Promise<unknown> = Promise.resolve();

  /** `file`: where the keys stay over a restart; null keeps them in memory alone. */
  constructor(file: string | null) {
    this.#file = file;
    this.#keys = file === null ? [] : read(file);
  }

  /** Lets a tab come back from now on. @returns false for what is no public key of ours */
  async remember(key: string): Promise<boolean> {
    if (!KEY.test(key) || publicKey(key) === null) return false;
    this.#keys = [...this.#keys.filter((known) => known !== key), key].slice(-MOST_TABS);
    const file = this.#file;
    if (file !== null) {
      const written = this.#writing.then(() => writeWhole(file, `${JSON.stringify(this.#keys)}\n`));
      this.#writing = written.catch(() => null);
      await written;
    }
    return true;
  }

  /** Whether `signature` (base64url) is that of a tab that is remembered, for this start and this origin. */
  admits(key: string, signature: string, origin: string): boolean {
    const known = this.#keys.includes(key) ? publicKey(key) : null;
    if (known === null) return false;
    const text = Buffer.from(`karyon tab ${this.challenge} ${origin}`);
    const signed = Buffer.from(signature, "base64url");
    return verify("sha256", text, { key: known, dsaEncoding: "ieee-p1363" }, signed);
  }
}

/** Null for bytes that are no key, or one of another kind. */
function publicKey(key: string): KeyObject | null {
  try {
    const read = createPublicKey({ key: Buffer.from(key, "base64url"), format: "der", type: "spki" });
    return read.asymmetricKeyDetails?.namedCurve === "prime256v1" ? read : null;
  } catch {
    return null;
  }
}

/** None from a file that is not there or not ours: then the tabs are opened by the new address. */
function read(file: string): readonly string[] {
  try {
    return FILE.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return [];
  }
}
