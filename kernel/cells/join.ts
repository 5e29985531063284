import { join as joinPath } from "node:path";

import * as z from "zod";

import { WorkspaceError } from "#protocol/error.ts";
import type { CellText } from "#protocol/kernel-messages.ts";
import type { ReferenceFacts } from "#protocol/reference.ts";

import { engineText } from "../engines/engine.ts";
import type { Connection, Engine } from "../engines/engine.ts";
import { engines } from "../engines/index.ts";
import { joinLineage } from "../reference/join-lineage.ts";
import { joinReference, referenceColumns } from "../reference/join.ts";
import type { JoinSummary } from "../reference/join.ts";
import { columnsToAdd } from "../reference/joined-columns.ts";
import { takePrepared } from "../reference/prepared.ts";
import type { CellType, StepResult } from "./cell-type.ts";
import { anyEngine } from "./engine-choice.ts";
import { hashValue } from "./hash-value.ts";
import { inputTable } from "./input-files.ts";
import { shardPaths } from "./reference.ts";
import { readYaml, yamlProblem } from "./yaml-cell.ts";

const SHAPE = z.strictObject({
  variants: z.string(),
  reference: z.string(),
  /** Name of an engine; the first of the shelf without it. */
  engine: z.string().optional(),
  /** Columns of the reference to take over, in this order; all without it. */
  columns: z.array(z.string()).superRefine(refuseTwins).optional(),
});

/** `yaml NAME join`: every variant of one person with the row of a reference that says the same change. */
export const join: CellType = {
  name: "join",
  code: import.meta.url,
  takes: (cell) => cell.language === "yaml" && "join" in cell.attributes,
  analyse: (cell) => {
    const shape = readYaml(cell, SHAPE);
    const { engine } = joinHow(cell);
    return Promise.resolve({
      inputs: [shape.variants, shape.reference],
      parts: { source: hashValue(shape), [engine.name]: engine.version },
      output: "table",
      engine: anyEngine(engine),
    });
  },
  async materialise(step, context) {
    const shape = readYaml(step.cell, SHAPE);
    const { engine, columns } = joinHow(step.cell, step.engine);
    const input = inputTable(step.input(shape.variants), { hint: "Join normalised variants." });
    const known = step.input(shape.reference).facts as ReferenceFacts;
    const shards = await shardPaths(known, context.cache, context.signal);
    const table = `${step.asset}.parquet`;
    const target = joinPath(step.staging, table);
    const { repo, revision, identity } = known;
    const facts = await context.connectShared();
    const made = async (summary: JoinSummary | undefined): Promise<StepResult> => ({
      files: [table],
      table,
      facts: { ...summary, reference: { repo, revision, identity } },
      reference: identity,
      engine: engineText(engine),
      lineage: await joinLineage(
        {
          variants: { name: shape.variants, path: input.path },
          reference: { name: shape.reference, shards },
          columns,
        },
        facts,
      ),
    });
    try {
      const key = { variants: input.hash, reference: identity, columns, engine, software: context.software };
      const prepared = await takePrepared(context.spill, key, target);
      if (prepared !== null) return await made(prepared);
      await requireColumns(step.cell, shards, facts);
      const samples = [{ variants: input.path, target }];
      const scratch = joinPath(step.staging, "between");
      const [summary] = await joinReference({ samples, shards, columns, scratch }, engine, facts, context);
      return await made(summary);
    } finally {
      facts.close();
    }
  },
};

/** How a cell has its reference joined. */
export interface JoinHow {
  readonly engine: Engine;
  /** Columns of the reference to take over; null: all. */
  readonly columns: readonly string[] | null;
}

/**
 * How a cell says it, on an engine that its run `chose` where it did.
 *
 * @throws {WorkspaceError} `notebook` for a text that is off, or an engine that there is not
 */
export function joinHow(cell: CellText, chose: string | null = null): JoinHow {
  const { engine, columns = null } = readYaml(cell, SHAPE);
  return { engine: engineNamed(chose ?? engine, cell.name), columns };
}

/** @throws {WorkspaceError} `notebook` at a column that the reference does not have */
export async function requireColumns(
  cell: CellText,
  shards: ReadonlyMap<string, string>,
  facts: Connection,
): Promise<void> {
  const { columns } = joinHow(cell);
  if (columns === null) return;
  const there = columnsToAdd(await referenceColumns(shards, facts));
  const unknown = columns.findIndex((name) => !there.includes(name));
  if (unknown < 0) return;
  throw yamlProblem(cell, ["columns", String(unknown)], {
    message: `column not found in the reference: ${columns[unknown] ?? ""}`,
    hint: `There are ${there.join(", ")}.`,
  });
}

function refuseTwins(columns: readonly string[], context: z.RefinementCtx): void {
  for (const [at, name] of columns.entries()) {
    if (columns.indexOf(name) < at) {
      context.addIssue({ code: "custom", path: [at], message: `${name} is there twice` });
    }
  }
}

function engineNamed(name: string | undefined, cell: string): Engine {
  const engine = name === undefined ? engines[0] : engines.find((one) => one.name === name);
  if (engine !== undefined) return engine;
  throw new WorkspaceError({
    code: "notebook",
    message: `no such engine: ${name ?? ""}`,
    hint: `Use one of ${engines.map((one) => one.name).join(", ")}.`,
    cell,
  });
}
