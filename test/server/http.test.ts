import { expect, test } from "vitest";

import { request, send, startEdge } from "./edge.ts";
import { ANNA, REPORT_HTML, VARIANTS } from "./tiny-workspace.ts";

const FILE = "/api/files/user%2Fvariants/anna%2Fchild/report.html";

function lines(body: string): unknown[] {
  return body
    .trim()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
}

test("a page with a cookie gets the page, its scripts and the state of the server", async () => {
  const edge = await startEdge();
  expect((await request(edge, "/")).body).toContain("/assets/a-1.js");
  const script = await request(edge, "/assets/a-1.js");
  expect(script).toMatchObject({ status: 200, body: "export {};" });
  expect(script.headers.get("cache-control")).toBe("private, max-age=31536000, immutable");
  expect(await request(edge, "/api/health")).toMatchObject({ status: 200, body: '{"ok":true}' });
});

test("both loopback addresses serve, each under its own name", async () => {
  const edge = await startEdge();
  for (const [address, name] of [
    ["127.0.0.1", "127.0.0.1"],
    ["127.0.0.1", "localhost"],
    ["::1", "[::1]"],
  ] as const) {
    const host = `${name}:${edge.port}`;
    const text = `GET /api/health HTTP/1.1\r\nHost: ${host}\r\nCookie: ${edge.cookie}\r\n\r\n`;
    expect(await send(edge.port, text, address)).toMatchObject({ status: 200 });
  }
});

test("a verb answers with its progress and then its result, line by line", async () => {
  const edge = await startEdge();
  const answer = await request(edge, "/api/verbs/echo", {}, { method: "POST", body: '{"user":"anna"}' });
  expect(answer.headers.get("content-type")).toContain("application/x-ndjson");
  expect(lines(answer.body)).toEqual([
    { asset: VARIANTS, progress: { phase: "reading genome.vcf.gz", records: 5 } },
    { result: { user: "anna" } },
  ]);
});

test("a program with the token needs neither cookie nor origin", async () => {
  const edge = await startEdge();
  const headers = { Authorization: `Bearer ${edge.token}`, Cookie: null, Origin: null };
  const answer = await request(edge, "/api/verbs/echo", headers, { method: "POST", body: "{}" });
  expect(answer.status).toBe(200);
});

test("a verb that fails at once sets the status, one that fails later ends with the error", async () => {
  const edge = await startEdge();
  const early = await request(edge, "/api/verbs/dance", {}, { method: "POST", body: "{}" });
  expect(early.status).toBe(400);
  expect(lines(early.body)).toEqual([{ error: { code: "usage", message: "unknown verb: dance" } }]);
  const late = await request(edge, "/api/verbs/late", {}, { method: "POST", body: "{}" });
  expect(late.status).toBe(200);
  expect(lines(late.body).at(-1)).toEqual({ error: { code: "source", message: "not a VCF: genome.vcf" } });
});

test("a defect reaches the client as an id alone, and the server's log as the error", async () => {
  const edge = await startEdge();
  const answer = await request(edge, "/api/verbs/defect", {}, { method: "POST", body: "{}" });
  const id = /internal error (\w{8})/.exec(answer.body)?.[1] ?? "";
  expect(answer.status).toBe(500);
  expect(answer.raw).not.toMatch(/rs429358|A\/G|TypeError|\.ts/);
  expect(edge.defects.get(id)).toBeInstanceOf(TypeError);
});

test("a client that leaves cancels its verb", async () => {
  const edge = await startEdge();
  const abort = new AbortController();
  const answer = await fetch(`${edge.origin}/api/verbs/wait`, {
    method: "POST",
    body: "{}",
    headers: { Authorization: `Bearer ${edge.token}`, "Content-Type": "application/json" },
    signal: abort.signal,
  });
  expect(answer.status).toBe(200);
  abort.abort();
  await edge.workspace.until(() => edge.workspace.cancelled.length > 0);
});

test("a report is shown in a sandbox, any other file is a download", async () => {
  const edge = await startEdge();
  const report = await request(edge, FILE);
  expect(report).toMatchObject({ status: 200, body: REPORT_HTML });
  expect(report.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(report.headers.get("content-security-policy")).toMatch(
    /^sandbox allow-scripts [^;]*; default-src 'none';/,
  );
  expect(report.headers.get("content-security-policy")).not.toContain("allow-same-origin");

  const table = await request(edge, "/api/files/reference/-/tables/reference.parquet");
  expect(table).toMatchObject({ status: 200, body: "PAR1 not for a browser PAR1" });
  expect(table.headers.get("content-type")).toBe("application/octet-stream");
  expect(table.headers.get("content-disposition")).toBe("attachment; filename=reference.parquet");
});

test("the name of a download is inert whatever it is", async () => {
  const edge = await startEdge();
  const cases = [
    ['<img src=x onerror="1">.vcf', 'attachment; filename="_img src=x onerror=_1__.anna.child.vcf"'],
    ["gen\u202Efcv.exe", "attachment; filename=gen_fcv.anna.child.exe"],
    [
      "Größe.vcf",
      "attachment; filename=\"Gr??e.anna.child.vcf\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe.anna.child.vcf",
    ],
    [
      "геном.vcf",
      "attachment; filename=\"?????.anna.child.vcf\"; filename*=UTF-8''%D0%B3%D0%B5%D0%BD%D0%BE%D0%BC.anna.child.vcf",
    ],
    [".bashrc", "attachment; filename=_bashrc.anna.child"],
  ] as const;
  for (const [name, disposition] of cases) {
    edge.workspace.store(VARIANTS, ANNA, name, "data");
    const answer = await request(edge, FILE.replace("report.html", encodeURIComponent(name)));
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-disposition")).toBe(disposition);
  }
});

test("HEAD of a file gives its length and no byte of it", async () => {
  const edge = await startEdge();
  const answer = await fetch(edge.origin + FILE, {
    method: "HEAD",
    headers: { Authorization: `Bearer ${edge.token}` },
  });
  expect(answer.headers.get("content-length")).toBe(String(REPORT_HTML.length));
  expect(await answer.text()).toBe("");
});
