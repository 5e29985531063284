import { join as joinPath } from "node:path";

import * as z from "zod";

import { WorkspaceError } from "#protocol/error.ts";

import type { Engine } from "../engines/engine.ts";
import { engines } from "../engines/index.ts";
import { contigsInPass } from "../reference/join-together.ts";
import { joinReference } from "../reference/join.ts";
import type { JoinSummary } from "../reference/join.ts";
import { takePrepared } from "../reference/prepared.ts";
import type { CellType, StepResult } from "./cell-type.ts";
import { shardPaths } from "./reference.ts";
import type { ReferenceFacts } from "./reference.ts";
import { hashValue, readYaml } from "./yaml-cell.ts";

const SHAPE = z.strictObject({
  variants: z.string(),
  reference: z.string(),
  /** Name of an engine; the first of the shelf without it. */
  engine: z.string().optional(),
});
/** `yaml NAME join`: every variant of one person with the row of a reference that says the same change. */
export const join: CellType = {
  name: "join",
  takes: (cell) => cell.language === "yaml" && "join" in cell.attributes,
  analyse: (cell) => {
    const shape = readYaml(cell, SHAPE);
    const engine = engineNamed(shape.engine, cell.name);
    return Promise.resolve({
      inputs: [shape.variants, shape.reference],
      parts: { source: hashValue(shape), [engine.name]: engine.version },
      output: "table",
    });
  },
  async materialise(step, context) {
    const shape = readYaml(step.cell, SHAPE);
    const engine = engineNamed(shape.engine, step.cell.name);
    const variants = step.input(shape.variants);
    const input = variants.table === null ? undefined : variants.files[variants.table];
    if (input === undefined) {
      throw new WorkspaceError({
        code: "asset",
        message: `${shape.variants} is no table`,
        hint: "Join normalised variants.",
      });
    }
    const facts = step.input(shape.reference).facts as ReferenceFacts;
    const shards = await shardPaths(facts, context.cache, context.signal);
    const table = `${step.asset}.parquet`;
    const target = joinPath(step.staging, table);
    const { repo, revision, identity } = facts;
    const made = (summary: JoinSummary | undefined): StepResult => ({
      files: [table],
      table,
      facts: { ...summary, reference: { repo, revision, identity } },
      reference: identity,
      engine: `${engine.name} ${engine.version}`,
    });
    const key = [input.hash, identity, `${engine.name} ${engine.version}`, context.software] as const;
    const prepared = await takePrepared(context.spill, key, target);
    if (prepared !== null) return made(prepared);
    const describing = await context.connect();
    const joining =
      engine.name === "duckdb" ? describing : await engine.open({ spillDirectory: context.spill });
    try {
      const [summary] = await joinReference(
        {
          samples: [{ variants: input.path, target }],
          shards,
          scratch: joinPath(step.staging, "between"),
          contigsInPass: contigsInPass(engine),
        },
        { engine: joining, facts: describing },
        context,
      );
      return made(summary);
    } finally {
      if (joining !== describing) joining.close();
      describing.close();
    }
  },
};

export function engineNamed(name: string | undefined, cell: string): Engine {
  const engine = name === undefined ? engines[0] : engines.find((one) => one.name === name);
  if (engine !== undefined) return engine;
  throw new WorkspaceError({
    code: "notebook",
    message: `no such engine: ${name ?? ""}`,
    hint: `Use one of ${engines.map((one) => one.name).join(", ")}.`,
    cell,
  });
}
