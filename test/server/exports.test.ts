import { expect, test } from "vitest";

import { request, startEdge } from "./edge.ts";

const CSV = "/api/export/user%2Fvariants/anna%2Fchild/csv";

test("a table is a download of the kind that was asked for, under the view of the request", async () => {
  const edge = await startEdge();
  const view = { sort: [{ column: "start", descending: true }] };
  const answer = await request(edge, `${CSV}?view=${encodeURIComponent(JSON.stringify(view))}`);
  expect(answer.status).toBe(200);
  expect(answer.body).toBe(`csv ${JSON.stringify(view)}`);
  expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8");
  expect(answer.headers.get("content-disposition")).toBe("attachment; filename=variants.anna.child.csv");
  expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
});

test("a HEAD of an export makes none", async () => {
  const edge = await startEdge();
  const answer = await request(edge, CSV, { Connection: "close" }, { method: "HEAD" });
  expect([answer.status, answer.body]).toEqual([200, ""]);
});

test.each([
  [`${CSV}?view={}&view=x`, 200],
  [`${CSV}?view=x`, 400],
  [`${CSV}?view=${encodeURIComponent('{"sort":[{"column":1}]}')}`, 400],
  [`${CSV}?view=${encodeURIComponent('{"where":"1=1"}')}`, 400],
  ["/api/export/user%2Fvariants/anna%2Fchild/exe", 400],
  ["/api/export/user%2Fvariants/anna%2F..%2F..%2Fx/csv", 400],
  ["/api/export/reference/-/csv", 422],
])("%s is answered %i", async (target, status) => {
  const edge = await startEdge();
  expect((await request(edge, target)).status).toBe(status);
});
