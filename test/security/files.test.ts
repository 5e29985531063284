/** Attack cases B12–B14, B17, B19: names that lead out of an output, and files that are not what they were. */
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, linkSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";

import { expect, test } from "vitest";

import { request, startEdge } from "../server/edge.ts";
import { ANNA, VARIANTS } from "../server/tiny-workspace.ts";

const OUTPUT = "/api/files/user%2Fvariants/anna%2Fchild";
const SECRET = "the genome of somebody else";

/** As sent after the partition, then the status. 400: no name at all; 404: a name, of no file. */
const NAMES: readonly (readonly [string, number])[] = [
  ["../../reference/-/tables/reference.parquet", 400],
  ["..%2f..%2fsecret", 400],
  ["%2e%2e/secret", 400],
  ["%2e%2e%2fsecret", 400],
  ["..%5c..%5csecret", 400],
  ["..\\secret", 400],
  ["a/../secret", 400],
  ["./report.html", 400],
  ["a/./report.html", 400],
  ["/etc/passwd", 400],
  ["%2fetc%2fpasswd", 400],
  ["a//report.html", 400],
  ["report.html/", 400],
  ["report.html%00.png", 400],
  ["report.html%0d%0aX-Bad:%201", 400],
  ["%c0%ae%c0%ae/secret", 400], // overlong UTF-8
  ["%ff", 400],
  ["%", 400],
  ["C:%5Csecret", 400],
  ["%5c%5c%3f%5cC:%5csecret", 400],
  ["a".repeat(1_001), 400],
  ["..%e2%88%95secret", 404], // a slash to the eye only
  ["%252e%252e%252fsecret", 404], // decoded once, not twice
  ["report.html%20", 404],
  ["report.html.", 404],
  ["REPORT.HTML", 404],
  ["..;/secret", 404],
  ["C:", 404],
  ["a".repeat(255), 404],
  ["__proto__", 404],
  ["constructor", 404],
];

