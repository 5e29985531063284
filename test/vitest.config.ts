import { availableParallelism } from "node:os";

import { defineConfig } from "vitest/config";
import { BaseSequencer } from "vitest/node";
import type { TestSpecification } from "vitest/node";

/** What starts browsers, servers and commands takes longest: begun last, one file would run alone in the end. */
const SLOW = /\/test\/(?:browser|cells|export|workspace)\//;

// Node reads a list of certificates before it does anything else, which for the many processes of these tests, none of
// which asks an address of HTTPS, is a tenth of the time.
delete process.env["NODE_EXTRA_CA_CERTS"];

class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- vitest's own, not that of an array
    const sorted = await super.sort(files);
    const slow = sorted.filter(({ moduleId }) => SLOW.test(moduleId));
    return [...slow, ...sorted.filter(({ moduleId }) => !SLOW.test(moduleId))];
  }
}

const config: ReturnType<typeof defineConfig> = defineConfig({
  root: new URL("..", import.meta.url).pathname,
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "test/support/test-folder.ts",
    // To end what hangs: beside others on a busy machine a test may take many times as long as alone.
    testTimeout: 120_000,
    hookTimeout: 240_000,
    // One more than vitest takes by itself, which on two processors is one: many tests wait for other processes.
    maxWorkers: availableParallelism(),
    // A process for each file loads all packages anew: a third of the processor time of fifty small files.
    isolate: false,
    sequence: { sequencer: SlowestFirst },
  },
});

export default config;
