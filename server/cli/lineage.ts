import * as z from "zod";

import { partitionOf } from "#graph/staleness.ts";
import { WHOLE } from "#protocol/ids.ts";
import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import type { AssetRecord, AssetStatus, ColumnSource, Observation } from "#protocol/record.ts";

import { recordOf } from "../catalog/versions.ts";
import { shownStatus } from "../shown-status.ts";
import { resolveAsset } from "./asset-place.ts";
import type { AssetPlace } from "./asset-place.ts";
import { columnLineages, sourcesText } from "./column-lineage.ts";
import type { ColumnLineage } from "./column-lineage.ts";
import { statusLine, table } from "./format.ts";
import { defineVerb } from "./verb.ts";
import type { AnyVerb } from "./verb.ts";

interface Parameters extends AssetPlace {
  readonly columns?: boolean | undefined;
}

const PARAMETERS: z.ZodType<Parameters> = z.strictObject({
  asset: z.string(),
  partition: z.string().optional(),
  columns: z.boolean().optional(),
});

interface LineageNode {
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  readonly kind: string;
  /** Null: it is of a sample, and none was named. */
  readonly status: AssetStatus | null;
  readonly inputs: readonly AssetKey[];
  readonly data_version: string | null;
  readonly code_version: string | null;
  readonly made_at: string | null;
  readonly run: number | null;
  readonly modules: AssetRecord["modules"];
  readonly reference: string | null;
  readonly engine: string | null;
  /** Whether its run chose the engine; false: it is that of its cell, or none took part. */
  readonly engine_of_run: boolean;
  readonly observed: string | null;
}

interface LineageResult {
  readonly asset: AssetKey;
  readonly partition: PartitionKey;
  /** Upstream first, the asset, then downstream. */
  readonly upstream: readonly LineageNode[];
  readonly self: LineageNode;
  readonly downstream: readonly LineageNode[];
  /** With --columns, of the version that stands; empty when there is none. */
  readonly columns?: readonly ColumnLineage[];
  /** Columns that say which rows there are; null: not known. */
  readonly rows_from?: readonly ColumnSource[] | null;
}

export const lineage: AnyVerb = defineVerb<Parameters, LineageResult>({
  name: "lineage",
  parameters: PARAMETERS,
  declare(program, ask) {
    program
      .command("lineage <asset> [partition]")
      .description("what an asset is made from and what is made from it, with versions")
      .option("--columns", "where each column is from, and what says which rows there are")
      .action((asset: string, partition: string | undefined, { columns }: Pick<Parameters, "columns">) =>
        ask({ asset, partition, columns }),
      );
  },
  async run(parameters, { workspace }) {
    const { asset, partition } = await resolveAsset(parameters, workspace);
    const { graph } = await workspace.definitions();
    const statuses = await workspace.statuses(partition);
    const node = (key: AssetKey): LineageNode => {
      const definition = graph.assets.get(key);
      const at = partitionOf(graph, key, partition);
      const isUnnamed = definition?.partitioned === true && partition === WHOLE;
      const status = statuses.get(key) ?? { state: "missing" };
      const head = workspace.catalog.versions.head(key, at);
      const record = recordOf(head);
      const observation: Observation | null = head?.kind === "observation" ? head.observation : null;
      return {
        asset: key,
        partition: at,
        kind: definition?.kind ?? "",
        status: isUnnamed ? null : shownStatus(workspace, graph, key, partition, status),
        inputs: definition?.inputs ?? [],
        data_version: record?.dataVersion ?? observation?.dataVersion ?? null,
        code_version: record?.codeVersion ?? null,
        made_at: record?.madeAt ?? head?.at ?? null,
        run: record?.run ?? null,
        modules: record?.modules ?? [],
        reference: record?.reference ?? null,
        engine: record?.engine ?? null,
        engine_of_run: record?.runEngine !== undefined,
        observed: observation?.summary ?? null,
      };
    };
    const reach = (next: (key: AssetKey) => readonly AssetKey[]): LineageNode[] => {
      const found = new Set<AssetKey>();
      const visit = (key: AssetKey): void => {
        for (const one of next(key)) {
          if (!found.has(one)) {
            found.add(one);
            visit(one);
          }
        }
      };
      visit(asset);
      return graph.order.filter((key) => found.has(key)).map((key) => node(key));
    };
    const record = workspace.catalog.versions.headRecord(asset, partitionOf(graph, asset, partition));
    return {
      asset,
      partition,
      upstream: reach((key) => graph.assets.get(key)?.inputs ?? []),
      self: node(asset),
      downstream: reach((key) => graph.downstream.get(key) ?? []),
      ...(parameters.columns !== true
        ? {}
        : {
            columns: record === null ? [] : columnLineages(record, workspace.catalog),
            rows_from: record?.rowsFrom ?? null,
          }),
    };
  },
  print({ upstream, self, downstream, columns, rows_from: rowsFrom = null }) {
    const row =
      (mark: string) =>
      (node: LineageNode): string[] => [
        mark,
        node.asset,
        node.data_version?.slice(0, 12) ?? "–",
        node.status === null ? "of a sample" : statusLine(node.status, node.asset),
        node.observed ?? node.made_at ?? "",
        node.engine_of_run ? `on ${node.engine ?? ""}, chosen for its run` : "",
      ];
    const assets = table([...upstream.map(row("↑")), ...[self].map(row("●")), ...downstream.map(row("↓"))]);
    return columns === undefined ? assets : `${assets}\n\n${columnsText(columns, rowsFrom)}`;
  },
});

function columnsText(columns: readonly ColumnLineage[], rowsFrom: readonly ColumnSource[] | null): string {
  if (columns.length === 0) return "It is not made yet, or no table: no columns are known.";
  const rows = columns.map(({ column, origin, roots }) => {
    if (origin === null) return [column, "not known", "", ""];
    if (origin.of.length === 0) return [column, origin.how, "from no column", ""];
    const [direct, first] = [sourcesText(origin.of), sourcesText(roots)];
    return [column, origin.how, direct, first === direct ? "" : `← ${first || "no column"}`];
  });
  const decided =
    rowsFrom === null
      ? "What says which rows there are is not known: no query made them, or DuckDB does not take it."
      : `Which rows there are, and in what order, is said by ${sourcesText(rowsFrom) || "no column"}.`;
  return `${table(rows)}\n${decided}`;
}
