import { useState } from "react";
import type { ReactNode } from "react";

import { errorInfo } from "#protocol/error.ts";

import { csvHeader, csvLines } from "./csv.ts";
import type { TablePages } from "./table-pages.ts";

/** Rows read at a time. */
const STEP = 10_000;

interface Props {
  /** Under the view that is looked at. */
  readonly table: TablePages;
  /** Name of the file. */
  readonly file: string;
}

/** The rows that are looked at as a CSV file, made in the page: for a table that no server makes files of. */
export function SaveCsv({ table, file }: Props): ReactNode {
  const [note, setNote] = useState("");
  const save = async (): Promise<void> => {
    setNote("writing…");
    try {
      keep(await csvOf(table), file);
      setNote("");
    } catch (error) {
      setNote(`not saved: ${errorInfo(error).message}`);
    }
  };
  return (
    <span className="downloads">
      <span role="status">{note}</span>
      <button type="button" className="link" onClick={() => void save()}>
        Save as CSV
      </button>
    </span>
  );
}

async function csvOf(table: TablePages): Promise<Blob> {
  const parts = [csvHeader(table.columns)];
  const { signal } = new AbortController();
  for (let first = 0; first < table.rows; first += STEP) {
    const rows = await table.read({ first, last: Math.min(first + STEP, table.rows) - 1 }, signal);
    parts.push(csvLines(rows, table.columns));
  }
  return new Blob(parts, { type: "text/csv" });
}

function keep(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  Object.assign(link, { href: url, download: name });
  link.click();
  // The browser has taken the bytes by the time it is idle again.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
