import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

import { sha256 } from "#notebook/sha256.ts";

import { Tabs } from "./tabs.ts";

const SECRET_BYTES = 32;

/** Who asks: the page with its cookie, or a program on this machine with the token. */
export type Caller = "page" | "program";

/** How a tab of before proves itself: its public key and its signature. */
const TAB = /^Tab ([\w-]+)\.([\w-]+)$/i;

/**
 * The secrets of one start of the server: a token, which whoever starts it hands to the person, and the
 * session that a browser gets in exchange. Both are random at every start, so a cookie dies with the server;
 * a tab that was let in before gets the new one for its signature.
 */
export class Access {
  /** 256 random bits, base64url. */
  readonly token: string = randomBytes(SECRET_BYTES).toString("base64url");
  readonly tabs: Tabs;
  readonly #session: string = randomBytes(SECRET_BYTES).toString("base64url");
  readonly #instance: string;

  /**
   * `instance` tells workspaces on one port apart, such as by their folder; only its hash shows. The same
   * at every start, so that a browser replaces the old cookie instead of gathering dead ones.
   */
  constructor(instance: string, tabs: Tabs = new Tabs(null)) {
    this.tabs = tabs;
    this.#instance = sha256(instance).slice(0, 12);
  }

  /** Whether `candidate` is the token. Takes as long for every candidate. */
  opens(candidate: string): boolean {
    return same(candidate, this.token);
  }

  /** Value of `Set-Cookie`. Browsers share cookies between ports, hence the port in the name. */
  cookie(port: number): string {
    return `${this.#cookieName(port)}=${this.#session}; Path=/; HttpOnly; SameSite=Strict`;
  }

  /** Value of `WWW-Authenticate` of what is refused for want of a secret. */
  get asks(): string {
    return `Bearer, Tab challenge="${this.tabs.challenge}"`;
  }

  /** Null for a caller without a valid secret. */
  caller(request: IncomingMessage, port: number): Caller | null {
    const authorization = request.headers.authorization ?? "";
    const bearer = /^Bearer ([\w-]+)$/i.exec(authorization)?.[1];
    if (bearer !== undefined) return this.opens(bearer) ? "program" : null;
    const [, key, signature] = TAB.exec(authorization) ?? [];
    if (key !== undefined && signature !== undefined) {
      const origin = `http://${request.headers.host ?? ""}`;
      return this.tabs.admits(key, signature, origin) ? "page" : null;
    }
    const name = this.#cookieName(port);
    // Any of several: another program on this host can plant a second cookie of our name, but not its value.
    const values = cookies(request).filter((cookie) => cookie.name === name);
    return values.some(({ value }) => same(value, this.#session)) ? "page" : null;
  }

  #cookieName(port: number): string {
    return `karyon-${port}-${this.#instance}`;
  }
}

function cookies(request: IncomingMessage): { name: string; value: string }[] {
  return (request.headers.cookie ?? "").split(";").map((pair) => {
    const equals = pair.indexOf("=");
    return { name: pair.slice(0, equals).trim(), value: pair.slice(equals + 1).trim() };
  });
}

/** Compares digests, so that neither the length nor a common start of the secret can be timed. */
function same(left: string, right: string): boolean {
  return timingSafeEqual(digest(left), digest(right));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
