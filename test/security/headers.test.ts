/** Attack cases A8, A9, A10: what another page may do with our answers: frame, read or include none of them. */
import { expect, test } from "vitest";

import { request, send, startEdge, upgrade } from "../server/edge.ts";
import type { Answer, Edge } from "../server/edge.ts";
import { ANNA, VARIANTS } from "../server/tiny-workspace.ts";

const REPORT = "/api/files/user%2Fvariants/anna%2Fchild/report.html";
const PARQUET = "/api/files/reference/-/tables/reference.parquet";

/** One answer of each kind that the server gives. */
async function answers(edge: Edge): Promise<Record<string, Answer>> {
  return {
    page: await request(edge, "/"),
    exchange: await request(edge, `/?token=${edge.token}`),
    script: await request(edge, "/assets/a-1.js"),
    json: await request(edge, "/api/health"),
    verb: await request(edge, "/api/verbs/echo", {}, { method: "POST", body: "{}" }),
    report: await request(edge, REPORT),
    download: await request(edge, PARQUET),
    missing: await request(edge, "/api/none"),
    locked: await request(edge, "/", { Cookie: null }),
    wrongToken: await request(edge, "/?token=x"),
    refused: await request(edge, "/api/health", { Cookie: null }),
    foreignHost: await request(edge, "/", { Host: "evil.example" }),
    defect: await request(edge, "/api/verbs/defect", {}, { method: "POST", body: "{}" }),
    upgrade: await send(edge.port, upgrade(edge, { Origin: "http://evil.example" })),
  };
}

function policy(answer: Answer | undefined): Map<string, string> {
  const directives = (answer?.headers.get("content-security-policy") ?? "").split("; ");
  return new Map(
    directives.map((directive): [string, string] => {
      const space = directive.indexOf(" ");
      return [directive.slice(0, space), directive.slice(space + 1)];
    }),
  );
}

test("every answer says that nothing else may frame, sniff, embed, refer to or keep it", async () => {
  const edge = await startEdge();
  for (const [kind, answer] of Object.entries(await answers(edge))) {
    const { headers } = answer;
    expect({ kind, ...Object.fromEntries(headers) }).toMatchObject({
      kind,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      // A frame in a sandbox is foreign even to our own page; another site is refused before it gets a report.
      "cross-origin-resource-policy": kind === "report" ? "cross-origin" : "same-origin",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
      "permissions-policy": expect.stringContaining("camera=()") as string,
      "cache-control": kind === "script" ? "private, max-age=31536000, immutable" : "no-store",
    });
    expect(headers.has("x-powered-by")).toBe(false);
    expect(policy(answer).get("default-src")).toBe("'none'");
    expect(policy(answer).get("base-uri")).toBe("'none'");
    expect(policy(answer).get("form-action")).toBe("'none'");
    // The report alone may be framed, by the page and no other.
    expect({ kind, by: policy(answer).get("frame-ancestors") }).toEqual({
      kind,
      by: kind === "report" ? "'self'" : "'none'",
    });
  }
});

test("the page runs its own scripts and no inline one, and talks to this server alone", async () => {
  const edge = await startEdge();
  const { page } = await answers(edge);
  const directives = policy(page);
  expect(directives.get("script-src")).toBe("'self' blob:");
  expect(directives.get("connect-src")).toBe(`'self' ws://${edge.host}`);
  for (const [name, sources] of directives) {
    if (name !== "style-src") expect(sources).not.toContain("unsafe");
    expect(sources).not.toMatch(/\*|https?:/);
  }
});

test("a report has no origin and no network", async () => {
  const edge = await startEdge();
  const { report } = await answers(edge);
  const directives = policy(report);
  expect(
    directives
      .get("sandbox")
      ?.split(" ")
      .toSorted((a, b) => a.localeCompare(b)),
  ).toEqual(["allow-popups", "allow-popups-to-escape-sandbox", "allow-scripts"]);
  expect(directives.has("connect-src")).toBe(false);
  expect(directives.get("img-src")).toBe("data:");
});

test("nothing with data in it is of a type that a script or style element accepts", async () => {
  const edge = await startEdge();
  const { json, verb, download, refused } = await answers(edge);
  for (const answer of [json, verb, download, refused]) {
    expect(answer?.headers.get("content-type")).not.toMatch(/javascript|css|html/);
  }
});

test("data that looks like a page is still a download", async () => {
  const edge = await startEdge();
  for (const name of ["a.htm", "a.xhtml", "a.svg", "a.xml", "a.js", "a.HTML", "a.html.txt", "a.json", "a"]) {
    edge.workspace.store(VARIANTS, ANNA, name, "<script>alert(1)</script>");
    const answer = await request(edge, REPORT.replace("report.html", name));
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("application/octet-stream");
    expect(answer.headers.get("content-disposition")).toMatch(/^attachment;/);
    expect(policy(answer).get("default-src")).toBe("'none'");
  }
});
