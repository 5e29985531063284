import type { PageServer } from "../runtime/compute.ts";
import { timesAsNumbers } from "../table/times.ts";
import type { Connection } from "./connection.ts";
import { readPage } from "./read-page.ts";
import { exportUrl } from "./urls.ts";

/** What tables and browser cells ask of the server, over the connection of the page. */
export function pageServer(connection: Connection): PageServer {
  return {
    table: async (window, signal, answered) =>
      timesAsNumbers(await readPage(connection.table(window, signal, answered))),
    firstRows: (window, signal) => readPage(connection.table(window, signal)),
    query: (query, signal, came) => readPage(connection.query(query, signal), came),
    exportUrl,
    column: async (question) => {
      const reply = await connection.request({ type: "column", ...question });
      if (reply === null || !("column" in reply)) throw new Error("no summary in the reply");
      return reply.column;
    },
  };
}