test("a name that leads out of the output is no name, one that only looks so is of no file", async () => {
  const edge = await startEdge();
  writeFileSync(join(edge.workspace.folder, "secret"), SECRET);
  for (const [name, status] of NAMES) {
    const answer = await request(edge, `${OUTPUT}/${name}`);
    expect({ name, status: answer.status }).toEqual({ name, status });
    expect(answer.body).toMatch(/^\{"error":\{"code":"usage"/);
    expect(answer.raw).not.toContain(edge.workspace.folder);
    expect(answer.headers.has("x-bad")).toBe(false);
  }
  expect(edge.defects.size).toBe(0);
});

test.each([
  ["user%2Fvariants/anna%2F..", 400],
  ["user%2Fvariants/..%2Fchild", 400],
  ["user%2Fvariants/anna%2Fchild%2Fx", 400],
  ["user%2Fvariants/anna", 400],
  ["user%2Fvariants/%2F", 400],
  ["..%2Fsecret/anna%2Fchild", 400],
  ["%2Fetc/anna%2Fchild", 400],
  ["user%2Fvariants%2F/anna%2Fchild", 400],
  ["user%2Fvariants/C:%2Fchild", 400],
  ["user%2Fvariants/-", 404],
  ["user%2Fvariants/boris%2Ffather", 404],
  ["reference/anna%2Fchild", 404],
  ["user/variants/anna%2Fchild", 400],
])("the asset and partition %s are answered %i", async (place, status) => {
  const edge = await startEdge();
  expect((await request(edge, `/api/files/${place}/report.html`)).status).toBe(status);
});

test.each([
  "/../secret",
  "/assets/../../secret",
  "/assets/..%2f..%2fsecret",
  "/%2e%2e/secret",
  "/..%5csecret",
  "/assets/%00",
  "/.env",
  "/assets/.hidden",
  "/../page-secret/key",
  "/assets",
  "/assets/",
])("the page's files do not lead to %s", async (target) => {
  const edge = await startEdge();
  const { folder } = edge.workspace;
  writeFileSync(join(folder, "secret"), SECRET);
  writeFileSync(join(folder, "page", ".env"), SECRET);
  writeFileSync(join(folder, "page", "assets", ".hidden"), SECRET);
  mkdirSync(join(folder, "page-secret"));
  writeFileSync(join(folder, "page-secret", "key"), SECRET);
  const answer = await request(edge, target);
  expect([400, 403, 404]).toContain(answer.status);
  expect(answer.body).toMatch(/^\{"error":/);
  expect(answer.raw).not.toContain(folder);
  expect(edge.defects.size).toBe(0);
});

/** What somebody may have put in the place of a stored file of the same length. */
const REPLACED: readonly (readonly [string, (path: string, other: string) => void])[] = [
  ["a link to another file", (path, other) => symlinkSync(other, path)],
  ["a link to itself", (path) => symlinkSync(path, path)],
  ["a link to nothing", (path) => symlinkSync(`${path}-none`, path)],
  ["a link to a device", (path) => symlinkSync("/dev/zero", path)],
  ["a pipe that nobody writes to", (path) => execFileSync("mkfifo", [path])],
  ["a folder", (path) => mkdirSync(path)],
  ["nothing", () => {}],
  ["a longer file", (path) => writeFileSync(path, `${SECRET}!`)],
  ["a shorter file", (path) => writeFileSync(path, "")],
];

test.each(REPLACED)(
  "a stored file replaced by %s is not served, and the client is not kept waiting",
  async (_, put) => {
    const edge = await startEdge();
    const other = join(edge.workspace.folder, "other");
    writeFileSync(other, SECRET);
    const path = edge.workspace.store(VARIANTS, ANNA, "a.bin", "x".repeat(SECRET.length));
    rmSync(path);
    put(path, other);
    const answer = await request(edge, `${OUTPUT}/a.bin`);
    expect(answer.status).toBe(422);
    expect(answer.body).toContain("gone or was changed from outside");
    expect(answer.raw).not.toContain(edge.workspace.folder);
    expect(answer.raw).not.toContain(SECRET);
  },
);

test("an empty file replaced by a pipe is not served", async () => {
  const edge = await startEdge();
  const path = edge.workspace.store(VARIANTS, ANNA, "a.bin", "");
  expect((await request(edge, `${OUTPUT}/a.bin`)).status).toBe(200);
  rmSync(path);
  execFileSync("mkfifo", [path]);
  expect((await request(edge, `${OUTPUT}/a.bin`)).status).toBe(422);
});

test("a file that grows while it is served is served as long as its record says", async () => {
  const edge = await startEdge();
  // More than the system buffers, so that its end is read after it has grown.
  const bytes = 32 << 20;
  const path = edge.workspace.store(VARIANTS, ANNA, "a.bin", "x".repeat(bytes));
  const socket = connect({ host: "127.0.0.1", port: edge.port });
  const head = [`Host: ${edge.host}`, `Cookie: ${edge.cookie}`, "Connection: close"].join("\r\n");
  socket.write(`GET ${OUTPUT}/a.bin HTTP/1.1\r\n${head}\r\n\r\n`);
  await once(socket, "readable");
  appendFileSync(path, SECRET);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  const answer = Buffer.concat(chunks);
  expect(answer.length - answer.indexOf("\r\n\r\n") - 4).toBe(bytes);
});

test("a file replaced while it is served is served as it was", async () => {
  const edge = await startEdge();
  const content = "x".repeat(4 << 20);
  const path = edge.workspace.store(VARIANTS, ANNA, "a.bin", content);
  const answer = await fetch(`${edge.origin}${OUTPUT}/a.bin`, {
    headers: { Authorization: `Bearer ${edge.token}` },
  });
  writeFileSync(`${path}-new`, "y".repeat(content.length));
  renameSync(`${path}-new`, path);
  expect(await answer.text()).toBe(content);
});

test("a stored file with a second name is served: object stores share files so", async () => {
  const edge = await startEdge();
  const path = edge.workspace.store(VARIANTS, ANNA, "a.bin", "data");
  linkSync(path, `${path}-second`);
  expect((await request(edge, `${OUTPUT}/a.bin`)).body).toBe("data");
});
