import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { request, startEdge } from "./edge.ts";
import type { Edge } from "./edge.ts";

/** An edge whose exports folder holds a file, a link out of it, and a folder. */
async function withExports(): Promise<Edge> {
  const edge = await startEdge();
  const folder = join(edge.workspace.folder, "exports");
  mkdirSync(join(folder, "folder.html"), { recursive: true });
  writeFileSync(join(folder, "genome.child.html"), "<script>1</script>");
  writeFileSync(join(edge.workspace.folder, "secret.html"), "secret");
  symlinkSync(join(edge.workspace.folder, "secret.html"), join(folder, "link.html"));
  return edge;
}

test("an exported notebook is a download, and never shown by the server", async () => {
  const answer = await request(await withExports(), "/api/exported/genome.child.html");
  expect([answer.status, answer.body]).toEqual([200, "<script>1</script>"]);
  expect(answer.headers.get("content-type")).toBe("application/octet-stream");
  expect(answer.headers.get("content-disposition")).toMatch(/^attachment; filename="?genome\.child\.html"?$/);
  expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
});

test.each([
  "none.html",
  "link.html",
  "folder.html",
  "..%2fsecret.html",
  "%2e%2e%2fsecret.html",
  "..%5csecret.html",
  "genome.child",
  ".html",
  "a%00.html",
])("nothing comes of the name %s", async (name) => {
  expect((await request(await withExports(), `/api/exported/${name}`)).status).toBe(404);
});
