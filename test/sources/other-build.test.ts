import { once } from "node:events";
import { Worker } from "node:worker_threads";

import { expect, test } from "vitest";

test("a reader that was built after the kernel that starts it reads nothing, and says why", async () => {
  const entry = new URL("../../kernel/sources/vcf/record-worker.js", import.meta.url);
  const reader = new Worker(entry, { execArgv: [] });
  reader.postMessage({ type: "read", job: null, build: "of before an update" });
  const [said] = (await once(reader, "message")) as [unknown];
  expect(said).toMatchObject({
    type: "failed",
    error: { code: "asset", message: "Karyon was updated after this was started" },
  });
  await reader.terminate();
});
