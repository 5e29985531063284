/** Attack cases A2, A3, A6: what a page of another site can make a browser send. */
import { expect, test } from "vitest";

import { request, send, startEdge, upgrade } from "../server/edge.ts";

const FOREIGN_ORIGINS: readonly ((port: number) => string | null)[] = [
  () => null,
  () => "",
  () => "null",
  () => "http://evil.example",
  (port) => `http://evil.example:${port}`,
  (port) => `http://localhost:${port}`, // ours, but not the one that Host names
  (port) => `http://127.0.0.1:${port + 1}`,
  (port) => `http://127.0.0.1:${port}0`,
  () => "http://127.0.0.1",
  (port) => `http://127.0.0.1.evil.example:${port}`,
  (port) => `https://127.0.0.1:${port}`,
  (port) => `http://127.0.0.1.:${port}`,
  (port) => `http://127.0.0.1:${port}/`,
  (port) => `http://127.0.0.1:${port}@evil.example`,
  (port) => `http://evil.example@127.0.0.1:${port}`,
  (port) => `HTTP://127.0.0.1:${port}`,
  (port) => `http://127.0.0.1:${port} http://evil.example`,
  (port) => `http://127.0.0.1:${port}, http://127.0.0.1:${port}`,
  (port) => `http://①27.0.0.1:${port}`,
  (port) => `http://xn--27-j4s.0.0.1:${port}`,
  (port) => `ws://127.0.0.1:${port}`,
  (port) => `file://127.0.0.1:${port}`,
];

test("a socket of a foreign origin is refused before the upgrade, and not a byte of it is spoken", async () => {
  const edge = await startEdge();
  for (const foreign of FOREIGN_ORIGINS) {
    const origin = foreign(edge.port);
    const answer = await send(edge.port, upgrade(edge, { Origin: origin }));
    expect({ origin, status: answer.status }).toEqual({ origin, status: 403 });
    expect(answer.headers.get("upgrade")).toBeUndefined();
    expect(answer.headers.get("connection")).toBe("close");
  }
});

test("a post of a foreign origin starts nothing", async () => {
  const edge = await startEdge();
  for (const foreign of FOREIGN_ORIGINS) {
    const origin = foreign(edge.port);
    const answer = await request(edge, "/api/verbs/echo", { Origin: origin }, { method: "POST", body: "{}" });
    expect({ origin, status: answer.status }).toEqual({ origin, status: 403 });
  }
  expect(edge.workspace.started).toEqual([]);
});

test("two origins are none", async () => {
  const edge = await startEdge();
  const two = upgrade(edge).replace("Origin:", `Origin: ${edge.origin}\r\nOrigin:`);
  expect((await send(edge.port, two)).status).toBe(403);
});

test("the same upgrade with our own origin is spoken to", async () => {
  const edge = await startEdge();
  expect((await send(edge.port, upgrade(edge))).status).toBe(101);
});

test.each([
  [{ Origin: null, Cookie: null }, "token", 101], // the command line
  [{ Cookie: null }, "token", 101],
  [{ Origin: "http://evil.example", Cookie: null }, "token", 403],
  [{ Origin: null, Cookie: null }, "A".repeat(43), 403],
  [{ Cookie: null }, "A".repeat(43), 401],
  [{}, "A".repeat(43), 401],
] as const)("an upgrade with %j and the bearer %s is answered %i", async (changes, bearer, status) => {
  const edge = await startEdge();
  const secret = bearer === "token" ? edge.token : bearer;
  const answer = await send(edge.port, upgrade(edge, { ...changes, Authorization: `Bearer ${secret}` }));
  expect(answer.status).toBe(status);
});

test("an upgrade without a secret is refused, with the token in its address as well", async () => {
  const edge = await startEdge();
  expect((await send(edge.port, upgrade(edge, { Cookie: null }))).status).toBe(401);
  const inAddress = upgrade(edge, { Cookie: null }, `/api/socket?token=${edge.token}`);
  expect((await send(edge.port, inAddress)).status).toBe(401);
});

