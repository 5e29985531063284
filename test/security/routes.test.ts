/** Attack cases A1, A4, A9: what holds of every route there is, the ones not written yet included. */
import { expect, test } from "vitest";

import { createApp } from "../../server/app.ts";
import { LIMITS } from "../../server/edge/limits.ts";
import { Access } from "../../server/edge/token.ts";
import { request, send, startEdge, upgrade } from "../server/edge.ts";
import type { Answer, Edge } from "../server/edge.ts";
import { REPORT_HTML, TinyWorkspace } from "../server/tiny-workspace.ts";

interface Listed {
  readonly path: string;
  readonly methods?: readonly string[];
  readonly router?: unknown;
}

/** Route → requests that reach it. A route without an entry fails the first test. */
const REACHED_BY: Readonly<Record<string, readonly string[]>> = {
  "/": ["GET /", "GET /?notebook=genome.md"],
  "/api/health": ["GET /api/health"],
  "/api/tabs": ["POST /api/tabs"],
  "/api/verbs/:verb": ["POST /api/verbs/echo"],
  "/api/files/:asset/:partition/*name": [
    "GET /api/files/user%2Fvariants/anna%2Fchild/report.html",
    "GET /api/files/reference/-/tables/reference.parquet",
  ],
  "/api/export/:asset/:partition/:format": ["GET /api/export/user%2Fvariants/anna%2Fchild/csv"],
  "/api/exported/:name": ["GET /api/exported/genome.child.html"],
  "/api/uploads/:user/:name": ["POST /api/uploads/anna/child.vcf"],
  "/*path": [
    "GET /assets/a-1.js",
    ...[
      "/index.html",
      "/assets/none.js",
      "/a.json",
      "/a.js.map",
      "/a.png",
      "/favicon.ico",
      "/proxy/1",
      "/lsp",
    ].map((path) => `GET ${path}`),
  ],
};
const EVERY = Object.values(REACHED_BY).flat();

function routes(): Listed[] {
  const workspace = new TinyWorkspace();
  workspace.remove();
  const app = createApp({
    api: workspace,
    access: new Access("routes"),
    page: workspace.folder,
    limits: LIMITS,
    onDefect: () => {},
  });
  return (app.router as unknown as { listRoutes(): Listed[] }).listRoutes();
}

function ask(edge: Edge, line: string, changes: Readonly<Record<string, string | null>>): Promise<Answer> {
  const [method = "", target = ""] = line.split(" ");
  return request(edge, target, changes, { method, body: method === "POST" ? "{}" : "" });
}

test("every route of the application stands in this table, and none is hidden in a router of its own", () => {
  const listed = routes();
  expect(listed.map(({ path }) => path)).toEqual(Object.keys(REACHED_BY));
  expect(listed.filter(({ router }) => router !== undefined)).toEqual([]);
});

test("no route answers without a secret, and none says whether there is something behind it", async () => {
  const edge = await startEdge();
  const bodies = new Set<string>();
  for (const line of EVERY) {
    const answer = await ask(edge, line, { Cookie: null });
    expect({ line, status: answer.status }).toEqual({ line, status: 401 });
    expect(answer.raw).not.toContain(REPORT_HTML);
    expect(answer.raw).not.toContain("/assets/");
    if (!/ \/($|\?)/.test(line)) bodies.add(answer.body);
  }
  expect(bodies.size).toBe(1);
  expect(edge.workspace.started).toEqual([]);
});

test.each([
  "karyon-4747-x=1",
  "session=1",
  "karyon=",
  "=; ;;",
  `karyon-4747-${"0".repeat(12)}=${"A".repeat(43)}`,
])("the cookie %s is no secret", async (cookie) => {
  const edge = await startEdge();
  const [name = ""] = edge.cookie.split("=");
  for (const value of [
    cookie,
    `${name}=`,
    `${name}=${"A".repeat(43)}`,
    `x${edge.cookie}`,
    `${edge.cookie}x`,
  ]) {
    expect((await ask(edge, "GET /api/health", { Cookie: value })).status).toBe(401);
  }
});

test.each(["Bearer", "Bearer ", "Basic eDp5", "Bearer AAAA", "Bearer undefined", "Token x"])(
  "the authorization %s is no secret, even beside a cookie that is one",
  async (authorization) => {
    const edge = await startEdge();
    const { status } = await ask(edge, "GET /api/health", { Cookie: null, Authorization: authorization });
    expect(status).toBe(401);
  },
);

