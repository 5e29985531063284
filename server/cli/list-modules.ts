import * as z from "zod";

import { count } from "#protocol/numerals.ts";
import type { ModuleList } from "#protocol/verb-results.ts";

import { table } from "./format.ts";
import { defineVerb } from "./verb.ts";
import type { AnyVerb } from "./verb.ts";

const PARAMETERS = z.strictObject({});

export const listModules: AnyVerb = defineVerb<z.output<typeof PARAMETERS>, ModuleList>({
  name: "list-modules",
  parameters: PARAMETERS,
  declare(program, ask) {
    program
      .command("list-modules")
      .description("annotation modules of the workspace, with their counts")
      .action(() => ask({}));
  },
  async run(_parameters, { workspace, signal }) {
    const kernel = await workspace.kernels.get("work");
    const modules = (await kernel.call("list-modules", {}, { signal })) as ModuleList["modules"];
    return { folder: `${workspace.paths.notebooks}/modules`, modules };
  },
  print({ folder, modules }) {
    const rows = modules.map((module) =>
      module.status === "ready"
        ? [
            module.name,
            module.version ?? "not stated",
            count(module.weights),
            count(module.placed),
            count(module.studies),
            module.digest.slice(0, 12),
            module.title,
          ]
        : [module.name, "failed", "", "", "", "", module.reason],
    );
    return [
      table([["Module", "Version", "Genotypes", "Placed", "Studies", "Digest", "Title"], ...rows]),
      "",
      `From ${folder}`,
      "Choose with --modules a,b or -m a -m b.",
    ].join("\n");
  },
});