test.each(["/", "/api/health", "/api/verbs/echo", "/assets/a-1.js", "/terminal", "/api/socket/x"])(
  "there is no socket at %s",
  async (target) => {
    const edge = await startEdge();
    expect((await send(edge.port, upgrade(edge, {}, target))).status).toBe(404);
    expect((await send(edge.port, upgrade(edge, { Cookie: null }, target))).status).toBe(401);
  },
);

test("an upgrade to anything but a WebSocket, or by POST, is refused", async () => {
  const edge = await startEdge();
  expect((await send(edge.port, upgrade(edge, { Upgrade: "h2c" }))).status).toBe(400);
  expect((await send(edge.port, upgrade(edge).replace("GET", "POST"))).status).toBe(405);
});

test.each([
  ["text/plain", '{"user":"anna"}'],
  ["text/plain; x=application/json", "{}"],
  ["application/x-www-form-urlencoded", "user=anna"],
  [
    "multipart/form-data; boundary=x",
    '--x\r\nContent-Disposition: form-data; name="user"\r\n\r\nanna\r\n--x--',
  ],
  ["application/json; charset=latin1", "{}"],
  ["application/csp-report", "{}"],
  ["application/jsonx", "{}"],
  ["", "{}"],
])("a body of the type %s, which a form or a beacon can send, starts nothing", async (type, body) => {
  const edge = await startEdge();
  const answer = await request(edge, "/api/verbs/echo", { "Content-Type": type }, { method: "POST", body });
  expect(answer.status).toBe(415);
  expect(edge.workspace.started).toEqual([]);
});

test("a compressed body is refused", async () => {
  const edge = await startEdge();
  const changes = { "Content-Encoding": "gzip" };
  expect((await request(edge, "/api/verbs/echo", changes, { method: "POST", body: "{}" })).status).toBe(415);
});

test.each(["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "CONNECTX"])(
  "the method %s is refused everywhere",
  async (method) => {
    const edge = await startEdge();
    for (const target of ["/", "/api/health", "/api/verbs/echo", "/assets/a-1.js"]) {
      // Node's own parser turns away what is no method at all.
      expect([400, 405]).toContain((await request(edge, target, {}, { method })).status);
    }
  },
);

test("a method that a header asks for is not the method", async () => {
  const edge = await startEdge();
  const override = { "X-HTTP-Method-Override": "POST", "X-HTTP-Method": "POST", "X-Method-Override": "POST" };
  expect((await request(edge, "/api/verbs/echo?_method=POST", override)).status).toBe(405);
  expect((await request(edge, "/api/health", override, { method: "POST", body: "{}" })).status).toBe(405);
  expect(edge.workspace.started).toEqual([]);
});

test("a GET with a body is refused", async () => {
  const edge = await startEdge();
  expect((await request(edge, "/api/health", {}, { body: "{}" })).status).toBe(400);
  expect((await request(edge, "/api/health", { "Transfer-Encoding": "chunked" })).status).toBe(400);
});

test.each(["cross-site", "same-site", "cross-site, same-origin", "Same-Origin", "x"])(
  "a request from a site that is %s is refused, with our cookie too",
  async (site) => {
    const edge = await startEdge();
    const changes = { "Sec-Fetch-Site": site };
    for (const target of [
      "/api/health",
      "/assets/a-1.js",
      "/api/files/user%2Fvariants/anna%2Fchild/report.html",
    ]) {
      expect((await request(edge, target, changes)).status).toBe(403);
    }
    const post = await request(edge, "/api/verbs/echo", changes, { method: "POST", body: "{}" });
    expect(post.status).toBe(403);
    expect((await send(edge.port, upgrade(edge, changes))).status).toBe(403);
  },
);

test("from another site only a followed link to the entrance passes", async () => {
  const edge = await startEdge();
  const link = { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document" };
  expect((await request(edge, "/", link)).status).toBe(200);
  expect((await request(edge, "/", { ...link, Cookie: null })).status).toBe(401);
  expect((await request(edge, "/", { ...link, "Sec-Fetch-Dest": "iframe" })).status).toBe(403);
  expect((await request(edge, "/", { ...link, "Sec-Fetch-Mode": "no-cors" })).status).toBe(403);
  expect((await request(edge, "/api/health", link)).status).toBe(403);
  expect((await request(edge, "//", link)).status).toBe(403);
});
