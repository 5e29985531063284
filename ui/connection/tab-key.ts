import type { Knocked } from "./connection.ts";
import { healthUrl, tabsUrl } from "./urls.ts";

/**
 * What lets this tab, and no other, back in when the server was started anew: a key pair whose private half no
 * script can read, and which is gone with the tab. The server keeps the public half, and asks for a signature over
 * a challenge of its own and the address that this tab sees.
 */
export class TabKey {
  readonly #pair: Promise<CryptoKeyPair> = crypto.subtle.generateKey(
    { name: "ECDSA", namedCurve: "P-256" },
    false,
    ["sign"],
  );

  /** Tells the server, which has let this page in, the public half. Without it the page only has to be opened anew. */
  async introduce(): Promise<void> {
    await this.#send({}).catch(() => null);
  }

  /** Asks whether the server is there; when it does not know the page's cookie, proves that it knew this tab. */
  async knock(): Promise<Knocked> {
    try {
      const answer = await fetch(healthUrl());
      if (answer.status !== 401) return "away";
      const challenge = /\bTab challenge="([\w-]+)"/.exec(answer.headers.get("WWW-Authenticate") ?? "")?.[1];
      if (challenge === undefined) return "locked";
      const { publicKey, privateKey } = await this.#pair;
      const text = new TextEncoder().encode(`karyon tab ${challenge} ${location.origin}`);
      const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, privateKey, text);
      const proof = `Tab ${await publicText(publicKey)}.${base64url(signature)}`;
      return (await this.#send({ Authorization: proof })).ok ? "let-in" : "locked";
    } catch {
      return "away";
    }
  }

  async #send(headers: Readonly<Record<string, string>>): Promise<Response> {
    const { publicKey } = await this.#pair;
    return fetch(tabsUrl(), {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify({ key: await publicText(publicKey) }),
    });
  }
}

async function publicText(key: CryptoKey): Promise<string> {
  return base64url(await crypto.subtle.exportKey("spki", key));
}

function base64url(bytes: ArrayBuffer): string {
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
