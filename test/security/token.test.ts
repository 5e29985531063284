/** Attack cases A5, A7: the token, what it is exchanged for, and where it must not be seen. */
import { expect, onTestFinished, test } from "vitest";

import { listen } from "../../server/listen.ts";
import { request, send, startEdge, upgrade } from "../server/edge.ts";

test("the token is exchanged for a strict cookie and leaves the address", async () => {
  const edge = await startEdge();
  const answer = await request(edge, `/?token=${edge.token}`, { Cookie: null });
  expect(answer.status).toBe(303);
  expect(answer.headers.get("location")).toBe("/");
  expect(answer.headers.get("set-cookie")).toMatch(
    new RegExp(`^karyon-${edge.port}-[0-9a-f]{12}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`),
  );
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
  expect(answer.raw).not.toContain(edge.token);
  expect((await request(edge, "/", { Cookie: edge.cookie })).status).toBe(200);
});

test("the rest of the address stays, and cannot lead elsewhere", async () => {
  const edge = await startEdge();
  for (const [rest, location] of [
    ["notebook=genome.md", "/?notebook=genome.md"],
    ["next=//evil.example", "/?next=%2F%2Fevil.example"],
    ["next=\\evil.example", "/?next=%5Cevil.example"],
    ["next=https:evil.example", "/?next=https%3Aevil.example"],
    ["a=%0d%0aSet-Cookie:%20x=1", "/?a=%0D%0ASet-Cookie%3A+x%3D1"],
  ] as const) {
    for (const query of [`token=${edge.token}&${rest}`, `${rest}&token=${edge.token}`]) {
      const answer = await request(edge, `/?${query}`, { Cookie: null });
      expect([answer.status, answer.headers.get("location")]).toEqual([303, location]);
      expect(answer.headers.has("x")).toBe(false);
    }
  }
});

test.each(["//evil.example/", "/\\evil.example", "/api/health", "/index.html", "/%2e/"])(
  "the token is taken at / alone, not at %s",
  async (path) => {
    const edge = await startEdge();
    const answer = await request(edge, `${path}?token=${edge.token}`, { Cookie: null });
    expect(answer.status).toBe(401);
    expect(answer.headers.get("location")).toBeUndefined();
  },
);

test("a token that is wrong, short, long, empty or given twice opens nothing", async () => {
  const edge = await startEdge();
  const last = edge.token.endsWith("A") ? "B" : "A";
  for (const token of [
    "",
    "x",
    edge.token.slice(0, -1),
    edge.token.slice(0, -1) + last,
    `${edge.token}A`,
    `${edge.token}%00`,
    "%C3%A9".repeat(43),
    "A".repeat(20_000),
    `${edge.token}&token=${edge.token}`,
  ]) {
    const answer = await request(edge, `/?token=${token}`, { Cookie: null });
    expect(answer.status).toBe(403);
    expect(answer.headers.get("set-cookie")).toBeUndefined();
  }
  expect(
    (await request(edge, `/?token=${edge.token}`, { Cookie: null }, { method: "POST", body: "{}" })).status,
  ).toBe(401);
});

test("the locked page says how to open the workspace, and nothing of what is in it", async () => {
  const edge = await startEdge();
  const answer = await request(edge, "/", { Cookie: null });
  expect(answer.status).toBe(401);
  expect(answer.body).toContain("open the address it printed");
  expect(answer.body).not.toMatch(/<script|anna|boris|genome\.md/);
  expect(answer.body).not.toContain(edge.workspace.folder);
});

test("a restart on the same port ends the old cookie and the old token, and replaces the cookie", async () => {
  const edge = await startEdge();
  await edge.close();
  const again = await listen({
    api: edge.workspace,
    page: `${edge.workspace.folder}/page`,
    port: edge.port,
    instance: edge.workspace.folder,
    onDefect: () => {},
  });
  onTestFinished(() => again.close());
  expect((await request(edge, "/api/health")).status).toBe(401);
  expect((await send(edge.port, upgrade(edge))).status).toBe(401);
  expect((await request(edge, `/?token=${edge.token}`)).status).toBe(403);
  const bearer = { Cookie: null, Authorization: `Bearer ${edge.token}` };
  expect((await request(edge, "/api/health", bearer)).status).toBe(401);

  const entered = await request(edge, `/?token=${again.token}`, { Cookie: edge.cookie });
  const [cookie = ""] = entered.headers.get("set-cookie")?.split(";") ?? [];
  expect(cookie.split("=")[0]).toBe(edge.cookie.split("=")[0]);
  // A cookie that another program planted beside it locks nobody out.
  expect((await request(edge, "/api/health", { Cookie: `${edge.cookie}; ${cookie}` })).status).toBe(200);
});

test("the cookie of one workspace does not open another", async () => {
  const [one, other] = [await startEdge(), await startEdge()];
  expect((await request(other, "/api/health", { Cookie: one.cookie })).status).toBe(401);
  const renamed = `${other.cookie.split("=")[0] ?? ""}=${one.cookie.split("=")[1] ?? ""}`;
  expect((await request(other, "/api/health", { Cookie: renamed })).status).toBe(401);
});
