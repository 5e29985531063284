/** A cell that goes while somebody writes in it, in a real browser; the file says what came of it. */
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";

import { writeWhole } from "../../server/write-whole.ts";
import { TEXT, openNumbers } from "./numbers-page.ts";
import type { NumbersPage } from "./numbers-page.ts";

let open: NumbersPage;

beforeAll(async () => {
  open = await openNumbers();
}, 120_000);

afterAll(() => open?.close());

test("a cell that is deleted in another program while somebody writes in it is there again, and is written on", async () => {
  const { page, saved } = open;
  const { cookies } = await page.context().storageState();
  const context = await page
    .context()
    .browser()
    ?.newContext({ storageState: { cookies, origins: [] } });
  if (context === undefined) throw new Error("the browser is gone");
  onTestFinished(() => context.close());
  const slow = await context.newPage();
  // So what is typed is always on its way, and the cell is not there again at once.
  await slow.routeWebSocket(/./, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => void setTimeout(() => server.send(message), 300));
  });
  await slow.goto(page.url());
  await slow.locator("#cell-doubled").focus();
  await slow.keyboard.press("Enter");
  await slow.waitForSelector("#cell-doubled .editor .view-line");
  await slow.keyboard.press("Control+End");
  const words = " -- whatever happens to the file, nothing of this is lost";
  const typing = slow.keyboard.type(words, { delay: 30 });
  await slow.waitForSelector("#cell-doubled .editor >> text=whatever");
  const told = slow.waitForSelector(".toast >> text=doubled was deleted elsewhere while it was changed here");
  await writeWhole(open.file, TEXT.replace(/```sql doubled[^]*?```\n\n/, ""));
  await typing;
  await told;
  await saved((text) => text.includes(`select n * 2 as n from numbers${words}\n\`\`\`\n\n\`\`\`sql tripled`));
  expect(await slow.locator("#cell-doubled .editor").count()).toBe(1);
});
