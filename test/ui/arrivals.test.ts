// @vitest-environment jsdom
import { tableFromArrays, tableToIPC } from "apache-arrow";
import { expect, onTestFinished, test } from "vitest";

import type { CellView } from "#protocol/view.ts";

import { FrameStream } from "../../ui/connection/frame-stream.ts";
import { readPage } from "../../ui/connection/read-page.ts";
import { arrivalWords } from "../../ui/cells/arriving.tsx";
import { arrivalState } from "../../ui/runtime/arrivals.ts";
import type { Arrival } from "../../ui/runtime/arrivals.ts";
import { Outputs } from "../../ui/runtime/outputs.ts";
import { snapshot } from "./views.ts";

const ROWS = 3;
/** Marks the end of a stream of Arrow messages. */
const END_BYTES = 8;
const SQL = "cell:slow";

function cell(language: string, name: string, source: string): CellView {
  const kind = language === "sql" ? "sql" : "view";
  const inputs = language === "sql" ? [] : null;
  const rest = { attributes: {}, asset: null, error: null, disabledBy: null };
  return { id: name, name, language, kind, source, inputs, ...rest };
}

interface Asked {
  readonly stream: FrameStream;
  readonly signal: AbortSignal;
}

interface Page {
  readonly outputs: Outputs;
  /** Queries that were asked, each with the stream that answers it. */
  readonly asked: Asked[];
  /** Settles when something of the page is so. */
  readonly until: <T>(look: () => T | null | undefined | false) => Promise<T>;
}

/** A page with one live query and a script that reads it; no server but the frames that a test gives. */
function page(): Page {
  const asked: Asked[] = [];
  const unread = (): never => {
    throw new Error("not read here");
  };
  const outputs = new Outputs(
    {
      table: unread,
      firstRows: unread,
      column: unread,
      exportUrl: null,
      query: (_query, signal, came) => {
        const stream = new FrameStream(() => {});
        signal.addEventListener("abort", () => stream.end({ code: "cancelled", message: "stopped" }));
        asked.push({ stream, signal });
        return readPage(stream, came);
      },
    },
    // What a script is given is tested, not how it is loaded. The `${}` of the query, of which it has none, are one too.
    async () => async (rows?: unknown) => (rows === undefined ? [] : (rows as { numRows: number }).numRows),
  );
  onTestFinished(() => outputs.dispose());
  const base = snapshot();
  const cells = [cell("sql", "slow", "select 1"), cell("js", "read", "slow.numRows")];
  outputs.sync({ ...base, notebook: { ...base.notebook, cells } });
  return {
    outputs,
    asked,
    until: (look) =>
      new Promise((resolve) => {
        const again = (): void => {
          const found = look();
          if (found === null || found === undefined || found === false) return void setTimeout(again, 5);
          resolve(found);
        };
        again();
      }),
  };
}

/** Schema and a batch of three rows, and then the end. */
function frames(): { readonly batch: Uint8Array; readonly end: Uint8Array } {
  const bytes = tableToIPC(tableFromArrays({ n: Int32Array.of(1, 2, ROWS) }));
  return { batch: bytes.slice(0, -END_BYTES), end: bytes.slice(-END_BYTES) };
}

test("rows of a slow query are seen before its last, as a part, and nothing reads them until it is whole", async () => {
  const { outputs, asked, until } = page();
  const [query] = await until(() => asked.length === 1 && (asked as [Asked]));
  const waits = await until(() => outputs.arrival(SQL));
  expect([arrivalState(waits), waits.table, arrivalWords(waits)]).toEqual([
    "running",
    null,
    "looking for the first rows",
  ]);
  const { batch, end } = frames();
  query.stream.push(0, batch);
  const some = await until(() => outputs.arrival(SQL)?.table != null && outputs.arrival(SQL));
  expect(arrivalState(some)).toBe("streaming");
  expect(arrivalWords(some)).toBe("showing the first 3 of 3 so far, partial");
  expect([some.table?.rows, some.table?.exact, some.table?.views]).toEqual([ROWS, false, null]);
  expect([outputs.value(SQL), outputs.value("cell:read")]).toEqual([null, null]);
  query.stream.push(1, end);
  query.stream.end();
  await until(() => outputs.value("cell:read")?.kind === "cell");
  expect(outputs.arrival(SQL)).toBeNull();
  expect(outputs.value(SQL)).toMatchObject({ kind: "table", table: { rows: ROWS, exact: true } });
});

test("stopped, what has come stays, what reads it is told, and it can be run again", async () => {
  const { outputs, asked, until } = page();
  const [query] = await until(() => asked.length === 1 && (asked as [Asked]));
  query.stream.push(0, frames().batch);
  await until(() => outputs.arrival(SQL));
  outputs.stop(SQL);
  expect(query.signal.aborted).toBe(true);
  const stopped = await until<Arrival>(() => {
    const arrival = outputs.arrival(SQL);
    return arrival?.stopped === true && arrival;
  });
  expect([arrivalState(stopped), arrivalWords(stopped), stopped.table?.rows]).toEqual([
    "cancelled",
    "stopped after 3 rows: not all that there is",
    ROWS,
  ]);
  await until(() => outputs.value("cell:read")?.kind === "blocked");
  expect(outputs.value(SQL)).toMatchObject({ kind: "error", error: { code: "cancelled", cell: "slow" } });

  outputs.retry(SQL);
  const again = await until(() => asked[1] ?? null);
  expect(outputs.arrival(SQL)?.stopped ?? false).toBe(false);
  const { batch, end } = frames();
  for (const [number, bytes] of [batch, end].entries()) again.stream.push(number, bytes);
  again.stream.end();
  await until(() => outputs.value("cell:read")?.kind === "cell");
  expect(outputs.arrival(SQL)).toBeNull();
});

test("a query that is quick says nothing of its way", async () => {
  const { outputs, asked, until } = page();
  const seen: (Arrival | null)[] = [];
  outputs.subscribe(() => seen.push(outputs.arrival(SQL)));
  const [query] = await until(() => asked.length === 1 && (asked as [Asked]));
  const { batch, end } = frames();
  for (const [number, bytes] of [batch, end].entries()) query.stream.push(number, bytes);
  query.stream.end();
  await until(() => outputs.value("cell:read")?.kind === "cell");
  expect(seen.every((arrival) => arrival === null)).toBe(true);
});
