/** Attack cases A2, A3, A8 and the sandbox of a report, as a browser sees them. */
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import type { Page } from "playwright-core";
import { expect, onTestFinished, test } from "vitest";

import { startEdge } from "../server/edge.ts";
import type { Edge } from "../server/edge.ts";
import { ANNA, VARIANTS } from "../server/tiny-workspace.ts";
import { openBrowser } from "../support/chromium.ts";

const REPORT = "/api/files/user%2Fvariants/anna%2Fchild/hostile.html";

/** Says what its script could do. */
const HOSTILE_REPORT = `<!doctype html><p id="says"></p><script>
const says = document.getElementById("says");
says.textContent = "ran as " + self.origin;
const tried = [
  fetch("/api/health").then(() => "fetched", () => "no fetch"),
  new Promise((done) => {
    const socket = new WebSocket("ws://" + location.host + "/api/socket");
    socket.onopen = () => done("socket");
    socket.onerror = () => done("no socket");
  }).catch(() => "no socket"),
];
try { tried.push("parent " + parent.document.title) } catch { tried.push("no parent") }
Promise.all(tried).then((said) => { says.textContent += ", " + said.join(", ") + "." });
</script>`;

const APP = `
const socket = new WebSocket("ws://" + location.host + "/api/socket");
socket.onopen = () => socket.send('{"type":"open","id":1,"notebook":null,"partition":null}');
socket.onmessage = ({ data }) => { document.body.dataset.snapshot = JSON.parse(data).result.snapshot.workspace };
fetch("/api/verbs/echo", { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" })
  .then((answer) => answer.text()).then((text) => { document.body.dataset.verb = text });
`;

async function open(edge: Edge): Promise<Page> {
  const page = join(edge.workspace.folder, "page");
  writeFileSync(
    join(page, "index.html"),
    `<!doctype html><title>Karyon</title><script>document.title = "inline"</script><body>
     <iframe sandbox="allow-scripts" src="${REPORT}"></iframe><script type="module" src="/assets/app.js"></script>`,
  );
  writeFileSync(join(page, "assets", "app.js"), APP);
  edge.workspace.store(VARIANTS, ANNA, "hostile.html", HOSTILE_REPORT);
  const browser = await openBrowser();
  onTestFinished(() => browser.close());
  return (await browser.newContext()).newPage();
}

/** A page of another program on this machine: the nearest to us that a stranger can be. */
async function stranger(html: string): Promise<number> {
  const server = createServer((_, response) => {
    response.setHeader("Content-Type", "text/html").end(html);
  }).listen(0, "127.0.0.1");
  onTestFinished(() => {
    server.close();
  });
  await new Promise((resolve) => {
    server.once("listening", resolve);
  });
  return (server.address() as AddressInfo).port;
}

test("the page opens by its token, runs no inline script, and its report can do nothing but show itself", async () => {
  const edge = await startEdge();
  const page = await open(edge);
  for (const name of ["127.0.0.1", "localhost", "[::1]"]) {
    await page.goto(edge.url.replace("127.0.0.1", name));
    await page.waitForSelector("body[data-snapshot=tiny][data-verb*=result]");
    expect(page.url()).toBe(`http://${name}:${edge.port}/`);
    expect(await page.title()).toBe("Karyon");
    const says = page.frameLocator("iframe").locator("#says", { hasText: "." });
    expect(await says.textContent()).toBe("ran as null, no fetch, no socket, no parent.");
  }
});

test.each(["127.0.0.1", "localhost"])(
  "a page of another program at %s can neither frame, read, post nor listen, with the cookie in the browser",
  async (name) => {
    const edge = await startEdge();
    const page = await open(edge);
    await page.goto(edge.url);
    await page.waitForSelector("body[data-snapshot=tiny][data-verb*=result]");
    edge.workspace.started.length = 0;
    const port = await stranger(`<!doctype html><body>
      <iframe src="${edge.origin}/"></iframe><iframe src="${edge.origin}${REPORT}"></iframe>
      <a href="${edge.origin}/">a link</a><script>
      const options = { mode: "no-cors", credentials: "include" };
      const tried = [
        fetch("${edge.origin}/api/health", options),
        fetch("${edge.origin}/api/verbs/echo", { ...options, method: "POST", body: "{}" }),
        new Promise((done, failed) => {
          const socket = new WebSocket("ws://${edge.host}/api/socket");
          socket.onopen = done;
          socket.onerror = failed;
        }),
      ];
      Promise.allSettled(tried).then((all) => { document.body.dataset.tried = all.map((one) => one.status) });
    </script>`);
    await page.goto(`http://${name}:${port}/`);
    await page.waitForSelector("body[data-tried='rejected,rejected,rejected']");
    for (const frame of page.frames().slice(1)) expect(frame.url()).toMatch(/^chrome-error:/);
    expect(edge.workspace.started).toEqual([]);

    // A followed link shows the page; from another site the cookie stays behind, and one click mends that.
    await page.click("text=a link");
    if (name === "localhost") await page.click("text=Try once more");
    await page.waitForSelector("body[data-snapshot=tiny]");
  },
);
