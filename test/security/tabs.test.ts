/** Attack case A5 over a restart: the tab that was let in comes back, and nobody with what it sent or we keep. */
import { generateKeyPairSync, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { Tabs } from "../../server/edge/tabs.ts";
import { listen } from "../../server/listen.ts";
import { request, startEdge } from "../server/edge.ts";
import type { Answer, Edge } from "../server/edge.ts";

interface Tab {
  readonly key: string;
  readonly secret: KeyObject;
}

function openTab(namedCurve = "P-256"): Tab {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve });
  return { key: publicKey.export({ format: "der", type: "spki" }).toString("base64url"), secret: privateKey };
}

const post = (
  edge: Edge,
  body: unknown,
  changes: Readonly<Record<string, string | null>> = {},
): Promise<Answer> => request(edge, "/api/tabs", changes, { method: "POST", body: JSON.stringify(body) });

async function challengeOf(edge: Edge): Promise<string> {
  const refused = await request(edge, "/api/health", { Cookie: null });
  return (
    /^Bearer, Tab challenge="([\w-]{43})"$/.exec(refused.headers.get("www-authenticate") ?? "")?.[1] ?? ""
  );
}

function proof({ key, secret }: Tab, challenge: string, origin: string): string {
  const text = Buffer.from(`karyon tab ${challenge} ${origin}`);
  const signature = sign("sha256", text, { key: secret, dsaEncoding: "ieee-p1363" });
  return `Tab ${key}.${signature.toString("base64url")}`;
}

const fileOf = (edge: Edge): string => join(edge.workspace.folder, "tabs.json");

/** The server as it is after a kill and a start: new secrets, the same port, the file of tabs. */
async function restarted(edge: Edge): Promise<Edge> {
  await edge.close();
  const again = await listen({
    api: edge.workspace,
    page: join(edge.workspace.folder, "page"),
    instance: edge.workspace.folder,
    port: edge.port,
    tabs: fileOf(edge),
    onDefect: () => {},
  });
  onTestFinished(() => again.close());
  return { ...edge, ...again };
}

/** A tab that a server knows, and that server started anew. */
async function known(): Promise<{ tab: Tab; before: string; edge: Edge }> {
  const first = await restarted(await startEdge());
  const entered = await request(first, `/?token=${first.token}`, { Cookie: null });
  const cookie = entered.headers.get("set-cookie")?.split(";")[0] ?? "";
  const tab = openTab();
  expect((await post(first, { key: tab.key }, { Cookie: cookie })).status).toBe(204);
  const before = await challengeOf(first);
  return { tab, before, edge: { ...(await restarted(first)), cookie } };
}

test("a tab proves itself to the server that was started anew, and gets the cookie of this start", async () => {
  const { tab, edge } = await known();
  expect((await request(edge, "/api/health")).status).toBe(401);
  const authorization = proof(tab, await challengeOf(edge), edge.origin);
  const back = await post(edge, { key: tab.key }, { Cookie: null, Authorization: authorization });
  expect(back.status).toBe(204);
  const [cookie = ""] = back.headers.get("set-cookie")?.split(";") ?? [];
  expect(cookie.split("=")[0]).toBe(edge.cookie.split("=")[0]);
  expect((await request(edge, "/api/health", { Cookie: cookie })).status).toBe(200);
});

test("what a tab sent, or what another would send for it, opens nothing", async () => {
  const { tab, before, edge } = await known();
  const challenge = await challengeOf(edge);
  expect(challenge).not.toBe(before);
  for (const authorization of [
    // Of the start before, as a program that listened there has it.
    proof(tab, before, edge.origin),
    // Given to a program on another port, or under another name, that passed our challenge on.
    proof(tab, challenge, `http://127.0.0.1:${edge.port + 1}`),
    proof(tab, challenge, `http://localhost:${edge.port}`),
    proof({ ...openTab(), key: tab.key }, challenge, edge.origin),
    proof(openTab(), challenge, edge.origin),
    `Tab ${tab.key}.`,
    `Tab ${tab.key}.AAAA`,
    `Tab .${tab.key}`,
    `Tab ${tab.key}`,
  ]) {
    const answer = await post(edge, { key: tab.key }, { Cookie: null, Authorization: authorization });
    expect({ authorization, status: answer.status }).toEqual({ authorization, status: 401 });
    expect(answer.headers.get("set-cookie")).toBeUndefined();
  }
});

test("the proof of a tab passes from no other origin, and from none", async () => {
  const { tab, edge } = await known();
  const authorization = proof(tab, await challengeOf(edge), edge.origin);
  for (const origin of ["http://evil.example", "null", null, `http://localhost:${edge.port}`]) {
    const headers = { Cookie: null, Authorization: authorization, Origin: origin };
    expect((await post(edge, { key: tab.key }, headers)).status).toBe(403);
  }
});

test("what is kept of tabs is theirs to read alone, and of no use to who reads it", async () => {
  const { tab, edge } = await known();
  expect(statSync(fileOf(edge)).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(fileOf(edge), "utf8"))).toEqual([tab.key]);
});

test("tabs that come back at once are all kept", async () => {
  const edge = await startEdge();
  const tabs = new Tabs(fileOf(edge));
  const keys = Array.from({ length: 30 }, () => openTab().key);
  await Promise.all(keys.map((key) => tabs.remember(key)));
  expect(JSON.parse(readFileSync(fileOf(edge), "utf8"))).toEqual(keys);
});

test.each([
  {},
  { key: "" },
  { key: 1 },
  { key: "A".repeat(122) },
  { key: openTab("P-384").key },
  { key: "x", y: 1 },
])("%o is no key of a tab", async (body) => {
  const edge = await startEdge();
  expect((await post(edge, body)).status).toBe(400);
});

test("the oldest of too many tabs is forgotten, and a file that is not ours holds none", async () => {
  const { tab, edge } = await known();
  const cookie = await post(
    edge,
    { key: tab.key },
    {
      Cookie: null,
      Authorization: proof(tab, await challengeOf(edge), edge.origin),
    },
  );
  const signedIn = { Cookie: cookie.headers.get("set-cookie")?.split(";")[0] ?? "" };
  for (let n = 0; n < 64; n++) await post(edge, { key: openTab().key }, signedIn);
  const kept = JSON.parse(readFileSync(fileOf(edge), "utf8")) as string[];
  expect([kept.length, kept.includes(tab.key)]).toEqual([64, false]);
  writeFileSync(fileOf(edge), '["no key"]');
  const again = await restarted(edge);
  const authorization = proof(tab, await challengeOf(again), again.origin);
  expect((await post(again, { key: tab.key }, { Cookie: null, Authorization: authorization })).status).toBe(
    401,
  );
});
