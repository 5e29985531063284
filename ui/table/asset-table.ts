import { WorkspaceError } from "#protocol/error.ts";
import type { AssetKey, DataVersion, PartitionKey } from "#protocol/ids.ts";
import type { ColumnRequest, ColumnSummary, TableRequest, TableView as View } from "#protocol/messages.ts";
import type { AssetRecord } from "#protocol/record.ts";

import type { TableReply } from "../connection/connection.ts";
import type { ArrowPage, ExportFormat, FetchPage, Page, TableViews } from "./table-pages.ts";
import { TablePages } from "./table-pages.ts";
import { PAGE_ROWS } from "./window.ts";

/** What a table asks of the server, or of the file that it stands in. */
export interface TableServer {
  /** Rows of a window. `answered` is told of the reply before they have come. */
  readonly table: (
    window: TableRequest,
    signal: AbortSignal,
    answered?: (reply: TableReply) => void,
  ) => Promise<Page>;
  /** The first rows of an asset's table as columns, for scripts. */
  readonly firstRows: (window: TableRequest, signal: AbortSignal) => Promise<ArrowPage>;
  readonly column: (question: ColumnRequest) => Promise<ColumnSummary>;
  /** Whether it has only a part of an asset's rows; absent: it has all. */
  readonly hasPart?: (asset: AssetKey) => boolean;
  /** Null when there is nobody to make the files. */
  readonly exportUrl:
    | ((
        asset: AssetKey,
        partition: PartitionKey,
        format: ExportFormat,
        view: View,
        version?: DataVersion,
      ) => string)
    | null;
}

/**
 * The table of one version of an asset. A page that holds rows of another version, or that came when `current`
 * already says another, is dropped: rows of two versions never stand in one table. `past`: it need not stand.
 *
 * @throws {WorkspaceError} what the server refused with, `asset` when the asset was made anew meanwhile
 */
export function openAssetTable(
  record: AssetRecord,
  server: TableServer,
  current: () => DataVersion | null,
  signal: AbortSignal,
  past = false,
): Promise<TablePages> {
  const { asset, partition, dataVersion } = record;
  // Without it, the server gives the version that stands.
  const of = past ? { version: dataVersion } : {};
  const fetchUnder =
    (view: View | undefined, answered?: (reply: TableReply) => void): FetchPage =>
    async (offset, limit, pageSignal) => {
      let version: DataVersion | undefined;
      const window = { asset, partition, offset, limit, ...(view === undefined ? {} : { view }), ...of };
      const page = await server.table(window, pageSignal, (reply) => {
        version = reply.version;
        answered?.(reply);
      });
      if ((version ?? current()) !== dataVersion || current() !== dataVersion) throw madeAnew(asset);
      return page;
    };
  const views: TableViews = {
    async open(view, viewSignal) {
      let rows: number | null = null;
      const first: Page = await fetchUnder(view, (reply) => (rows = reply.rows))(0, PAGE_ROWS, viewSignal);
      return { first, rows, fetch: fetchUnder(view) };
    },
    column: async (column, view) => {
      const summary = await server.column({ asset, partition, column, view, ...of });
      if (current() !== dataVersion) throw madeAnew(asset);
      return summary;
    },
    exportUrl:
      server.exportUrl === null
        ? null
        : (format, view) => server.exportUrl?.(asset, partition, format, view, of.version) ?? "",
  };
  const partial = server.hasPart?.(asset) ?? false;
  const facts = { rows: record.rows, columns: record.columns, partial };
  return TablePages.open(facts, fetchUnder(undefined), signal, views);
}

function madeAnew(asset: AssetKey): WorkspaceError {
  return new WorkspaceError({
    code: "asset",
    message: `${asset} was made anew while its rows were on their way`,
    hint: "Wait for the new rows.",
  });
}