const FOREIGN_HOSTS: readonly ((port: number) => string | null)[] = [
  () => null,
  () => "",
  () => "evil.example",
  (port) => `evil.example:${port}`,
  (port) => `localhost.evil.example:${port}`,
  (port) => `127.0.0.1.nip.io:${port}`,
  (port) => `localhost.:${port}`,
  (port) => `LOCALHOST:${port}`,
  (port) => `localhost:${port}:${port}`,
  (port) => `evil@localhost:${port}`,
  (port) => `localhost:${port}/`,
  (port) => `localhost:${port}, evil.example`,
  (port) => `localhost:${port}0`,
  (port) => `localhost:0${port}`,
  (port) => `localhost:${port + 1}`,
  () => "localhost",
  () => "127.0.0.1",
  (port) => `127.1:${port}`,
  (port) => `2130706433:${port}`,
  (port) => `0.0.0.0:${port}`,
  (port) => `127.0.0.2:${port}`,
  (port) => `::1:${port}`,
  (port) => `[::]:${port}`,
  (port) => `[::ffff:127.0.0.1]:${port}`,
  (port) => `[0:0:0:0:0:0:0:1]:${port}`,
];

test("every route, and the socket, refuses every host that is not ours, whatever secret comes along", async () => {
  const edge = await startEdge();
  for (const foreign of FOREIGN_HOSTS) {
    const host = foreign(edge.port);
    const answers = await Promise.all([
      ...EVERY.map((line) => ask(edge, line, { Host: host })),
      send(edge.port, upgrade(edge, { Host: host })),
    ]);
    for (const answer of answers) {
      expect({ host, status: answer.status }).toEqual({ host, status: 421 });
      expect(answer.headers.get("set-cookie")).toBeUndefined();
    }
  }
  expect(edge.workspace.started).toEqual([]);
});

test("a token under a foreign host opens nothing", async () => {
  const edge = await startEdge();
  const answer = await request(edge, `/?token=${edge.token}`, {
    Host: `evil.example:${edge.port}`,
    Cookie: null,
  });
  expect(answer.status).toBe(421);
  expect(answer.headers.get("set-cookie")).toBeUndefined();
});

test.each(["X-Forwarded-Host", "Forwarded", "X-Host", "X-Original-Host", "X-Forwarded-Server"])(
  "%s does not stand in for Host, nor pass beside it",
  async (name) => {
    const edge = await startEdge();
    for (const line of EVERY) {
      expect((await ask(edge, line, { [name]: edge.host, Host: "evil.example" })).status).toBe(421);
      expect((await ask(edge, line, { [name]: "evil.example" })).status).toBe(421);
    }
  },
);

test("two hosts are none, also when the second comes after two thousand other headers", async () => {
  const edge = await startEdge();
  const many = Array.from({ length: 2_100 }, (_, n) => `a${n}: 1`).join("\r\n");
  const head = `GET /api/health HTTP/1.1\r\nCookie: ${edge.cookie}\r\nHost: ${edge.host}\r\n`;
  for (const second of [`Host: ${edge.host}`, "Host: evil.example", `${many}\r\nhost: evil.example`]) {
    expect((await send(edge.port, `${head}${second}\r\n\r\n`)).status).toBe(421);
  }
});

test.each([
  ["GET http://evil.example/api/health HTTP/1.1", 400],
  ["GET //evil.example/api/health HTTP/1.1", 404],
  ["GET *  HTTP/1.1", 400],
  ["OPTIONS * HTTP/1.1", 400],
])("the target of %s is answered %i", async (line, status) => {
  const edge = await startEdge();
  const answer = await send(edge.port, `${line}\r\nHost: ${edge.host}\r\nCookie: ${edge.cookie}\r\n\r\n`);
  expect(answer.status).toBe(status);
  expect(answer.body).not.toContain('"ok"');
});

test("no answer lets another origin read it, a preflight included", async () => {
  const edge = await startEdge();
  const preflight = {
    Origin: "http://evil.example",
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Private-Network": "true",
  };
  const answers = await Promise.all([
    ...EVERY.map((line) => ask(edge, line, {})),
    ...EVERY.map((line) => ask(edge, line, { Origin: "http://evil.example" })),
    ...EVERY.map((line) => ask(edge, line.replace(/^\w+/, "OPTIONS"), preflight)),
  ]);
  for (const { headers } of answers) {
    expect([...headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
  }
  expect(answers.slice(EVERY.length).map(({ status }) => status)).not.toContain(200);
});
